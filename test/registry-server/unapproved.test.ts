import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { testAndReport } from '#prompd/ops/models/test-package.js';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/approval-answers.js';
import { LIMITS } from '#server/settings.js';
import { testContext } from '../support/context.js';
import { archiveBody, packTest, startTestRegistry } from '../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { tempDir } from '../support/temp.js';
import { matrixSchema, runSchema } from './compatibility-answers.js';
import { delivered, prompt, publishPrompt, refused, textOf } from './delivery/prompts.js';
import { expectStatus, governedScene, type Person, SMALL } from './governed-scene.js';

/** Longer than evidence holds. */
const LIFE = 91 * 24 * 60 * 60 * 1000;

const undo: Array<() => void | Promise<void>> = [];
let ahead = 0;
const registry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  {
    now: () => new Date(Date.now() + ahead),
    limits: { ...LIMITS, governanceInterval: 50, jobInterval: 50 },
    models: modelSettings({}),
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
const tagsOf = async (name: string) =>
  answers.distTags.parse(await (await registry.request(`${address(name)}/dist-tags`)).json());
const force = (who: Person, name: string, version: string) =>
  ask(who, 'POST', `${address(name)}/break-glass`, {
    version,
    tag: 'production',
    reason: 'the channel serves a fault',
  });

test.serial('what was let through by force goes to its channel alone until somebody approves it', async t => {
  const name = '@bank/forced';
  await scene.approved(name, '1.0.0');
  await pend('ann', name, '2.0.0');
  const forced = shapes.approval.parse(await (await expectStatus(force('bob', name, '2.0.0'), 202)).json());
  const settings = (body: object) => codeOf(ask('ann', 'PUT', address(name), body));
  t.is(await settings({ yanked: { '2.0.0': false } }), 'EAPPROVAL 409', 'new resolutions would choose it');
  t.is(await settings({ distTags: { latest: '2.0.0' } }), 'EAPPROVAL 409');
  t.is(
    await codeOf(ask('ann', 'PUT', `${address(name)}/dist-tags/beta`, { version: '2.0.0' })),
    'EAPPROVAL 409',
  );
  for (const more of [{}, { at: new Date(Date.now() + ahead + 1_000).toISOString() }]) {
    const promoted = ask('bob', 'POST', `${address(name)}/promotions`, {
      version: '2.0.0',
      tag: 'beta',
      ...more,
    });
    t.is(await codeOf(promoted), 'EAPPROVAL 409');
  }
  const split = ask('ann', 'PUT', `${address(name)}/dist-tags/latest/split`, {
    version: '2.0.0',
    weight: 50,
  });
  t.is(await codeOf(split), 'EAPPROVAL 409');
  await expectStatus(
    ask('bob', 'POST', `${address(name)}/revocations`, { version: '1.0.0', reason: 'a fault' }),
    204,
  );
  t.deepEqual(await tagsOf(name), { production: '2.0.0' }, 'latest falls back to nothing');
  const found = answers.searchPage.parse(await (await registry.request('/packages?q=forced')).json());
  t.is(found.total, 0);
  t.is(await codeOf(registry.request(`/delivery/${name}/x?tag=production`)), 'ENOPROMPT 404', 'it is read');
  await expectStatus(approve('rita', forced), 201);
  t.deepEqual(await tagsOf(name), { latest: '2.0.0', production: '2.0.0' });
});

const rollBack = (name: string) => ask('bob', 'POST', `${address(name)}/rollbacks`, { tag: 'production' });
const promote = (name: string, version: string, more: object = {}) =>
  ask('bob', 'POST', `${address(name)}/promotions`, { version, tag: 'production', ...more });

/** Asks for approval of a version that has the prompt `summary`. */
async function pendPrompt(name: string, version: string) {
  const { bytes } = await packTest(
    { name, version, feat: SMALL, prompts: { summary: 'summary.prompd' } },
    { 'summary.prompd': prompt(`Text of ${version}.`) },
  );
  const token = await registry.tokenOf('ann', 'publish');
  const answer = await expectStatus(registry.request('/packages', { ...archiveBody(bytes), token }), 202);
  const { approval } = answers.receipt.parse(await answer.json());
  if (!approval) throw new Error('it was published');
  return approval;
}

/** A package whose channel points at 2.0.0 by force, and did at 1.0.0 before; 1.1.0 is approved. */
async function forcedPrompt(name: string) {
  for (const version of ['1.0.0', '1.1.0'])
    await expectStatus(approve('bob', await pendPrompt(name, version)), 201);
  await expectStatus(promote(name, '1.0.0'), 200);
  await pendPrompt(name, '2.0.0');
  const forced = shapes.approval.parse(await (await expectStatus(force('bob', name, '2.0.0'), 202)).json());
  // The second time it comes from memory.
  for (let times = 0; times < 2; times++) await delivered(registry, `${name}/summary?version=2.0.0`);
  return forced;
}

/** What everybody gets who asks for exactly 2.0.0. */
const exactly = (name: string) =>
  Promise.all(
    [
      `/delivery/${name}/summary?version=2.0.0`,
      `${address(name)}/2.0.0`,
      `${address(name)}/-/${name.split('/')[1]}-2.0.0.tgz`,
    ].map(async path => (await registry.request(path)).status),
  );
const THERE = [200, 200, 200];
const GONE = [404, 404, 404];
const stateOf = async ({ id }: { id: string }) => (await scene.request('rita', id)).state;

test.serial('what was forced is gone at once when its channel is pointed elsewhere', async t => {
  const moves: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    rollback: name => expectStatus(rollBack(name), 200),
    promotion: name => expectStatus(promote(name, '1.1.0'), 200),
    force: async name => {
      await pendPrompt(name, '3.0.0');
      await expectStatus(force('bob', name, '3.0.0'), 202);
    },
  };
  for (const [how, move] of Object.entries(moves)) {
    const name = `@bank/left-by-${how}`;
    const forced = await forcedPrompt(name);
    t.deepEqual(await exactly(name), THERE, how);
    await move(name);
    t.deepEqual(await exactly(name), GONE, how);
    t.is(await stateOf(forced), 'expired', how);
    t.is(await codeOf(approve('rita', forced)), 'EAPPROVAL 409', how);
  }
  t.like(await tagsOf('@bank/left-by-rollback'), { production: '1.0.0' });
  t.like(await tagsOf('@bank/left-by-promotion'), { production: '1.1.0' });
  t.like(await tagsOf('@bank/left-by-force'), { production: '3.0.0' }, 'what was forced since stays');
});

test.serial('what was forced is gone when a promotion for later comes', async t => {
  const name = '@bank/left-later';
  const forced = await forcedPrompt(name);
  await expectStatus(
    promote(name, '1.1.0', { at: new Date(Date.now() + ahead + 60_000).toISOString() }),
    201,
  );
  ahead += 61_000;
  for (let tries = 0; tries < 200 && (await tagsOf(name))['production'] !== '1.1.0'; tries++)
    await new Promise(resolve => setTimeout(resolve, 50));
  t.deepEqual(await exactly(name), GONE);
  t.is(await stateOf(forced), 'expired');
});

test.serial('what was forced is gone when its channel follows an approval', async t => {
  await scene.project('asks');
  const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/asks/policy')).json());
  const name = '@asks/kyc';
  const forced = await forcedPrompt(name);
  const channels = { production: { protected: true, tiers: { 1: { approvals: 2, functions: [] } } } };
  await expectStatus(ask('amy', 'PUT', '/projects/asks/policy', { policy: { ...policy, channels } }), 200);
  const asked = shapes.approval.parse(await (await expectStatus(promote(name, '1.1.0'), 202)).json());
  t.deepEqual(await exactly(name), THERE);
  for (const who of ['rita', 'val'] as const) await expectStatus(approve(who, asked), 201);
  t.like(await tagsOf(name), { production: '1.1.0' });
  t.deepEqual(await exactly(name), GONE);
  t.is(await stateOf(forced), 'expired');
});

test.serial('what was forced to a tag that nothing protects is gone when the tag is moved', async t => {
  await scene.project('open');
  const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/open/policy')).json());
  const moves: Readonly<Record<string, (name: string) => Promise<unknown>>> = {
    hand: name =>
      expectStatus(ask('ann', 'PUT', `${address(name)}/dist-tags/beta`, { version: '1.0.0' }), 200),
    publication: async name => {
      const tiers = { ...policy.tiers, 1: { ...policy.tiers[1], approvals: 0, functions: [] } };
      await expectStatus(ask('amy', 'PUT', '/projects/open/policy', { policy: { ...policy, tiers } }), 200);
      await expectStatus(scene.publish('ann', { name, version: '2.1.0', feat: SMALL }, '?tag=beta'), 201);
    },
  };
  for (const [how, move] of Object.entries(moves)) {
    const name = `@open/by-${how}`;
    await expectStatus(approve('bob', await pendPrompt(name, '1.0.0')), 201);
    const pending = await pendPrompt(name, '2.0.0');
    const body = { version: '2.0.0', tag: 'beta', reason: 'the channel serves a fault' };
    await expectStatus(ask('bob', 'POST', `${address(name)}/break-glass`, body), 202);
    t.deepEqual(await exactly(name), THERE, how);
    await move(name);
    t.deepEqual(await exactly(name), GONE, how);
    t.is(await stateOf(pending), 'expired', how);
  }
});

test.serial('what was forced and declined is gone at once, also where it is kept in memory', async t => {
  const name = '@bank/declined';
  const forced = await forcedPrompt(name);
  await expectStatus(scene.decide('rita', forced, { decision: 'decline', reason: 'no' }), 201);
  t.deepEqual(await exactly(name), GONE);
  t.like(await tagsOf(name), { production: '1.0.0' });
});

test.serial('what was forced takes what its channel asks for, and not only what publishing does', async t => {
  await scene.project('strict');
  const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/strict/policy')).json());
  const tiers = { 1: { approvals: 2, functions: ['risk'] } };
  const channels = { production: { protected: true, tiers } };
  await expectStatus(ask('amy', 'PUT', '/projects/strict/policy', { policy: { ...policy, channels } }), 200);
  const name = '@strict/kyc';
  await scene.approved(name, '1.0.0');
  await pend('ann', name, '1.1.0');
  const forced = shapes.approval.parse(await (await expectStatus(force('bob', name, '1.1.0'), 202)).json());
  t.deepEqual(forced.needs, { approvals: 2, functions: ['risk'] });
  t.like(shapes.approval.parse(await (await approve('val', forced)).json()), { state: 'pending' });
  t.like(shapes.approval.parse(await (await approve('rita', forced)).json()), { state: 'approved' });
});

test.serial(
  'where latest is a protected channel, versions are approved all the same, and promotion alone moves it',
  async t => {
    await scene.project('still');
    const { policy } = shapes.policy.parse(await (await ask('amy', 'GET', '/projects/still/policy')).json());
    const channels = { latest: { protected: true }, production: { protected: true } };
    await expectStatus(ask('amy', 'PUT', '/projects/still/policy', { policy: { ...policy, channels } }), 200);
    const name = '@still/kyc';
    const publish = async (version: string) => {
      const answer = await expectStatus(
        scene.publish('ann', { name, version, feat: SMALL }, '?tag=next'),
        202,
      );
      return answers.receipt.parse(await answer.json()).approval ?? t.fail();
    };
    const [first, second] = [await publish('1.0.0'), await publish('1.1.0')];
    if (!first || !second) return;
    await expectStatus(approve('bob', first), 201);
    await expectStatus(approve('bob', second), 201);
    t.deepEqual(await tagsOf(name), { next: '1.1.0' });
    await expectStatus(
      ask('bob', 'POST', `${address(name)}/promotions`, { version: '1.0.0', tag: 'latest' }),
      200,
    );
    t.deepEqual(await tagsOf(name), { latest: '1.0.0', next: '1.1.0' });
    t.is(
      await codeOf(ask('ann', 'PUT', `${address(name)}/dist-tags/latest`, { version: '1.1.0' })),
      'EPROTECTED 403',
    );
    const third = await publish('1.2.0');
    if (!third) return;
    const forced = shapes.approval.parse(
      await (await expectStatus(force('rita', name, '1.2.0'), 202)).json(),
    );
    await expectStatus(approve('bob', forced), 201);
    t.deepEqual(await tagsOf(name), { latest: '1.0.0', next: '1.1.0', production: '1.2.0' });
  },
);

test.serial(
  'the tests of a version that waits run for its reviewers and authors, and nobody else learns of them',
  async t => {
    const name = '@bank/tested';
    const publish = async (version: string) => {
      const { bytes } = await packTest(suiteManifest({ name, version, feat: SMALL }), SUITE_FILES);
      const token = await registry.tokenOf('ann', 'publish');
      const answer = await expectStatus(registry.request('/packages', { ...archiveBody(bytes), token }), 202);
      const { approval } = answers.receipt.parse(await answer.json());
      if (!approval) throw new Error('it was published');
      return approval;
    };
    const first = await publish('1.0.0');
    const of = ({ id }: { id: string }, what = '') => `/approvals/${id}/compatibility${what}`;
    const started = await expectStatus(ask('bob', 'POST', of(first, '-runs'), {}), 202);
    const { id } = runSchema.parse(await started.json());
    const run = `/compatibility-runs/${id}`;
    for (const who of ['dan', 'eve', 'admin', 'nobody'] as const) {
      for (const path of [of(first), of(first, '-runs'), run, `${run}/events`]) {
        const code = await codeOf(ask(who, 'GET', path));
        t.true(['ENOTFOUND 404', 'EAUTH 401'].includes(code), `${who} ${path} ${code}`);
      }
      for (const [method, path] of [
        ['POST', of(first, '-runs')],
        ['DELETE', run],
      ] as const) {
        const code = await codeOf(ask(who, method, path, method === 'POST' ? {} : undefined));
        t.true(['ENOTFOUND 404', 'EAUTH 401'].includes(code), `${who} ${path} ${code}`);
      }
    }
    const events = await (await ask('ann', 'GET', `${run}/events`)).text();
    t.regex(events, /"state":"done"/);
    const statuses = async (who: Person, path: string) => {
      const answer = await expectStatus(ask(who, 'GET', path), 200);
      return matrixSchema
        .parse(await answer.json())
        .prompts.map(({ prompt, models }) => `${prompt} ${models.map(({ status }) => status)}`);
    };
    for (const who of ['ann', 'bob', 'rita'] as const) {
      t.deepEqual(await statuses(who, of(first)), ['ask works', 'other needs-tuning']);
    }
    await expectStatus(approve('bob', first), 201);
    t.deepEqual(await statuses('nobody', `${address(name)}/1.0.0/compatibility`), [
      'ask works',
      'other needs-tuning',
    ]);
    t.is(await codeOf(ask('bob', 'POST', of(first, '-runs'), {})), 'EAPPROVAL 409');

    // Evidence about the same texts does not tell of a version that waits.
    ahead += LIFE;
    await scene.people();
    const second = await publish('1.1.0');
    const again = runSchema.parse(
      await (await expectStatus(ask('ann', 'POST', of(second, '-runs'), {}), 202)).json(),
    );
    await (await ask('ann', 'GET', `/compatibility-runs/${again.id}/events`)).text();
    t.deepEqual(await statuses('rita', of(second)), ['ask works', 'other needs-tuning']);
    t.deepEqual(await statuses('nobody', `${address(name)}/1.0.0/compatibility`), [
      'ask untested',
      'other untested',
    ]);
  },
);

test.serial('a reviewer reports from a terminal about exactly the version that waits', async t => {
  const at = async (version: string) => {
    const manifest = suiteManifest({ name: '@bank/reported', version, feat: SMALL });
    const cwd = tempDir(t);
    writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify(manifest));
    for (const [file, text] of Object.entries(SUITE_FILES)) writeFileSync(path.join(cwd, file), text);
    const token = await registry.tokenOf('bob', 'publish');
    const context = await testContext({ cwd, env: { PROMPD_REGISTRY: registry.url, PROMPD_TOKEN: token } });
    return { manifest, context };
  };
  const { manifest, context } = await at('1.0.0');
  const { bytes } = await packTest(manifest, SUITE_FILES);
  const token = await registry.tokenOf('ann', 'publish');
  const answer = await expectStatus(registry.request('/packages', { ...archiveBody(bytes), token }), 202);
  const request = answers.receipt.parse(await answer.json()).approval?.id ?? '';
  await t.throwsAsync(testAndReport(context, {}), { code: 'ENOTFOUND' });
  const { send } = await testAndReport(context, { request });
  t.like(await send(), { recorded: { length: 2 }, untested: [] });
  const matrix = await expectStatus(ask('ann', 'GET', `/approvals/${request}/compatibility`), 200);
  t.deepEqual(
    matrixSchema
      .parse(await matrix.json())
      .prompts.map(({ prompt, models }) => `${prompt} ${models.map(({ status }) => status)}`),
    ['ask works', 'other needs-tuning'],
  );
  const other = await at('1.1.0');
  await t.throwsAsync(testAndReport(other.context, { request }), {
    code: 'EUSAGE',
    message: /What waits there is @bank\/reported@1\.0\.0/,
  });
});

test.serial(
  'what is delivered is made of what was there when approval was asked for, and not of what came after',
  async t => {
    const base = (version: string, text: string) =>
      publishPrompt(registry, { name: '@free/base', version }, prompt(text));
    const pendHeir = async (name: string, range: string) => {
      const dependencies = { '@free/base': range };
      const prompts = { summary: 'summary.prompd' };
      const { bytes } = await packTest(
        { name, version: '1.0.0', feat: SMALL, prompts, dependencies },
        { 'summary.prompd': '---\nname: summary\ninherits: "@free/base:summary"\n---\n' },
      );
      const token = await registry.tokenOf('ann', 'publish');
      const answer = await expectStatus(registry.request('/packages', { ...archiveBody(bytes), token }), 202);
      const { approval } = answers.receipt.parse(await answer.json());
      if (!approval) throw new Error('it was published');
      return approval;
    };
    await base('1.0.0', 'As it was reviewed.');
    const [heir, ahead] = [await pendHeir('@bank/heir', '^1.0.0'), await pendHeir('@bank/ahead', '^2.0.0')];
    await base('1.1.0', 'As nobody saw it.');
    for (const request of [heir, ahead]) await expectStatus(approve('bob', request), 201);
    t.is(textOf(await delivered(registry, '@bank/heir/summary')).trim(), 'As it was reviewed.');
    await base('2.0.0', 'As nobody saw it.');
    t.is(await refused(registry.request('/delivery/@bank/ahead/summary')), '409 ECOMPOSE');
  },
);
