import test from 'ava';
import { openApprovalDesk } from '#prompd/ops/browse/approval-desk.js';
import { governedScene, type Scene, SMALL } from '../../registry-server/governed-scene.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const scenes: Scene[] = [];
const registry = sharedRegistry(test, async started => {
  const scene = governedScene(started);
  scenes.push(scene);
  await scene.people();
  await scene.project('bank');
});

test.serial(
  'the inbox has what waits, a decision is about what was shown, and the registry refuses in its own words',
  async t => {
    const [scene] = scenes;
    const { id } = (await scene?.pend('both', '@bank/kyc', '1.0.0', SMALL)) ?? { id: '' };
    const deskOf = async (user: string) => {
      const env = {
        PROMPD_REGISTRY: registry().url,
        PROMPD_TOKEN: await registry().tokenOf(user, 'publish'),
      };
      return openApprovalDesk(await testContext({ cwd: tempDir(t), env }));
    };
    const both = await deskOf('both');
    t.like(await both.inbox(), { user: 'both', approvals: [{ id, package: '@bank/kyc' }] });
    const { approval, feat, diff, files } = await both.show(id);
    t.is(diff, undefined);
    t.deepEqual(feat, SMALL);
    t.like(files, [{ path: 'README.md', status: 'added' }, { path: 'prompd.json' }]);
    const { digest } = approval;
    await t.throwsAsync(both.decide(id, { decision: 'approve', digest, reason: '' }), { code: 'EFOUREYES' });
    const bob = await deskOf('bob');
    await t.throwsAsync(bob.decide(id, { decision: 'decline', digest, reason: '  ' }), { code: 'EUSAGE' });
    await t.throwsAsync(bob.decide(id, { decision: 'approve', digest: 'sha256-0', reason: '' }), {
      code: 'EAPPROVAL',
    });
    await t.throwsAsync(
      bob.decide(id, { decision: 'decline', digest, reason: 'No.', as: { function: 'risk' } }),
      {
        code: 'EFORBIDDEN',
      },
    );
    t.is((await bob.decide(id, { decision: 'decline', digest, reason: 'No.' })).state, 'declined');
    t.deepEqual((await bob.inbox()).approvals, []);
  },
);

test.serial(
  'who was asked to stand in for approvers decides in their names, for as long as that holds',
  async t => {
    const [scene] = scenes;
    if (!scene) throw new Error('there is no scene');
    const until = (ms: number) => new Date(Date.now() + ms).toISOString();
    const body = { to: 'both', reason: 'On leave.' };
    const delegate = (who: 'bob' | 'rita') =>
      scene.ask(who, 'POST', '/projects/bank/delegations', { ...body, endsAt: until(86_400_000) });
    t.is((await delegate('bob')).status, 201);
    t.is((await delegate('rita')).status, 201);
    const { id } = await scene.pend('ann', '@bank/kyc', '1.2.0', SMALL);
    const deskAt = async (now?: Date) => {
      const env = {
        PROMPD_REGISTRY: registry().url,
        PROMPD_TOKEN: await registry().tokenOf('both', 'publish'),
      };
      const context = await testContext({ cwd: tempDir(t), env });
      return openApprovalDesk(now ? { ...context, now: () => now } : { ...context, now: () => new Date() });
    };
    const desk = await deskAt();
    const about = { project: 'bank', package: '@bank/kyc' };
    const own = [{}, { function: 'business' }, { function: 'risk' }, { function: 'validator' }];
    const lent = [{ onBehalfOf: 'bob' }, { onBehalfOf: 'rita' }];
    t.deepEqual(await desk.capacities(about, 'both'), [...own, ...lent]);
    t.deepEqual(await desk.capacities(about, 'val'), [{}], 'one function is no choice');
    t.deepEqual(await desk.capacities(about, 'dan'), [{}]);
    const later = await deskAt(new Date(Date.now() + 2 * 86_400_000));
    t.deepEqual(await later.capacities(about, 'both'), own);
    const { digest } = (await desk.show(id)).approval;
    const decided = await desk.decide(id, {
      decision: 'approve',
      digest,
      reason: '',
      as: { onBehalfOf: 'bob' },
    });
    t.is(decided.state, 'approved');
    t.like(decided.decisions[0], { by: 'both', onBehalfOf: 'bob', function: 'business' });
  },
);

test.serial('who is not signed in has no inbox, and nobody is asked', async t => {
  const context = await testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: 'http://127.0.0.1:9' } });
  t.like(await openApprovalDesk(context).inbox(), { user: undefined, approvals: [] });
});
