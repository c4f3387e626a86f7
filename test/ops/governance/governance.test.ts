import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import policyGet from '#prompd/commands/policy-get.js';
import { PrompdError } from '#prompd/core/errors.js';
import { makeFeatReport } from '#prompd/ops/feat/feat-report.js';
import {
  changeTier,
  decideApproval,
  delegateApprovals,
  endDelegation,
  listApprovals,
  listDelegations,
  showApproval,
  withdrawApproval,
} from '#prompd/ops/governance/approvals.js';
import { listScheduled, promote, revoke, rollBack, unschedule } from '#prompd/ops/governance/channels.js';
import { endOf, startOf } from '#prompd/ops/governance/moment.js';
import { confirmPolicy, getPolicy, setPolicy } from '#prompd/ops/governance/policy.js';
import { publish } from '#prompd/ops/registry/publish.js';
import {
  approvalsText,
  approvalText,
  channelText,
  decidedText,
  delegationsText,
  scheduleText,
  setPolicyText,
} from '#prompd/output/approval.js';
import { publishText } from '#prompd/output/publish.js';
import { styleFor } from '#prompd/output/style.js';
import { governedScene, SMALL } from '../../registry-server/governed-scene.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { promptText } from '../scene.js';

const undo: Array<() => void | Promise<void>> = [];
const scope = { teardown: (step: () => void | Promise<void>) => void undo.unshift(step) };
const registry = await startTestRegistry(scope);
const scene = governedScene(registry);
await scene.people();
await scene.project('bank');
const home = tempDir(scope);
const plain = styleFor(false);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

async function as(user: string, cwd = tempDir(scope)) {
  const env = { PROMPD_REGISTRY: registry.url, PROMPD_TOKEN: await registry.tokenOf(user, 'publish') };
  const context = await testContext({ cwd, home, env });
  return { ...context, now: () => new Date() };
}

/** Publishes a package with one prompt, and gives back the id of the request. */
async function publishAs(
  user: string,
  name: string,
  version: string,
  body = 'Say {{ word }}.',
): Promise<string> {
  const context = await as(user);
  const manifest = { name, version, prompts: { say: 'say.prompd' }, feat: SMALL };
  writeFileSync(path.join(context.cwd, 'prompd.json'), JSON.stringify(manifest));
  writeFileSync(path.join(context.cwd, 'say.prompd'), promptText('say', body));
  const result = await publish(context, { target: '.' });
  if (result.receipt?.status !== 'pending') throw new Error(publishText(result, plain));
  const { approvals } = await listApprovals(context, { package: name, version });
  return approvals[0]?.id ?? '';
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof PrompdError ? error.code : String(error)),
  );

test.serial('a version is published as pending, shown with its changes, approved and promoted', async t => {
  const name = '@bank/story';
  const first = await publishAs('ann', name, '1.0.0');
  const bob = await as('bob');
  t.is((await showApproval(bob, first)).diff, undefined);
  t.is((await decideApproval(bob, first, { decision: 'approve' })).approval.state, 'approved');
  const second = await publishAs('ann', name, '1.0.1', 'Say {{ word }} twice.');
  const list = await listApprovals(bob, { state: 'pending' });
  t.regex(
    approvalsText(list, plain),
    new RegExp(`${second} +pending +@bank/story@1.0.1.*1 approval missing`),
  );
  const shown = await showApproval(bob, second);
  t.is(shown.approval.base, '1.0.0');
  const text = approvalText(shown, plain);
  t.regex(text, /\+Say \{\{ word \}\} twice\./);
  t.regex(text, /sha256-[0-9a-f]{64}, policy 0/);
  t.is(await code(decideApproval(bob, second, { decision: 'approve', digest: 'sha256-0' })), 'EAPPROVAL');
  await decideApproval(bob, second, { decision: 'approve', digest: shown.approval.digest });
  t.like(await promote(bob, `${name}@1.0.0`, { tag: 'production' }), {
    outcome: { kind: 'moved', to: '1.0.0' },
  });
  const moved = await promote(bob, `${name}@1.0.1`, { tag: 'production', reason: 'release' });
  t.is(channelText(moved, plain), '@bank/story production: 1.0.0 -> 1.0.1');
  t.like(await rollBack(bob, name, { tag: 'production' }), { outcome: { from: '1.0.1', to: '1.0.0' } });
  const later = await promote(bob, `${name}@1.0.1`, { tag: 'production', at: '2199-01-01' });
  t.like(later.outcome, { kind: 'scheduled', at: '2199-01-01T00:00:00.000Z' });
  const schedule = await listScheduled(bob, name);
  const [planned] = schedule.promotions;
  t.like(planned, { version: '1.0.1', tag: 'production', state: 'scheduled', requestedBy: 'bob' });
  t.regex(scheduleText(schedule, plain), /^\S+ +production to 1\.0\.1 +2199-01-01T\S+ +scheduled +by bob$/);
  t.is(await code(unschedule(await as('dan'), name, planned?.id ?? '')), 'EFORBIDDEN');
  await unschedule(bob, name, planned?.id ?? '');
  t.is(await code(unschedule(bob, name, planned?.id ?? '')), 'ENOTFOUND');
  t.is((await listScheduled(bob, name)).promotions[0]?.state, 'cancelled');
});

test.serial('what the registry refuses comes with its own code', async t => {
  const id = await publishAs('both', '@bank/refused', '1.0.0');
  const both = await as('both');
  t.is(await code(decideApproval(both, id, { decision: 'approve' })), 'EFOUREYES');
  t.is(await code(decideApproval(await as('bob'), id, { decision: 'decline' })), 'EUSAGE');
  t.is(await code(showApproval(await as('eve'), id)), 'ENOTFOUND');
  t.is((await withdrawApproval(both, id, 'a mistake')).approval.state, 'withdrawn');
  t.is(await code(decideApproval(await as('bob'), id, { decision: 'approve' })), 'EAPPROVAL');
  t.is(await code(promote(both, '@bank/refused', { tag: 'production' })), 'EUSAGE');
  t.is(await code(promote(both, '@bank/refused@1.0.0', { tag: 'Not/a-tag' })), 'EUSAGE');
  t.is(await code(rollBack(both, '@bank/refused', { tag: '1.0.0' })), 'EUSAGE');
  t.is(await code(rollBack(both, '@bank/refused', { tag: 'production', to: '^1' })), 'EBADVERSION');
  t.is(await code(showApproval(both, 'apr_1')), 'EUSAGE');
  t.is(await code(decideApproval(both, '../policy', { decision: 'approve' })), 'EUSAGE');
  await decideApproval(await as('bob'), await publishAs('ann', '@bank/gone', '1.0.0'), {
    decision: 'approve',
  });
  await revoke(await as('bob'), '@bank/gone@1.0.0', 'a fault');
  t.is(await code(promote(await as('bob'), '@bank/gone@1.0.0', { tag: 'production' })), 'EREVOKED');
  const { stderr, code: exit } = await runCli(['install', '@bank/gone@1.0.0'], {
    cwd: tempDir(t),
    env: { PROMPD_HOME: tempDir(t), PROMPD_REGISTRY: registry.url },
  });
  t.regex(stderr, /EREVOKED.*revoked: a fault/);
  t.is(exit, 8);
});

test.serial(
  'a report of a version tells its approvals, also while it waits, to those who may see them',
  async t => {
    const id = await publishAs('ann', '@bank/reported', '1.0.0');
    const target = '@bank/reported@1.0.0';
    const waiting = await makeFeatReport(await as('bob'), { target, format: 'markdown' });
    t.regex(waiting.text, /publication pending.*ann/);
    t.is(await code(makeFeatReport(await as('eve'), { target, format: 'markdown' })), 'ENOTFOUND');
    await decideApproval(await as('bob'), id, { decision: 'approve', reason: 'as agreed' });
    const approved = await makeFeatReport(await as('dan'), { target, format: 'html' });
    t.regex(approved.text, /<td>bob<\/td><td>business<\/td><td>approved<\/td>.*as agreed/);
    t.deepEqual((await makeFeatReport(await as('eve'), { target, format: 'markdown' })).report.approvals, []);
  },
);

test.serial('a policy is printed, changed and set again; delegations are made', async t => {
  const amy = await as('amy');
  const before = await getPolicy(amy, 'bank');
  t.is(before.version, 0);
  const file = path.join(amy.cwd, 'policy.json');
  writeFileSync(file, JSON.stringify({ ...before.policy, requestDays: 7 }));
  t.is((await setPolicy(amy, '@bank', { file: 'policy.json', reason: 'shorter' })).version, 1);
  t.deepEqual((await getPolicy(amy, 'bank')).policy, JSON.parse(readFileSync(file, 'utf8')));
  t.is(await code(setPolicy(amy, 'bank', { file: 'none.json' })), 'ENOFILE');
  const until = new Date(Date.now() + 86_400_000).toISOString();
  t.like(await delegateApprovals(await as('rita'), 'bank', { to: 'dan', until, reason: 'leave' }), {
    from: 'rita',
    to: 'dan',
  });
  t.is(
    await code(delegateApprovals(await as('dan'), 'bank', { to: 'ann', until, reason: 'x' })),
    'EFORBIDDEN',
  );
});

test.serial('a policy of two admins is proposed by one and confirmed by another', async t => {
  await scene.project('two');
  const amy = await as('amy');
  t.is(await code(confirmPolicy(amy, '@two', undefined)), 'ENOTFOUND');
  const { policy } = await getPolicy(amy, '@two');
  const write = (document: object) =>
    writeFileSync(path.join(amy.cwd, 'policy.json'), JSON.stringify(document));
  write({ ...policy, admins: 2 });
  t.is(
    setPolicyText(await setPolicy(amy, '@two', { file: 'policy.json' }), plain),
    'set version 1 of the policy',
  );
  write({ ...policy, admins: 1 });
  const proposed = await setPolicy(amy, '@two', { file: 'policy.json', reason: 'one is enough' });
  t.regex(setPolicyText(proposed, plain), /^proposed: another admin .*until then version 1 holds$/);
  t.like(proposed.proposed, { by: 'amy', reason: 'one is enough' });
  const args = { json: true, verbose: false, quiet: false, cwd: undefined, registry: undefined };
  const flags = { project: '@two', proposed: true };
  const asked = async () => (await policyGet.run({ ...args, ...flags }, amy)).value;
  t.like(await asked(), { project: '@two', proposed: { by: 'amy', policy: { admins: 1 } } });
  t.is(await code(confirmPolicy(amy, '@two', undefined)), 'EFOUREYES');
  t.is(await code(confirmPolicy(await as('bob'), '@two', undefined)), 'EFORBIDDEN');
  const role = { user: 'rita', role: 'admin' };
  t.is((await scene.ask('amy', 'POST', '/projects/two/grants', role)).status, 201);
  t.like(await confirmPolicy(await as('rita'), '@two', 'agreed'), { version: 2, setBy: 'rita' });
  t.deepEqual(await asked(), { project: '@two', proposed: null });
});

test.serial('a delegation is listed with its end, and ended by who made it alone', async t => {
  const until = new Date(Date.now() + 86_400_000).toISOString();
  const made = await delegateApprovals(await as('val'), 'bank', { to: 'dan', until, reason: 'leave' });
  const dan = await as('dan');
  const list = await listDelegations(dan, '@bank');
  t.regex(delegationsText(list, plain), new RegExp(`^${made.id} +dan for val +until `, 'm'));
  t.is(await code(endDelegation(dan, '@bank', made.id)), 'ENOTFOUND');
  await endDelegation(await as('val'), '@bank', made.id);
  const ended = (await listDelegations(dan, '@bank')).delegations.find(({ id }) => id === made.id);
  t.truthy(ended?.revokedAt);
});

test.serial('a tier is raised with a reason, and lowered by an approver of risk with evidence', async t => {
  const id = await publishAs('ann', '@bank/tiers', '1.0.0');
  const raised = await changeTier(await as('bob'), id, { tier: 2, reason: 'customers read it' });
  t.is(raised.approval.tier, 2);
  const rita = await as('rita');
  const draft = { tier: 1, reason: 'they do not', evidence: 'https://example.com/note' };
  t.is(await code(changeTier(rita, id, draft)), 'EUSAGE');
  const lowered = { ...draft, sha256: 'a'.repeat(64) };
  t.is(await code(changeTier(await as('bob'), id, lowered)), 'EFORBIDDEN');
  const low = await changeTier(rita, id, lowered);
  t.is(low.approval.tier, 1);
  t.regex(decidedText(low, plain), /^tier +1: they do not$/m);
  t.regex(approvalText(await showApproval(rita, id), plain), /^tier +1: they do not$/m);
  await withdrawApproval(await as('ann'), id, 'enough');
});

test('what ends on a date does so at its end, what begins does at its beginning, and a time names its zone', t => {
  t.is(endOf('2026-12-01'), '2026-12-01T23:59:59.000Z');
  t.is(startOf('2026-12-01'), '2026-12-01T00:00:00.000Z');
  for (const read of [startOf, endOf]) {
    t.is(read('2026-12-01T08:00:00+08:00'), '2026-12-01T00:00:00.000Z');
    // 02:30 is twice or never in some zones on these days; 31 November is no day.
    for (const typed of [
      'tomorrow',
      '2026-13-01',
      '2026-11-31',
      '12',
      '',
      '2026-03-29T02:30',
      '2026-10-25T02:30:00',
    ])
      t.throws(() => read(typed), { message: /no date, and no time with its zone/ }, typed);
  }
});
