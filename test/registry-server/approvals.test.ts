import test from 'ava';
import { approvalDigest } from '#prompd/feat/index.js';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/approval-answers.js';
import { approvalPolicies } from './approval-policies.js';
import { testRegistries } from './databases.js';
import { type Approval, completeFeat, expectStatus, governedScene, SMALL } from './governed-scene.js';
import { separationOfDuties } from './separation-of-duties.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const scene = governedScene(registry);
  const { ask, approve, codeOf, decide, pend, publish, versionsOf } = scene;
  separationOfDuties(test, scene, on);
  approvalPolicies(test, scene, on);

  test.before(`the project is there ${on}`, async () => {
    await scene.people();
    await scene.project('bank');
  });

  test(`a version of tier 1 is published with one approval, and not before ${on}`, async t => {
    const name = '@bank/small';
    const request = await pend('ann', name, '1.0.0');
    t.like(request, {
      state: 'pending',
      tier: 1,
      needs: { approvals: 1, functions: [] },
      requestedBy: 'ann',
    });
    t.is(await versionsOf(name), 404);
    const answer = await approve('bob', request);
    t.is(answer.status, 201);
    t.like(shapes.approval.parse(await answer.json()), { state: 'approved', missing: { approvals: 0 } });
    t.deepEqual(await versionsOf(name), ['1.0.0']);
    const shown = answers.versionDetails.parse(
      await (await registry.request('/packages/@bank%2Fsmall/1.0.0')).json(),
    );
    t.is(shown.publishedBy, 'ann');
    t.is(shown.dist.signatures.length, 1);
  });

  test(`tier 2 takes two people, one of them for risk; tier 3 business, risk and a validator ${on}`, async t => {
    const two = await pend('ann', '@bank/two', '1.0.0', completeFeat(2));
    t.like(two, { tier: 2, needs: { approvals: 2, functions: ['risk'] } });
    await expectStatus(approve('bob', two), 201);
    const after = shapes.approval.parse(await (await approve('val', two)).json());
    t.like(after, { state: 'pending', missing: { approvals: 1, functions: ['risk'] } }, 'nobody of risk');
    t.like(shapes.approval.parse(await (await approve('rita', two)).json()), { state: 'approved' });

    const three = await pend('ann', '@bank/three', '1.0.0', completeFeat(3));
    t.deepEqual(three.needs, { approvals: 3, functions: ['business', 'risk', 'validator'] });
    for (const who of ['val', 'bob', 'rita'] as const) {
      t.is(await versionsOf('@bank/three'), 404);
      await expectStatus(approve(who, three), 201);
    }
    t.deepEqual(await versionsOf('@bank/three'), ['1.0.0']);
  });

  test(`a pending version is nowhere: not by tag, range, search, count, batch, npm or archive ${on}`, async t => {
    const name = '@bank/hidden';
    await scene.approved(name, '1.0.0');
    await pend('ann', name, '1.1.0');
    await pend('ann', '@bank/hidden-only', '1.0.0');
    for (const who of ['nobody', 'eve', 'dan', 'amy', 'ann', 'bob', 'admin'] as const) {
      const packument = answers.packument.parse(
        await (await ask(who, 'GET', '/packages/@bank%2Fhidden')).json(),
      );
      t.deepEqual(
        [Object.keys(packument.versions), packument['dist-tags']],
        [['1.0.0'], { latest: '1.0.0' }],
      );
      for (const path of [
        '/packages/@bank%2Fhidden/1.1.0',
        '/packages/@bank%2Fhidden/-/hidden-1.1.0.tgz',
        '/npm/@bank%2Fhidden/1.1.0',
        '/npm/@bank%2Fhidden/-/hidden-1.1.0.tgz',
        '/packages/@bank%2Fhidden-only',
        '/packages/@bank%2Fhidden-only/1.0.0',
        '/npm/@bank%2Fhidden-only',
      ])
        t.is((await ask(who, 'GET', path)).status, 404, `${who} ${path}`);
      const found = answers.searchPage.parse(await (await ask(who, 'GET', '/packages?q=hidden')).json());
      t.deepEqual([found.total, found.packages.map(hit => hit.version)], [1, ['1.0.0']], who);
    }
    const npm = await (await registry.request('/npm/@bank%2Fhidden')).text();
    t.false(npm.includes('1.1.0'));
    const log = await (await registry.request('/log/entries')).text();
    t.false(log.includes('hidden-only'));
    t.is(
      await codeOf(ask('ann', 'PUT', '/packages/@bank%2Fhidden/dist-tags/beta', { version: '1.1.0' })),
      'ENOVERSION 404',
    );
    t.is((await publish('ann', { name, version: '1.1.0', feat: SMALL })).status, 409, 'its number is taken');
  });

  test(`reviewers and authors look at a request by name, and for others it does not exist ${on}`, async t => {
    const request = await pend('ann', '@bank/looked', '1.0.0');
    for (const who of ['bob', 'rita', 'val', 'both', 'ann'] as const) {
      const found = shapes.approvals.parse(
        await (await ask(who, 'GET', '/approvals?package=%40bank%2Flooked')).json(),
      );
      t.deepEqual(
        found.approvals.map(({ id }) => id),
        [request.id],
        who,
      );
      const archive = await ask(who, 'GET', `/approvals/${request.id}/archive`);
      const { bytes } = await scene.pack('@bank/looked', '1.0.0');
      t.deepEqual(Buffer.from(await archive.arrayBuffer()), Buffer.from(bytes));
      t.is(archive.headers.get('cache-control'), 'no-store');
    }
    for (const who of ['eve', 'dan', 'amy', 'admin'] as const) {
      t.deepEqual(
        shapes.approvals.parse(await (await ask(who, 'GET', '/approvals?package=%40bank%2Flooked')).json())
          .approvals,
        [],
        who,
      );
      for (const path of ['', '/archive'])
        t.is(await codeOf(ask(who, 'GET', `/approvals/${request.id}${path}`)), 'ENOTFOUND 404', who);
      t.is(await codeOf(approve(who, request)), 'ENOTFOUND 404', who);
    }
    t.is((await ask('nobody', 'GET', '/approvals')).status, 401);
  });

  test(`an approval signs content, feat block, models and policy, and everybody can compute what ${on}`, async t => {
    const name = '@bank/signed';
    const request = await pend('ann', name, '1.0.0');
    const { manifest, integrity } = await scene.pack(name, '1.0.0');
    t.is(request.digest, approvalDigest({ manifest, integrity, policyVersion: 0 }));
    t.not(request.digest, approvalDigest({ manifest, integrity, policyVersion: 1 }));
    const { models: _models, ...other } = manifest;
    t.not(
      request.digest,
      approvalDigest({
        manifest: { ...other, models: [{ provider: 'p', model: 'm' }] },
        integrity,
        policyVersion: 0,
      }),
    );
  });

  test(`approval bound to a name, not to bytes: a decision about another digest is refused ${on}`, async t => {
    const request = await pend('ann', '@bank/bytes', '1.0.0');
    const other = await pend('ann', '@bank/bytes', '1.0.1');
    t.is(await codeOf(approve('bob', { ...request, digest: other.digest })), 'EAPPROVAL 409');
    t.is(await codeOf(approve('bob', { ...request, digest: '@bank/bytes@1.0.0' })), 'EAPPROVAL 409');
    t.like(await scene.request('bob', request.id), { state: 'pending', decisions: [] });
  });

  test(`requester deletes the request: it can be withdrawn, and stays as withdrawn ${on}`, async t => {
    const request = await pend('ann', '@bank/deleted', '1.0.0');
    t.is((await ask('ann', 'DELETE', `/approvals/${request.id}`)).status, 405);
    t.is((await ask('ann', 'DELETE', '/packages/@bank%2Fdeleted/1.0.0')).status, 404);
    t.is(await codeOf(ask('bob', 'POST', `/approvals/${request.id}/withdrawal`, {})), 'EFORBIDDEN 403');
    await expectStatus(
      ask('ann', 'POST', `/approvals/${request.id}/withdrawal`, { reason: 'a mistake' }),
      200,
    );
    t.is((await scene.request('bob', request.id)).state, 'withdrawn');
    t.is(await codeOf(approve('bob', request)), 'EAPPROVAL 409');
    t.is((await publish('ann', { name: '@bank/deleted', version: '1.0.0', feat: SMALL })).status, 409);
  });

  test(`a decline blocks, and takes a reason ${on}`, async t => {
    const request = await pend('ann', '@bank/declined', '1.0.0', completeFeat(2));
    t.is(await codeOf(decide('bob', request, { decision: 'decline' })), 'EBADREQUEST 400');
    await expectStatus(approve('bob', request), 201);
    await expectStatus(decide('rita', request, { decision: 'decline', reason: 'no test of names' }), 201);
    t.is(await codeOf(approve('val', request)), 'EAPPROVAL 409');
    t.is(await versionsOf('@bank/declined'), 404);
  });

  test(`status set before it is checked: one approval of two leaves the version pending ${on}`, async t => {
    const request = await pend('ann', '@bank/order', '1.0.0', completeFeat(2));
    await expectStatus(approve('rita', request), 201);
    t.is(await codeOf(approve('rita', request)), 'EFOUREYES 403', 'twice by one person');
    t.is(await versionsOf('@bank/order'), 404);
    t.like(await scene.request('rita', request.id), {
      state: 'pending',
      missing: { approvals: 1, functions: [] },
    });
  });

  test(`unapproved content served from the cache or as latest: packuments change with the approval alone ${on}`, async t => {
    const name = '@bank/cached';
    await scene.approved(name, '1.0.0');
    for (let warm = 0; warm < 3; warm++) await versionsOf(name);
    const request = await pend('ann', name, '2.0.0');
    for (let warm = 0; warm < 3; warm++) t.deepEqual(await versionsOf(name), ['1.0.0']);
    await expectStatus(approve('bob', request), 201);
    t.deepEqual(await versionsOf(name), ['1.0.0', '2.0.0']);
    const tags = await (await registry.request('/packages/@bank%2Fcached/dist-tags')).json();
    t.deepEqual(tags, { latest: '2.0.0' });
  });

  test(`string-sorted versions: what is approved later is latest only when it is higher ${on}`, async t => {
    const name = '@bank/sorted';
    const [nine, ten, two] = [
      await pend('ann', name, '1.9.0'),
      await pend('ann', name, '1.10.0'),
      await pend('ann', name, '1.2.0'),
    ];
    for (const request of [ten, nine, two]) await expectStatus(approve('bob', request), 201);
    t.deepEqual(await (await registry.request('/packages/@bank%2Fsorted/dist-tags')).json(), {
      latest: '1.10.0',
    });
  });

  test(`evidence that the tier asks for is missing: nobody can approve, and it is said what for which principle ${on}`, async t => {
    const name = '@bank/bare';
    const left = [undefined, { ...completeFeat(2), owners: {} }, completeFeat(2, 200)];
    for (const [minor, feat] of left.entries()) {
      const manifest = { name, version: `1.${minor}.0`, ...(feat && { feat }) };
      const { approval } = answers.receipt.parse(await (await publish('ann', manifest)).json());
      if (!approval) return t.fail('it was published');
      const answer = await approve('rita', approval);
      t.is(answer.status, 422);
      const { code, facts } = answers.problem.parse(await answer.json());
      t.is(code, 'EFEAT');
      t.regex(String(facts['open']), feat === undefined ? /no feat block/ : /feat\.\S+ \([\d, ]+\): /);
      t.is(await versionsOf(name), 404);
    }
  });

  test(`the tier is computed; authors raise it, and risk alone lowers it, with evidence ${on}`, async t => {
    const request = await pend('ann', '@bank/tier', '1.0.0', completeFeat(2));
    const put = (who: 'ann' | 'bob' | 'rita' | 'amy', tier: number, evidence?: object) =>
      ask(who, 'PUT', `/approvals/${request.id}/tier`, {
        tier,
        reason: 'as agreed',
        ...(evidence && { evidence }),
      });
    const evidence = { uri: 'https://example.com/memo', sha256: 'a'.repeat(64) };
    t.is(await codeOf(put('ann', 1, evidence)), 'EFOUREYES 403');
    t.is(await codeOf(put('bob', 1, evidence)), 'EFORBIDDEN 403');
    t.is(await codeOf(put('amy', 3)), 'ENOTFOUND 404');
    t.is(await codeOf(put('rita', 1)), 'EUSAGE 400');
    t.like(shapes.approval.parse(await (await put('ann', 3)).json()), {
      tier: 3,
      computedTier: 2,
      needs: { approvals: 3 },
    });
    await expectStatus(approve('bob', request), 201);
    const lowered = shapes.approval.parse(await (await put('rita', 1, evidence)).json());
    t.like(lowered, { tier: 1, tierReason: 'as agreed', state: 'approved' }, 'one approval was there');
  });

  test(`a delegation is time-boxed, logged, not handed on, and ends with the right behind it ${on}`, async t => {
    await scene.project('lent');
    const endsAt = new Date(Date.now() + 3_600_000).toISOString();
    const delegate = (who: 'rita' | 'dan' | 'amy', body: object) =>
      ask(who, 'POST', '/projects/lent/delegations', body);
    t.is(await codeOf(delegate('dan', { to: 'ann', endsAt, reason: 'x' })), 'EFORBIDDEN 403');
    t.is(await codeOf(delegate('rita', { to: 'rita', endsAt, reason: 'x' })), 'EUSAGE 400');
    t.is(await codeOf(delegate('rita', { to: 'eve', endsAt, reason: 'x' })), 'ENOUSER 404');
    t.is(
      await codeOf(delegate('rita', { to: 'dan', endsAt: '2199-01-01T00:00:00Z', reason: 'x' })),
      'EUSAGE 400',
    );
    t.is(
      await codeOf(delegate('rita', { to: 'dan', endsAt: '2020-01-01T00:00:00Z', reason: 'x' })),
      'EUSAGE 400',
    );
    const request = await pend('ann', '@lent/kyc', '1.0.0', completeFeat(2));
    t.is(await codeOf(approve('dan', request)), 'ENOTFOUND 404');
    const made = await expectStatus(delegate('rita', { to: 'dan', endsAt, reason: 'leave' }), 201);
    const { id } = shapes.delegation.parse(await made.json());
    t.is(
      await codeOf(delegate('dan', { to: 'bob', endsAt, reason: 'x' })),
      'EFORBIDDEN 403',
      'not handed on',
    );
    const decided = shapes.approval.parse(await (await approve('dan', request)).json());
    t.like(decided.decisions[0], { by: 'dan', onBehalfOf: 'rita', function: 'risk' });
    t.is(await codeOf(approve('rita', request)), 'EFOUREYES 403', 'hers was given');
    t.is(await codeOf(ask('bob', 'DELETE', `/projects/lent/delegations/${id}`)), 'ENOTFOUND 404');
    await expectStatus(ask('rita', 'DELETE', `/projects/lent/delegations/${id}`), 204);
    const next = await pend('ann', '@lent/kyc', '1.1.0');
    t.is(await codeOf(approve('dan', next)), 'ENOTFOUND 404');
    await expectStatus(delegate('rita', { to: 'dan', endsAt, reason: 'leave' }), 201);
    await expectStatus(ask('amy', 'DELETE', '/projects/lent/members/rita'), 204);
    t.is(await codeOf(approve('dan', next)), 'ENOTFOUND 404', 'she approves no more');
  });

  test(`of two approvals at once each counts once, and the version is published once ${on}`, async t => {
    const request = await pend('ann', '@bank/at-once', '1.0.0', completeFeat(2));
    const ended = await Promise.all([
      approve('bob', request),
      approve('rita', request),
      approve('rita', request),
    ]);
    const refused = ended.filter(({ ok }) => !ok).map(({ status }) => status);
    t.true(refused.length === 1 && [403, 409].includes(refused[0] ?? 0), String(refused));
    t.deepEqual(await versionsOf('@bank/at-once'), ['1.0.0']);
  });

  test(`an approval and a withdrawal at once: one of them wins, whole ${on}`, async t => {
    for (const minor of [0, 1, 2, 3]) {
      const version = `1.${minor}.0`;
      const request: Approval = await pend('ann', '@bank/race', version);
      const [approval, withdrawal] = await Promise.all([
        approve('bob', request),
        ask('ann', 'POST', `/approvals/${request.id}/withdrawal`, {}),
      ]);
      t.deepEqual([approval.status, withdrawal.status].sort(), approval.ok ? [201, 409] : [200, 409]);
      const { state } = await scene.request('bob', request.id);
      t.is(state, approval.ok ? 'approved' : 'withdrawn');
      const found = await registry.request(`/packages/@bank%2Frace/${version}`);
      t.is(found.ok, approval.ok);
    }
  });

  test(`the audit row committed after the change: every change has its row, and what was refused has none ${on}`, async t => {
    await scene.project('audited');
    const request = await pend('ann', '@audited/kyc', '1.0.0');
    const actions = async () => {
      const answer = await ask(
        'amy',
        'GET',
        '/projects/audited/audit?subject=version%20%40audited%2Fkyc%401.0.0',
      );
      return [...(await answer.text()).matchAll(/"action":"([a-z.-]+)"/g)].map(([, action]) => action);
    };
    t.deepEqual(await actions(), ['approval.request']);
    t.is(await codeOf(approve('bob', { ...request, digest: 'sha256-0' })), 'EAPPROVAL 409');
    t.is(await codeOf(approve('bob', request, { function: 'risk' })), 'EFORBIDDEN 403');
    t.deepEqual(await actions(), ['approval.request']);
    const [one, other] = await Promise.all([approve('bob', request), approve('rita', request)]);
    t.deepEqual([one.status, other.status].sort(), [201, 409]);
    t.deepEqual(await actions(), [
      'approval.request',
      'approval.approve',
      'approval.approved',
      'version.publish',
    ]);
  });

  test(`publishing into a scope without a project needs no approval ${on}`, async t => {
    t.is((await publish('ann', { name: '@free/kyc', version: '1.0.0' })).status, 201);
  });
}
