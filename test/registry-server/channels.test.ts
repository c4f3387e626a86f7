import test from 'ava';
import { z } from 'zod';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/approval-answers.js';
import { LIMITS } from '#server/settings.js';
import { startReceiver } from '../support/receiver.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';
import { completeFeat, expectStatus, governedScene, type Person, SMALL } from './governed-scene.js';

const HOUR = 3_600_000;
const undo: Array<() => void | Promise<void>> = [];
const afterAll = { teardown: (step: () => void | Promise<void>) => void undo.unshift(step) };
const auditPage = z.object({ events: z.array(z.object({ token: z.string() })) });
const event = z.object({ type: z.string(), data: z.object({ package: z.string() }) });
let ahead = 0;
/** A registry whose time the tests push on, and that looks at once at what falls due. */
const registry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  {
    now: () => new Date(Date.now() + ahead),
    limits: { ...LIMITS, governanceInterval: 50, webhookInterval: 50 },
    webhookHosts: '127.0.0.0/8',
  },
);
const scene = governedScene(registry);
const { ask, approve, codeOf, pend } = scene;
await scene.people();
await scene.project('bank');
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

const address = (name: string) => `/packages/${encodeURIComponent(name)}`;
const promote = (who: Person, name: string, version: string, more: object = {}) =>
  ask(who, 'POST', `${address(name)}/promotions`, { version, tag: 'production', ...more });
const rollBack = (who: Person, name: string, more: object = {}) =>
  ask(who, 'POST', `${address(name)}/rollbacks`, { tag: 'production', ...more });
const revoke = (who: Person, name: string, version: string) =>
  ask(who, 'POST', `${address(name)}/revocations`, { version, reason: 'a fault' });
const channel = async (name: string) => {
  const tags = await (await registry.request(`${address(name)}/dist-tags`)).json();
  return answers.distTags.parse(tags)['production'];
};
/** Waits for what falls due. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await isSo()) return;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('it did not happen');
}

test.serial(
  'only promotion by an approver moves a protected channel; every other way is refused',
  async t => {
    const name = '@bank/channel';
    await scene.approved(name, '1.0.0');
    for (const [who, method, path, body] of [
      ['ann', 'PUT', `${address(name)}/dist-tags/production`, { version: '1.0.0' }],
      ['ann', 'PUT', address(name), { distTags: { production: '1.0.0' } }],
    ] as const)
      t.is(await codeOf(ask(who, method, path, body)), 'EPROTECTED 403', path);
    const npm = await registry.request('/npm/-/package/@bank%2Fchannel/dist-tags/production', {
      method: 'PUT',
      body: '"1.0.0"',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await registry.tokenOf('ann', 'publish')}`,
      },
    });
    t.is(npm.status, 403);
    const direct = await scene.publish('ann', { name, version: '9.0.0', feat: SMALL }, '?tag=production');
    t.like(await direct.json(), { code: 'EPROTECTED' });
    t.is(await channel(name), undefined);
    for (const who of ['ann', 'dan', 'amy'] as const)
      t.is(await codeOf(promote(who, name, '1.0.0')), 'EFORBIDDEN 403', who);
    const moved = await expectStatus(promote('bob', name, '1.0.0', { reason: 'release' }), 200);
    t.deepEqual(await moved.json(), { package: name, tag: 'production', from: null, to: '1.0.0' });
    t.is(await codeOf(ask('ann', 'DELETE', `${address(name)}/dist-tags/production`)), 'EPROTECTED 403');
    t.is(await codeOf(ask('amy', 'DELETE', `${address(name)}/1.0.0`)), 'EPROTECTED 403', 'by unpublishing');
    const split = { version: '1.0.0', weight: 50 };
    await scene.approved(name, '1.1.0');
    t.is(
      await codeOf(
        ask('ann', 'PUT', `${address(name)}/dist-tags/production/split`, { ...split, version: '1.1.0' }),
      ),
      'EPROTECTED 403',
    );
    const half = `${address(name)}/dist-tags/production/split`;
    await expectStatus(ask('bob', 'PUT', half, { ...split, version: '1.1.0' }), 200);
    t.is(await codeOf(ask('ann', 'DELETE', half)), 'EPROTECTED 403', 'by ending a split');
    await expectStatus(ask('bob', 'DELETE', half), 204);
  },
);

test.serial(
  'a pending, declined or unknown version is not promoted, nor one whose review is past',
  async t => {
    const name = '@bank/unready';
    await scene.approved(name, '1.0.0');
    const pending = await pend('ann', name, '1.1.0');
    t.is(await codeOf(promote('bob', name, '1.1.0')), 'ENOVERSION 404');
    await expectStatus(scene.decide('bob', pending, { decision: 'decline', reason: 'no' }), 201);
    t.is(await codeOf(promote('bob', name, '1.1.0')), 'ENOVERSION 404');
    t.is(await codeOf(promote('bob', name, '7.0.0')), 'ENOVERSION 404');

    const two = await pend('ann', name, '2.0.0', completeFeat(2, 2));
    for (const who of ['bob', 'rita'] as const) await expectStatus(approve(who, two), 201);
    await expectStatus(promote('bob', name, '2.0.0'), 200);
    await expectStatus(promote('bob', name, '1.0.0'), 200);
    ahead += 72 * HOUR;
    t.is(await codeOf(promote('bob', name, '2.0.0')), 'EREVIEW 409');
    t.is((await registry.request(`${address(name)}/2.0.0`)).status, 200, 'what runs keeps running');
    await expectStatus(rollBack('bob', name, { to: '2.0.0' }), 200);
  },
);

test.serial(
  'a channel that asks for more gets a request for the rest, and moves when that is met',
  async t => {
    await scene.project('more');
    const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/more/policy')).json());
    const tiers = { 1: { approvals: 2, functions: ['risk'] } };
    const channels = { production: { protected: true, tiers }, beta: { protected: true } };
    await expectStatus(ask('amy', 'PUT', '/projects/more/policy', { policy: { ...policy, channels } }), 200);
    await scene.approved('@more/kyc', '1.0.0');
    const asked = await expectStatus(promote('bob', '@more/kyc', '1.0.0'), 202);
    const request = shapes.approval.parse(await asked.json());
    t.like(request, { kind: 'promotion', tag: 'production', needs: { approvals: 2, functions: ['risk'] } });
    t.like(await (await promote('rita', '@more/kyc', '1.0.0')).json(), { id: request.id }, 'the same one');
    t.is(await codeOf(approve('bob', request)), 'EFOUREYES 403', 'who asked');
    await expectStatus(approve('val', request), 201);
    t.is(await channel('@more/kyc'), undefined);
    await expectStatus(approve('rita', request), 201);
    t.is(await channel('@more/kyc'), '1.0.0');
    await expectStatus(promote('bob', '@more/kyc', '1.0.0', { tag: 'beta' }), 200);
  },
);

test.serial(
  'a rollback goes back at once to what the channel pointed at by an approval, and nowhere else',
  async t => {
    const name = '@bank/back';
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await scene.approved(name, version);
    t.is(await codeOf(rollBack('bob', name)), 'ENOVERSION 404');
    await expectStatus(promote('bob', name, '1.0.0'), 200);
    await expectStatus(promote('bob', name, '1.1.0'), 200);
    t.is(await codeOf(rollBack('ann', name)), 'EFORBIDDEN 403');
    t.is(await codeOf(rollBack('bob', name, { to: '1.2.0' })), 'ENOVERSION 404', 'never there');
    t.like(await (await rollBack('bob', name, { reason: 'complaints' })).json(), {
      from: '1.1.0',
      to: '1.0.0',
    });
    await expectStatus(promote('bob', name, '1.2.0'), 200);
    await expectStatus(revoke('bob', name, '1.1.0'), 204);
    t.is(await codeOf(rollBack('bob', name, { to: '1.1.0' })), 'EREVOKED 410');
    t.like(await (await rollBack('bob', name)).json(), { from: '1.2.0', to: '1.0.0' });
    const moves = answers.distTagMoves.parse(
      await (await registry.request(`${address(name)}/dist-tag-moves`)).json(),
    );
    t.deepEqual(
      moves.moves.filter(({ tag }) => tag === 'production').map(({ to, actor }) => [to, actor]),
      [
        ['1.0.0', 'bob'],
        ['1.1.0', 'bob'],
        ['1.0.0', 'bob'],
        ['1.2.0', 'bob'],
        ['1.0.0', 'bob'],
      ],
    );
  },
);

test.serial('a revoked version is refused everywhere, and a channel on it serves nothing', async t => {
  const name = '@bank/revoked';
  for (const version of ['1.0.0', '1.1.0']) await scene.approved(name, version);
  await expectStatus(promote('bob', name, '1.1.0'), 200);
  t.is((await registry.request(`${address(name)}/-/revoked-1.1.0.tgz`)).status, 200);
  t.is(await codeOf(revoke('ann', name, '1.1.0')), 'EFORBIDDEN 403');
  await expectStatus(revoke('rita', name, '1.1.0'), 204);
  for (const path of [`${address(name)}/1.1.0`, `${address(name)}/-/revoked-1.1.0.tgz`])
    t.is(await codeOf(registry.request(path)), 'EREVOKED 410', path);
  for (const path of ['/npm/@bank%2Frevoked/1.1.0', '/npm/@bank%2Frevoked/-/revoked-1.1.0.tgz'])
    t.is((await registry.request(path)).status, 410, path);
  const packument = answers.packument.parse(await (await registry.request(address(name))).json());
  t.deepEqual([Object.keys(packument.versions), packument['dist-tags']], [['1.0.0'], { latest: '1.0.0' }]);
  t.is(await codeOf(promote('bob', name, '1.1.0')), 'EREVOKED 410');
  const wanted = [`${name}@1.1.0`, `${name}@1.0.0`, `${name}@7.0.0`];
  const batch = await registry.request('/-/tarballs', jsonBody('POST', { packages: wanted }));
  t.deepEqual(
    [...(await batch.text()).matchAll(/"version":"([\d.]+)",(?:"status":(\d+)|"integrity")/g)].map(
      ([, version, status]) => [version, status],
    ),
    [
      ['1.1.0', '410'],
      ['1.0.0', undefined],
      ['7.0.0', '404'],
    ],
  );
  await expectStatus(revoke('rita', name, '1.0.0'), 204);
  t.is(await codeOf(registry.request(address(name))), 'EREVOKED 410');
});

test.serial(
  'a promotion for later is decided when it is due, by the rights of then, and can be called off',
  async t => {
    const name = '@bank/later';
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await scene.approved(name, version);
    const at = (hours: number) => new Date(Date.now() + ahead + hours * HOUR).toISOString();
    t.is(await codeOf(promote('bob', name, '1.0.0', { at: at(-1) })), 'EUSAGE 400');
    t.is(await codeOf(promote('ann', name, '1.0.0', { at: at(1) })), 'EFORBIDDEN 403');
    await expectStatus(promote('bob', name, '1.0.0', { at: at(1) }), 201);
    const off = shapes.scheduled.parse(await (await promote('bob', name, '1.1.0', { at: at(2) })).json());
    await expectStatus(ask('val', 'DELETE', `${address(name)}/promotions/${off.id}`), 204);
    await expectStatus(promote('rita', name, '1.2.0', { at: at(3) }), 201);
    await expectStatus(revoke('val', name, '1.2.0'), 204);
    t.is(await channel(name), undefined);
    ahead += 4 * HOUR;
    await until(async () => (await channel(name)) === '1.0.0');
    const { promotions } = shapes.schedule.parse(
      await (await ask('bob', 'GET', `${address(name)}/promotions`)).json(),
    );
    t.deepEqual(promotions.map(({ version, state }) => [version, state]).sort(), [
      ['1.0.0', 'done'],
      ['1.1.0', 'cancelled'],
      ['1.2.0', 'failed'],
    ]);
  },
);

test.serial(
  'a promotion for later lapses with the token that asked for it, and with its user; who made the token is remembered',
  async t => {
    const name = '@bank/lapsed';
    for (const version of ['1.0.0', '1.1.0', '1.2.0']) await scene.approved(name, version);
    const at = (hours: number) => new Date(Date.now() + ahead + hours * HOUR).toISOString();
    const made = answers.issuedToken.parse(
      await (
        await ask('admin', 'POST', '/tokens', { name: 'desk', user: 'rita', scopes: ['publish'] })
      ).json(),
    );
    const body = { version: '1.0.0', tag: 'production', at: at(1) };
    const path = `${address(name)}/promotions`;
    t.is((await registry.request(path, { ...jsonBody('POST', body), token: made.token })).status, 201);
    await expectStatus(ask('admin', 'DELETE', `/tokens/${made.id}`), 204);
    await expectStatus(promote('val', name, '1.1.0', { at: at(2) }), 201);
    const leave = { to: 'dan', endsAt: at(48), reason: 'on leave' };
    await expectStatus(ask('val', 'POST', '/projects/bank/delegations', leave), 201);
    const open = await pend('ann', name, '1.3.0');
    await expectStatus(ask('admin', 'PUT', '/users/val', { disabled: true }), 200);
    t.is(await codeOf(approve('dan', open, { onBehalfOf: 'val' })), 'ENOTFOUND 404', 'in their name');
    await expectStatus(promote('bob', name, '1.2.0', { at: at(3) }), 201);
    ahead += 4 * HOUR;
    await until(async () => (await channel(name)) === '1.2.0');
    await expectStatus(ask('admin', 'PUT', '/users/val', { disabled: false }), 200);
    await expectStatus(approve('dan', open, { onBehalfOf: 'val' }), 201);
    const { promotions } = shapes.schedule.parse(await (await ask('bob', 'GET', path)).json());
    t.deepEqual(
      promotions.map(({ version, state, outcome }) => [version, state, outcome?.split(':')[0]]).sort(),
      [
        ['1.0.0', 'failed', 'EAUTH'],
        ['1.1.0', 'failed', 'EFORBIDDEN'],
        ['1.2.0', 'done', 'moved from nothing'],
      ],
    );
    const audit = await ask('amy', 'GET', '/projects/bank/audit?limit=250&action=promotion.fail&actor=rita');
    t.deepEqual(
      auditPage.parse(await audit.json()).events.map(({ token }) => token),
      [`token ${made.id}`],
    );
  },
);

test.serial(
  'a request that nobody decides expires after 14 days, and its version is not published',
  async t => {
    const request = await pend('ann', '@bank/slow', '1.0.0');
    ahead += 13 * 24 * HOUR;
    t.is((await scene.request('bob', request.id)).state, 'pending');
    ahead += 2 * 24 * HOUR;
    t.is(await codeOf(approve('bob', request)), 'EAPPROVAL 409');
    await until(async () => (await scene.request('bob', request.id)).state === 'expired');
    t.is((await registry.request(address('@bank/slow'))).status, 404);
  },
);

test.serial(
  'breaking the glass takes a reason and a fresh token, and goes back when nobody approves',
  async t => {
    const name = '@bank/glass';
    await scene.approved(name, '1.0.0');
    await expectStatus(promote('bob', name, '1.0.0'), 200);
    const request = await pend('ann', name, '2.0.0', completeFeat(2, 150));
    const force = (who: Person, reason = 'the model of 1.0.0 is gone') =>
      ask(who, 'POST', `${address(name)}/break-glass`, { version: '2.0.0', tag: 'production', reason });
    t.is(await codeOf(force('bob')), 'EAUTH 401', 'the token is days old');
    await scene.people();
    t.is(await codeOf(force('ann')), 'EFORBIDDEN 403');
    t.is(await codeOf(force('bob', 'now')), 'EBADREQUEST 400');
    const forced = shapes.approval.parse(await (await expectStatus(force('bob'), 202)).json());
    t.like(forced, { id: request.id, kind: 'break-glass', state: 'pending', requestedBy: 'bob' });
    t.is(await channel(name), '2.0.0');
    const tags = await (await registry.request(`${address(name)}/dist-tags`)).json();
    t.like(tags, { latest: '1.0.0' });
    const shown = answers.versionDetails.parse(
      await (await registry.request(`${address(name)}/2.0.0`)).json(),
    );
    t.true(shown.yanked, 'new resolutions pass it over');
    t.is(await codeOf(approve('bob', forced)), 'EFOUREYES 403', 'who broke it');
    ahead += 73 * HOUR;
    await until(async () => (await channel(name)) === '1.0.0');
    t.is((await registry.request(`${address(name)}/2.0.0`)).status, 404);
    t.is(await codeOf(rollBack('bob', name, { to: '2.0.0' })), 'ENOVERSION 404');
  },
);

test.serial(
  'the first version of a package can be forced: approvers alone reach it, and without an approval nothing is left',
  async t => {
    await scene.people();
    const name = '@bank/first';
    const request = await pend('ann', name, '1.0.0');
    const body = { version: '1.0.0', tag: 'production', reason: 'there is nothing else to serve yet' };
    const force = (who: Person) => ask(who, 'POST', `${address(name)}/break-glass`, body);
    for (const who of ['ann', 'dan', 'amy', 'eve'] as const)
      t.is(await codeOf(force(who)), 'ENOTFOUND 404', who);
    t.is(await codeOf(ask('bob', 'POST', '/packages/@bank%2Fnone/break-glass', body)), 'ENOTFOUND 404');
    const forced = shapes.approval.parse(await (await expectStatus(force('bob'), 202)).json());
    t.like(forced, { id: request.id, kind: 'break-glass', state: 'pending' });
    const tags = async () =>
      answers.distTags.parse(await (await registry.request(`${address(name)}/dist-tags`)).json());
    t.deepEqual(await tags(), { production: '1.0.0' }, 'no bare name leads to it');
    ahead += 73 * HOUR;
    await until(async () => (await scene.request('rita', request.id)).state === 'expired');
    t.is((await registry.request(address(name))).status, 404);
  },
);

test.serial('a forced version that is approved in time stays, and is as any other', async t => {
  const name = '@bank/mended';
  await scene.approved(name, '1.0.0');
  await pend('ann', name, '1.1.0');
  await scene.people();
  const body = { version: '1.1.0', tag: 'production', reason: 'the channel serves a fault' };
  const forced = shapes.approval.parse(
    await (await ask('rita', 'POST', `${address(name)}/break-glass`, body)).json(),
  );
  await expectStatus(approve('bob', forced), 201);
  ahead += 100 * HOUR;
  await new Promise(resolve => setTimeout(resolve, 150));
  t.is(await channel(name), '1.1.0');
  const tags = await (await registry.request(`${address(name)}/dist-tags`)).json();
  t.like(tags, { latest: '1.1.0' });
});

test.serial(
  'an author with the role of an approver does not break the glass for their own version',
  async t => {
    await scene.people();
    await scene.approved('@bank/own', '1.0.0');
    await pend('both', '@bank/own', '1.1.0');
    const body = { version: '1.1.0', tag: 'production', reason: 'the channel serves a fault' };
    t.is(await codeOf(ask('both', 'POST', `${address('@bank/own')}/break-glass`, body)), 'EFOUREYES 403');
  },
);

test.serial(
  'webhooks hear of publications, moves and revocations; of what waits, reviewers and authors alone',
  async t => {
    await scene.people();
    const ears = { bob: await startReceiver(afterAll), dan: await startReceiver(afterAll) };
    for (const who of ['bob', 'dan'] as const) {
      const packages = ['@bank/heard', '@bank/whispered'];
      await expectStatus(ask(who, 'POST', '/webhooks', { url: ears[who].url, packages }), 201);
    }
    await pend('ann', '@bank/whispered', '1.0.0');
    await scene.approved('@bank/heard', '1.0.0');
    await expectStatus(promote('bob', '@bank/heard', '1.0.0'), 200);
    await expectStatus(revoke('bob', '@bank/heard', '1.0.0'), 204);
    const heardBy = (who: 'bob' | 'dan', name: string) =>
      ears[who].received
        .map(({ body }) => event.parse(JSON.parse(body)))
        .filter(({ data }) => data.package === name)
        .map(({ type }) => type)
        .sort();
    await until(async () => heardBy('dan', '@bank/heard').includes('version.revoked'));
    await until(async () => heardBy('bob', '@bank/heard').includes('version.revoked'));
    for (const type of ['version.published', 'channel.moved'])
      t.true(heardBy('dan', '@bank/heard').includes(type), type);
    t.true(heardBy('bob', '@bank/heard').includes('approval.decided'));
    t.deepEqual(heardBy('bob', '@bank/whispered'), ['approval.requested']);
    t.deepEqual(heardBy('dan', '@bank/whispered'), []);
  },
);
