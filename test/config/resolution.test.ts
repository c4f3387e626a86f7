import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { loadConfig } from '#prompd/config/load.js';
import { parseDuration, parseMoment } from '#prompd/config/resolution.js';
import { type Teardown, tempDir } from '../support/temp.js';

interface Layers {
  readonly user?: unknown;
  readonly project?: unknown;
  readonly env?: Record<string, string>;
}

async function load(t: Teardown, { user, project, env = {} }: Layers) {
  const cwd = tempDir(t);
  const home = path.join(cwd, 'home');
  mkdirSync(home);
  if (user !== undefined) writeFileSync(path.join(home, 'config.json'), JSON.stringify(user));
  if (project !== undefined) writeFileSync(path.join(cwd, '.prompdrc.json'), JSON.stringify(project));
  return (await loadConfig({ cwd, env: { PROMPD_HOME: home, ...env }, flags: {} })).resolution;
}

const DAY = 24 * 3600 * 1000;
const user = {
  resolution: 'lowest',
  conflicts: 'error',
  before: '2026-01-31',
  minimumReleaseAge: { age: '3d', exclude: ['@bank/*'] },
};

test('without settings the highest versions are wanted, isolated, of any age', async t => {
  t.deepEqual(await load(t, {}), {
    strategy: 'highest',
    conflicts: 'isolate',
    before: undefined,
    minimumReleaseAgeMs: 0,
    minimumReleaseAgeExclude: [],
  });
});

test('what is wrong with a value is said in sentences that end once', async t => {
  for (const project of [
    { before: 'soon' },
    { minimumReleaseAge: 'soon' },
    { resolution: 'soon' },
    { conflicts: 1 },
  ]) {
    const error = await t.throwsAsync(load(t, { project }), { code: 'ECONFIG' });
    t.regex(error?.message ?? '', /[^.]\.$/, JSON.stringify(project));
  }
});

test('the user sets how versions are chosen', async t => {
  t.deepEqual(await load(t, { user }), {
    strategy: 'lowest',
    conflicts: 'error',
    before: new Date('2026-01-31T00:00:00Z'),
    minimumReleaseAgeMs: 3 * DAY,
    minimumReleaseAgeExclude: ['@bank/*'],
  });
});

test('the project is stronger than the user, switch by switch', async t => {
  const project = { resolution: 'lowest-direct', minimumReleaseAge: '1w' };
  t.like(await load(t, { user, project }), {
    strategy: 'lowest-direct',
    conflicts: 'error',
    minimumReleaseAgeMs: 7 * DAY,
    minimumReleaseAgeExclude: ['@bank/*'],
  });
});

test('the environment is stronger than the files, and an empty variable is none', async t => {
  const env = {
    PROMPD_RESOLUTION: 'highest',
    PROMPD_CONFLICTS: '',
    PROMPD_BEFORE: '2025-01-01T12:00:00+02:00',
    PROMPD_MINIMUM_RELEASE_AGE: '0',
    PROMPD_MINIMUM_RELEASE_AGE_EXCLUDE: '@acme, tone',
  };
  t.deepEqual(await load(t, { user, env }), {
    strategy: 'highest',
    conflicts: 'error',
    before: new Date('2025-01-01T10:00:00Z'),
    minimumReleaseAgeMs: 0,
    minimumReleaseAgeExclude: ['@acme', 'tone'],
  });
});

for (const [name, layers] of [
  ['PROMPD_RESOLUTION', { env: { PROMPD_RESOLUTION: 'newest' } }],
  ['PROMPD_MINIMUM_RELEASE_AGE', { env: { PROMPD_MINIMUM_RELEASE_AGE: '3' } }],
  ['PROMPD_BEFORE', { env: { PROMPD_BEFORE: 'yesterday' } }],
  ['"resolution"', { project: { resolution: 'newest' } }],
  ['"before"', { user: { before: '2026-02-30' } }],
  ['"minimumReleaseAge.age"', { project: { minimumReleaseAge: 'soon' } }],
  ['"minimumReleaseAge.exclude.0"', { project: { minimumReleaseAge: { exclude: ['A b'] } } }],
  ['"minimumReleaseAge.exclud"', { project: { minimumReleaseAge: { exclud: [] } } }],
] as const) {
  test(`a bad ${name} is ECONFIG and named: ${JSON.stringify(layers)}`, async t => {
    const error = await t.throwsAsync(load(t, layers), { code: 'ECONFIG' });
    t.true(error.message.includes(name), error.message);
  });
}

const durations: Readonly<Record<string, number | undefined>> = {
  '0': 0,
  '3d': 3 * DAY,
  '3 days': 3 * DAY,
  '1d 12h': 1.5 * DAY,
  '1w': 7 * DAY,
  '90m': 90 * 60_000,
  '0.5h': 30 * 60_000,
  P3D: 3 * DAY,
  PT36H: 1.5 * DAY,
  P1DT12H: 1.5 * DAY,
  '3': undefined,
  '3 moons': undefined,
  '-3d': undefined,
  '': undefined,
  P: undefined,
  '99999999999d': undefined,
};
for (const [raw, expected] of Object.entries(durations)) {
  test(`"${raw}" is ${expected === undefined ? 'no length of time' : `${expected} ms`}`, t => {
    t.is(parseDuration(raw), expected);
  });
}

for (const raw of ['2026-1-1', '2026-02-29', '2026-01-01T00:00', '01/02/2026', '2026', '']) {
  test(`"${raw}" is no moment that is the same everywhere`, t => {
    t.is(parseMoment(raw), undefined);
  });
}

test('every ISO time is read as the moment it says, and no text throws', t => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }), date => {
      t.deepEqual(parseMoment(date.toISOString()), date);
    }),
  );
  fc.assert(
    fc.property(fc.string(), text => {
      t.notThrows(() => [parseDuration(text), parseMoment(text)]);
    }),
  );
});
