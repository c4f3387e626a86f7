import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import type { ApprovalDesk } from '#prompd/ops/browse/approval-desk.js';
import type { InstalledDesk, InstalledPackage } from '#prompd/ops/browse/installed.js';
import { openBrowseSession } from '#prompd/ops/browse/open-session.js';
import { Browser } from '#prompd/tui/browse/app.js';
import { approvalsTab } from '#prompd/tui/browse/approvals/approvals-tab.js';
import { installedTab } from '#prompd/tui/browse/installed/installed-tab.js';
import type { BrowseTab } from '#prompd/tui/browse/tab.js';
import { testContext } from '../../support/context.js';
import { cpuTime } from '../../support/cpu-time.js';
import { showInk } from '../../support/ink.js';
import { tempDir } from '../../support/temp.js';

const COUNT = 10_000;
/** Of processor time, with React as for development. Used as it is shipped, on two idle cores, a key takes at most 16 ms; machines of CI are slow and busy. */
const BOUND_MS = 160;

test.serial(`${COUNT} installed packages scroll without lag, their news in their lines`, async t => {
  const { frame, type, until } = await show(t, installedTab(manyInstalled()));
  await until('10000 packages, 5000 outdated');
  t.regex(await until('> @acme/p0 '), /> @acme\/p0 +\^1\.0\.0 +1\.0\.0 +1\.1\.0 +2\.0\.0 +outdated\n/);
  await type('G');
  await until('> @acme/p9999');
  await type('gg');
  await until('> @acme/p0 ');
  const times: number[] = [];
  for (let at = 1; at <= 30; at++) {
    const spent = cpuTime();
    await type('j');
    while (!frame().includes(`> @acme/p${at} `)) await sleep(1);
    times.push(spent());
  }
  const median = times.sort((a, b) => a - b)[15] ?? 0;
  t.log(`a key takes ${median.toFixed(1)} ms of processor time (median of 30)`);
  t.true(median < BOUND_MS);
});

test.serial(
  'the list is there before the registries answer, and what they refuse is said below it',
  async t => {
    const desk: InstalledDesk = {
      ...manyInstalled(),
      news: async () => {
        await sleep(300);
        throw new Error('they are \u001b[31mgone');
      },
    };
    const { until } = await show(t, installedTab(desk));
    await until('10000 packages, asking for newer versions ...');
    t.regex(await until('gone'), /^they are gone$/m);
  },
);

test.serial(
  'who is not signed in is told the command that helps, and who is what the registry refuses',
  async t => {
    const registry = 'https://registry.example.com/';
    const desk: ApprovalDesk = {
      inbox: async () => ({ registry, user: undefined, approvals: [] }),
      show: () => Promise.reject(new Error('nobody asks')),
      capacities: async () => [{}],
      decide: () => Promise.reject(new Error('nobody asks')),
    };
    const signedOut = await show(t, approvalsTab(desk));
    await signedOut.until('Run prompd login --registry https://registry.example.com/, or set PROMPD_TOKEN.');
    const empty = await show(
      t,
      approvalsTab({ ...desk, inbox: async () => ({ registry, user: 'ann', approvals: [] }) }),
    );
    t.regex(await empty.until('Nothing waits'), /You are signed in as ann\./);
  },
);

async function show(t: ExecutionContext, tab: BrowseTab) {
  const context = await testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: 'http://127.0.0.1:9' } });
  const { session, close } = await openBrowseSession(context, { global: false });
  t.teardown(close);
  const terminal = { copy() {}, open: async () => false };
  return showInk(
    t,
    <Browser session={session} tabs={[tab]} terminal={terminal} now={context.now} colour={false} />,
  );
}

/** Every second package is outdated. */
function manyInstalled(): InstalledDesk {
  const items = Array.from({ length: COUNT }, (_, at): InstalledPackage => {
    const name = parsePackageName(`@acme/p${at}`);
    const common = { range: '^1.0.0', dev: false, present: true, linked: undefined };
    return { ...common, asked: name, name, current: parseVersion('1.0.0') };
  });
  const news = {
    wanted: parseVersion('1.1.0'),
    latest: parseVersion('2.0.0'),
    outdated: true,
    yanked: false,
    deprecated: undefined,
    advisories: [],
  };
  const packages = new Map(items.flatMap(({ asked }, at) => (at % 2 === 0 ? [[asked, news]] : [])));
  return {
    project: async () => items,
    store: async () => items,
    news: async () => ({ packages, cached: false }),
  };
}
