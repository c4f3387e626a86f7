import type { TestFn } from 'ava';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/approval-answers.js';
import { jsonBody } from '../support/registry.js';
import { completeFeat, expectStatus, type Scene } from './governed-scene.js';

/** What a change of a project's policy does, and who makes it. @param on ends the titles */
export function approvalPolicies(test: TestFn, scene: Scene, on: string): void {
  const { ask, approve, codeOf, pend, registry, versionsOf } = scene;

  test(`a new policy makes a new digest: what was approved by the old one counts no more ${on}`, async t => {
    await scene.project('rules');
    const request = await pend('ann', '@rules/kyc', '1.0.0', completeFeat(2));
    await expectStatus(approve('bob', request), 201);
    const { policy } = shapes.policy.parse(await (await ask('bob', 'GET', '/projects/rules/policy')).json());
    t.is(await codeOf(ask('bob', 'PUT', '/projects/rules/policy', { policy })), 'EFORBIDDEN 403');
    const set = await ask('amy', 'PUT', '/projects/rules/policy', {
      policy: { ...policy, requestDays: 7 },
      reason: 'audit',
    });
    t.is(shapes.policy.parse(await set.json()).version, 1);
    t.is(await codeOf(approve('rita', request)), 'EAPPROVAL 409');
    const renewed = await scene.request('rita', request.id);
    t.like(renewed, { policyVersion: 1, missing: { approvals: 2, functions: ['risk'] } });
    t.deepEqual(
      renewed.decisions.map(({ by, counts }) => [by, counts]),
      [['bob', false]],
    );
    for (const who of ['bob', 'rita'] as const) await expectStatus(approve(who, renewed), 201);
    t.deepEqual(await versionsOf('@rules/kyc'), ['1.0.0']);
    for (const wrong of [
      { ...policy, tiers: { ...policy.tiers, 1: { approvals: 0, functions: ['risk'], reviewDays: 1 } } },
      { ...policy, exempt: ['amy'] },
      { ...policy, channels: { '1.0.0': { protected: true } } },
    ])
      t.is(await codeOf(ask('amy', 'PUT', '/projects/rules/policy', { policy: wrong })), 'EBADREQUEST 400');
  });

  test(`where a policy asks for two admins, one alone changes nothing of it, and the second sets what was proposed ${on}`, async t => {
    await scene.project('pairs');
    const address = '/projects/pairs/policy';
    const second = { user: 'dan', role: 'admin' };
    await expectStatus(ask('amy', 'POST', '/projects/pairs/grants', second), 201);
    const read = async () => shapes.policy.parse(await (await ask('bob', 'GET', address)).json());
    const { policy } = await read();
    const strict = { ...policy, admins: 2 as const };
    await expectStatus(ask('amy', 'PUT', address, { policy: strict }), 200);
    const weak = { ...strict, admins: 1 as const, featFrom: null };
    await expectStatus(ask('amy', 'PUT', address, { policy: weak, reason: 'less work' }), 202);
    t.like(await read(), { version: 1, policy: strict, proposed: { by: 'amy', policy: weak } });
    t.is(await codeOf(ask('amy', 'PUT', address, { policy: weak })), 'EFOUREYES 403');
    // Nor by a token that she made for the other admin, whichever of the two comes first.
    const ofDan = { name: 'for dan', user: 'dan', scopes: ['publish'] };
    const maker = await registry.tokenOf('amy', 'admin');
    const made = await registry.request('/tokens', { ...jsonBody('POST', ofDan), token: maker });
    const { token } = answers.issuedToken.parse(await made.json());
    const asDan = (body: object) => registry.request(address, { ...jsonBody('PUT', body), token });
    t.is(await codeOf(asDan({ policy: weak })), 'EFOUREYES 403');
    await expectStatus(asDan({ policy: { ...weak, requestDays: 6 } }), 202);
    t.is(await codeOf(ask('amy', 'PUT', address, { policy: { ...weak, requestDays: 6 } })), 'EFOUREYES 403');
    // What the second wants is not what was proposed: that is another proposal.
    await expectStatus(ask('dan', 'PUT', address, { policy: { ...weak, requestDays: 5 } }), 202);
    t.is(await codeOf(ask('dan', 'PUT', address, { policy: { ...weak, requestDays: 5 } })), 'EFOUREYES 403');
    t.is((await read()).version, 1);
    const { requestDays: _days, ...rest } = weak;
    const reordered = { requestDays: 5, ...rest };
    await expectStatus(ask('amy', 'PUT', address, { policy: reordered }), 200);
    t.like(await read(), { version: 2, policy: { featFrom: null }, proposed: null, setBy: 'amy' });
  });
}
