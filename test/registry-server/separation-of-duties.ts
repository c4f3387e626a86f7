import type { TestFn } from 'ava';
import { z } from 'zod';
import * as answers from '#server/routes/answers.js';
import { archiveBody, jsonBody } from '../support/registry.js';
import { type Approval, completeFeat, expectStatus, type Scene, SMALL } from './governed-scene.js';

/** Nobody approves what is their own, by whatever way, and nobody but approvers approves. @param on ends the titles */
export function separationOfDuties(test: TestFn, scene: Scene, on: string): void {
  const { ask, approve, codeOf, decide, pend, publish, registry } = scene;

  test(`requester set in the request body: what says who asks, decides or may is not taken from it ${on}`, async t => {
    const request = await pend('ann', '@bank/mass', '1.0.0');
    for (const more of [
      { requestedBy: 'eve' },
      { approvedBy: 'rita' },
      { actor: 'rita' },
      { status: 'approved' },
      { state: 'approved' },
      { tier: 1 },
      { policyVersion: 9 },
    ])
      t.is(await codeOf(approve('bob', request, more)), 'EBADREQUEST 400', JSON.stringify(more));
    for (const query of [
      '?status=published',
      '?tier=1',
      '?requestedBy=eve',
      '?approvedBy=rita',
      '?publishedBy=eve',
    ])
      t.is(
        (await publish('ann', { name: '@bank/mass', version: '2.0.0', feat: SMALL }, query)).status,
        400,
        query,
      );
    const extra = {
      name: '@bank/mass',
      version: '3.0.0',
      feat: SMALL,
      status: 'published',
      approvedBy: 'rita',
      tier: 1,
    };
    t.is((await publish('ann', extra)).status, 202, 'members of the manifest that mean nothing');
  });

  test(`self-approval through a second token, a team or a delegation is refused ${on}`, async t => {
    await scene.project('selves');
    const second = await registry.tokenOf('both', 'publish', 'read');
    const request = await pend('both', '@selves/kyc', '1.0.0');
    t.is(await codeOf(approve('both', request)), 'EFOUREYES 403');
    const body = { decision: 'approve', digest: request.digest };
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${second}` };
    const again = await fetch(`${registry.url}/approvals/${request.id}/decisions`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    t.like(await again.json(), { code: 'EFOUREYES', status: 403 });
    await ask('amy', 'POST', '/projects/selves/teams', { name: 'team' });
    await ask('amy', 'PUT', '/projects/selves/teams/team/members/both');
    await ask('amy', 'POST', '/projects/selves/grants', {
      team: 'team',
      role: 'approver',
      functions: ['risk'],
    });
    t.is(await codeOf(approve('both', request)), 'EFOUREYES 403');
    // To the author, and from the author: neither makes other eyes of theirs.
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    await expectStatus(
      ask('rita', 'POST', '/projects/selves/delegations', { to: 'both', endsAt, reason: 'leave' }),
      201,
    );
    await expectStatus(
      ask('both', 'POST', '/projects/selves/delegations', { to: 'dan', endsAt, reason: 'leave' }),
      201,
    );
    t.is(await codeOf(approve('both', request, { onBehalfOf: 'rita' })), 'EFOUREYES 403');
    t.is(await codeOf(approve('dan', request)), 'EFOUREYES 403');
    t.like(await scene.request('bob', request.id), { state: 'pending', decisions: [] });
  });

  test(`self-approval through a token that the author made for an approver is refused ${on}`, async t => {
    // An admin of the registry makes tokens for others, and knows them.
    const admin = await registry.tokenOf('ann', 'admin');
    const body = { name: 'for rita', user: 'rita', scopes: ['admin'] };
    const made = await registry.request('/tokens', { ...jsonBody('POST', body), token: admin });
    const { token } = answers.issuedToken.parse(await made.json());
    const request = await pend('ann', '@bank/puppet', '1.0.0');
    const decide = (as: string, decision: object) =>
      registry.request(`/approvals/${request.id}/decisions`, {
        ...jsonBody('POST', { digest: request.digest, ...decision }),
        token: as,
      });
    const more = await registry.request('/npm/-/npm/v1/tokens', {
      ...jsonBody('POST', { password: token }),
      token,
    });
    const another = z.object({ token: z.string() }).parse(await more.json());
    for (const as of [token, another.token]) {
      const refused = await decide(as, { decision: 'approve' });
      t.like(await refused.json(), { code: 'EFOUREYES', status: 403 });
    }
    const address = `/packages/${encodeURIComponent('@bank/puppet')}/break-glass`;
    await scene.approved('@bank/puppet', '0.9.0');
    const glass = { version: '1.0.0', tag: 'production', reason: 'the channel serves a fault' };
    t.is(await codeOf(registry.request(address, { ...jsonBody('POST', glass), token })), 'EFOUREYES 403');
    t.like(await scene.request('bob', request.id), { state: 'pending', decisions: [] });
    // One that somebody else made for her is hers.
    await expectStatus(decide(await registry.tokenOf('rita', 'publish'), { decision: 'approve' }), 201);
  });

  test(`one person behind several tokens is no second pair of eyes, whichever of them is used ${on}`, async t => {
    await scene.project('puppets');
    const admin = await registry.tokenOf('rita', 'admin');
    const made = async (user: string) => {
      const body = { name: `for ${user}`, user, scopes: ['publish'] };
      const answer = await registry.request('/tokens', { ...jsonBody('POST', body), token: admin });
      return answers.issuedToken.parse(await answer.json()).token;
    };
    const [ann, bob, val] = [await made('ann'), await made('bob'), await made('val')];
    const approveAs = (token: string, { id, digest }: Approval) =>
      registry.request(`/approvals/${id}/decisions`, {
        ...jsonBody('POST', { digest, decision: 'approve' }),
        token,
      });
    // Who made the token that publishes is an author.
    const { bytes } = await scene.pack('@puppets/kyc', '1.0.0');
    const published = await registry.request('/packages', { ...archiveBody(bytes), token: ann });
    const { approval: own } = answers.receipt.parse(await published.json());
    if (!own) throw new Error('not pending');
    t.deepEqual(own.authors, ['ann', 'rita']);
    t.is(await codeOf(approve('rita', own)), 'EFOUREYES 403');
    t.is(await codeOf(approveAs(bob, own)), 'EFOUREYES 403');
    t.like(await scene.request('bob', own.id), { state: 'pending', decisions: [] });
    await expectStatus(approve('bob', own), 201);
    // Decisions of one person count once.
    const request = await pend('ann', '@puppets/kyc', '3.0.0', completeFeat(3));
    await expectStatus(approve('rita', request), 201);
    t.is(await codeOf(approveAs(bob, request)), 'EFOUREYES 403', 'after her own');
    const other = await pend('ann', '@puppets/kyc', '4.0.0', completeFeat(3));
    await expectStatus(approveAs(bob, other), 201);
    t.is(await codeOf(approveAs(val, other)), 'EFOUREYES 403', 'by another token that she made');
    t.is(await codeOf(approve('rita', other)), 'EFOUREYES 403', 'before her own');
    await expectStatus(approve('val', other), 201);
    t.like(await scene.request('bob', other.id), { state: 'pending', missing: { approvals: 1 } });
  });

  test(`admins of the project and of the registry have no exemption, as authors or otherwise ${on}`, async t => {
    await ask('amy', 'POST', '/projects/bank/grants', { user: 'amy', role: 'editor', package: '@bank/boss' });
    const request = await pend('amy', '@bank/boss', '1.0.0');
    t.is(await codeOf(approve('amy', request)), 'EFORBIDDEN 403');
    t.is(await codeOf(approve('admin', request)), 'ENOTFOUND 404');
    t.is(await codeOf(decide('amy', request, { decision: 'approve', onBehalfOf: 'bob' })), 'EFORBIDDEN 403');
  });

  test(`an editor role check that other roles bypass: nobody but approvers approves ${on}`, async t => {
    const request = await pend('both', '@bank/roles', '1.0.0');
    for (const who of ['ann', 'dan', 'amy', 'eve', 'admin'] as const)
      t.is(await codeOf(approve(who, request)), 'ENOTFOUND 404', who);
    t.is((await approve('nobody', request)).status, 401);
    t.is(await codeOf(approve('bob', request, { function: 'risk' })), 'EFORBIDDEN 403', 'not his function');
  });
}
