import test from 'ava';
import * as shapes from '#server/routes/approval-answers.js';
import { startTestRegistry } from '../support/registry.js';
import { expectStatus, governedScene, SMALL } from './governed-scene.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const scene = governedScene(registry);
const { ask, approve, codeOf, pend } = scene;
await scene.people();
await scene.project('bank');
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

const address = (name: string) => `/packages/${encodeURIComponent(name)}`;
const stateOf = async ({ id }: { id: string }) => (await scene.request('rita', id)).state;
/** An admin takes away one version, or the package with all of them. */
const ways: Readonly<Record<string, (name: string, version: string) => Promise<unknown>>> = {
  alone: (name, version) => expectStatus(ask('amy', 'DELETE', `${address(name)}/${version}`), 204),
  'with-all': name => expectStatus(ask('amy', 'DELETE', address(name)), 204),
};

test.serial('what was let through by force and is unpublished waits for no approval any more', async t => {
  for (const [how, unpublish] of Object.entries(ways)) {
    const name = `@bank/forced-${how}`;
    await expectStatus(approve('bob', await pend('ann', name, '1.0.0', SMALL)), 201);
    await pend('ann', name, '2.0.0', SMALL);
    const body = { version: '2.0.0', tag: 'beta', reason: 'the channel serves a fault' };
    const forced = shapes.approval.parse(
      await (await expectStatus(ask('bob', 'POST', `${address(name)}/break-glass`, body), 202)).json(),
    );
    t.is(await stateOf(forced), 'pending', how);
    await unpublish(name, '2.0.0');
    t.is(await stateOf(forced), 'expired', how);
    t.is(await codeOf(approve('rita', forced)), 'EAPPROVAL 409', how);
  }
});

test.serial('a promotion of a version that is unpublished is asked for no more, now or later', async t => {
  const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/bank/policy')).json());
  const channels = { production: { protected: true, tiers: { 1: { approvals: 2, functions: [] } } } };
  await expectStatus(ask('amy', 'PUT', '/projects/bank/policy', { policy: { ...policy, channels } }), 200);
  for (const [how, unpublish] of Object.entries(ways)) {
    const name = `@bank/promoted-${how}`;
    await expectStatus(approve('bob', await pend('ann', name, '0.9.0', SMALL)), 201);
    await expectStatus(approve('bob', await pend('ann', name, '1.0.0', SMALL)), 201);
    const promotion = { version: '1.0.0', tag: 'production' };
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const promotions = `${address(name)}/promotions`;
    await expectStatus(ask('bob', 'POST', promotions, { ...promotion, at }), 201);
    const asked = shapes.approval.parse(
      await (await expectStatus(ask('bob', 'POST', promotions, promotion), 202)).json(),
    );
    await unpublish(name, '1.0.0');
    t.is(await stateOf(asked), 'expired', how);
    t.is(await codeOf(approve('rita', asked)), 'EAPPROVAL 409', how);
    if (how !== 'alone') continue;
    const { promotions: due } = shapes.schedule.parse(await (await ask('bob', 'GET', promotions)).json());
    t.like(due, [{ state: 'failed', outcome: 'The version was unpublished.' }]);
  }
});

test.serial(
  'the policy changes while a promotion was asked for of a version that is unpublished',
  async t => {
    const name = '@bank/renewed';
    await expectStatus(approve('bob', await pend('ann', name, '1.0.0', SMALL)), 201);
    const promotion = { version: '1.0.0', tag: 'production' };
    await expectStatus(ask('bob', 'POST', `${address(name)}/promotions`, promotion), 202);
    await ways['alone']?.(name, '1.0.0');
    const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/bank/policy')).json());
    t.is((await ask('amy', 'PUT', '/projects/bank/policy', { policy })).status, 200);
  },
);

test.serial(
  'a request stays on record when its version is unpublished, and its content does not',
  async t => {
    const name = '@bank/recorded';
    const asked = await pend('ann', name, '1.0.0', SMALL);
    await expectStatus(approve('bob', asked), 201);
    await ways['alone']?.(name, '1.0.0');
    const of = `/approvals/${asked.id}`;
    const details = await (await expectStatus(ask('rita', 'GET', of), 200)).json();
    const { state, decisions, manifest, open } = shapes.approvalDetails.parse(details);
    t.is(state, 'approved');
    t.like(decisions, [{ decision: 'approve', by: 'bob' }]);
    t.deepEqual({ manifest, open }, { manifest: { name, version: '1.0.0' }, open: [] });
    for (const content of ['archive', 'comparison', 'compatibility'])
      t.is(await codeOf(ask('rita', 'GET', `${of}/${content}`)), 'ENOVERSION 404', content);
  },
);

test.serial('a request that ends with its version stands in the audit, unpublished or revoked', async t => {
  const ends = {
    expired: (name: string) => expectStatus(ask('amy', 'DELETE', `${address(name)}/1.0.0`), 204),
    withdrawn: (name: string) =>
      expectStatus(
        ask('bob', 'POST', `${address(name)}/revocations`, { version: '1.0.0', reason: 'leaks' }),
        204,
      ),
  };
  for (const state of ['expired', 'withdrawn'] as const) {
    const name = `@bank/told-${state}`;
    await expectStatus(approve('bob', await pend('ann', name, '1.0.0', SMALL)), 201);
    const promotion = { version: '1.0.0', tag: 'production' };
    const asked = shapes.approval.parse(
      await (await expectStatus(ask('bob', 'POST', `${address(name)}/promotions`, promotion), 202)).json(),
    );
    await ends[state](name);
    t.is(await stateOf(asked), state);
    const rows = await (await ask('amy', 'GET', `/projects/bank/audit?action=approval.${state}`)).text();
    t.true(rows.includes(asked.id), state);
  }
});
