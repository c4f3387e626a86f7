import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { runCli, runHere } from '../support/cli.js';
import { type Teardown, tempDir } from '../support/temp.js';

const packages = {
  a: { '1.0.0': { dependencies: { tone: '^1.0.0' } } },
  b: { '1.0.0': { dependencies: { tone: '^2.0.0' } } },
  tone: { '1.0.0': {}, '2.0.0': {} },
};
const root = { dependencies: { a: '*', b: '*' } };

async function debugResolve(t: Teardown, universe: unknown, flags: readonly string[] = []) {
  const cwd = tempDir(t);
  writeFileSync(
    path.join(cwd, 'universe.json'),
    typeof universe === 'string' ? universe : JSON.stringify(universe),
  );
  return runHere(['debug', 'resolve', 'universe.json', ...flags], { cwd });
}

test('a universe that can be resolved is exit 0 and comes back as exact versions', async t => {
  const { code, stdout, json } = await debugResolve(t, { packages, root });
  t.is(code, 0, stdout);
  t.deepEqual(json(), {
    ok: true,
    root: { dependencies: { a: '1.0.0', b: '1.0.0' } },
    packages: {
      a: { '1.0.0': { dependencies: { tone: '1.0.0' } } },
      b: { '1.0.0': { dependencies: { tone: '2.0.0' } } },
      tone: { '1.0.0': { dependencies: {} }, '2.0.0': { dependencies: {} } },
    },
  });
});

test('a dash reads the universe from standard input', async t => {
  const { code, stdout, json } = await runCli(['debug', 'resolve', '-'], {
    input: JSON.stringify({ packages, root }),
  });
  t.is(code, 0, stdout);
  t.like(json(), { ok: true, root: { dependencies: { a: '1.0.0', b: '1.0.0' } } });
});

test('a universe that cannot be resolved is exit 9 with the explanation', async t => {
  const { code, json } = await debugResolve(t, { packages, root, options: { conflicts: 'error' } }, [
    '--json',
  ]);
  t.is(code, 9);
  t.deepEqual(json(), {
    ok: false,
    code: 'ENOSOLUTION',
    explanation: [
      '1. Because a 1.0.0 depends on tone ^1.0.0 and b 1.0.0 depends on tone ^2.0.0, a 1.0.0 and b 1.0.0 cannot be used together.',
      "2. And because your project depends on any version of a and any version of b, your project's requirements cannot be met.",
    ],
    hint: 'Use "--conflicts isolate": then each package gets the version it asks for.',
  });
});

test('what was printed can be given back as the lock', async t => {
  const first = await debugResolve(t, { packages, root });
  const newer = { ...packages, tone: { ...packages.tone, '1.1.0': {}, '2.1.0': {} } };
  const again = await debugResolve(t, { packages: newer, root, options: { locked: first.json() } });
  t.deepEqual(again.json(), first.json());
});

test('overrides may stand in the root, as in a manifest; those of the options are stronger', async t => {
  const asked = { ...root, overrides: { tone: '1.0.0' } };
  const manifest = await debugResolve(t, { packages, root: asked });
  t.like(manifest.json(), { ok: true, packages: { b: { '1.0.0': { dependencies: { tone: '1.0.0' } } } } });
  const options = await debugResolve(t, { packages, root: asked, options: { overrides: { tone: '2.0.0' } } });
  t.like(options.json(), { ok: true, packages: { a: { '1.0.0': { dependencies: { tone: '2.0.0' } } } } });
});

const refused: Readonly<Record<string, unknown>> = {
  'text that is not JSON': '{"packages": {',
  'packages that are a list': { packages: [], root },
  'a version that is none': { packages: { a: { one: {} } }, root },
  'a dependency that is a number': { packages: { a: { '1.0.0': { dependencies: { b: 1 } } } }, root },
  'no root': { packages },
  'a name that JavaScript keeps for itself': '{"packages":{},"root":{"dependencies":{"__proto__":"*"}}}',
  'an option that there is not': { packages, root, options: { conflict: 'error' } },
};

for (const [title, universe] of Object.entries(refused)) {
  test(`${title} is refused with exit 2`, async t => {
    const { code, stdout, stderr } = await debugResolve(t, universe);
    t.is(code, 2, stderr);
    t.is(stdout, '');
    t.regex(stderr, /EBADJSON/);
  });
}

test('a file that is not there is exit 5', async t => {
  t.is((await runHere(['debug', 'resolve', 'nowhere.json'], { cwd: tempDir(t) })).code, 5);
});
