import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import Database from 'better-sqlite3';
import { locked, makeScene, promptText, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish, request }) => {
  const say = { 'say.prompd': promptText('say') };
  const prompts = { say: 'say.prompd' };
  await publish({ name: '@common/tone', version: '1.0.0', prompts }, say);
  await publish({ name: '@common/tone', version: '1.1.0', prompts }, say);
  await publish({ name: '@common/tone', version: '2.0.0-beta.1', prompts }, say, '?tag=beta');
  await publish({ name: '@common/safety', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
  await publish({
    name: '@acme/review',
    version: '1.2.0',
    dependencies: { '@common/safety': '^1.0.0', '@common/tone': '1.0.0' },
  });
  await publish({ name: '@acme/lint', version: '1.0.0' });
  await publish({ name: '@acme/future', version: '1.0.0', engines: { prompd: '>=99' } });
  await publish({ name: '@acme/old', version: '1.0.0' });
  await request('/packages/@acme/old', {
    method: 'PUT',
    body: JSON.stringify({ deprecated: { '1.0.0': 'use @acme/review\nerror EFAKE: run this' } }),
    headers: { 'content-type': 'application/json' },
  });
});
const url = () => registry().url;

test('a package comes with its dependencies, into manifest, lockfile and store', async t => {
  const scene = makeScene(t, url());
  const { stdout } = await scene.good('install', '@acme/review');
  t.regex(stdout, /\+ @acme\/review 1\.2\.0 \(\^1\.2\.0\)/);
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/review': '^1.2.0' } });
  t.deepEqual(locked(scene.read('prompd-lock.json')), [
    '@acme/review@1.2.0',
    '@common/safety@1.0.0',
    '@common/tone@1.0.0',
  ]);
  t.true('@acme/review@1.2.0/prompd.json' in scene.stored());
});

test('an install writes the database once, whatever it learnt and placed', async t => {
  const scene = makeScene(t, url());
  const file = path.join(scene.home, 'metadata.db');
  await scene.run('install', '@acme/nowhere');
  // As long as somebody reads, the log of what was written is not emptied.
  const reader = new Database(file, { readonly: true });
  const countOf = (table: string) => reader.prepare(`SELECT count(*) AS n FROM ${table}`).pluck().get();
  t.is(countOf('packuments'), 0);
  await scene.good('install', '@acme/review');
  t.deepEqual(['packuments', 'installed', 'history'].map(countOf), [3, 3, 1]);
  t.is(commitsIn(readFileSync(`${file}-wal`)), 1);
  reader.close();
});

test('every file in the store is read-only', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/review');
  const files = Object.values(scene.stored());
  t.true(files.length > 6);
  t.true(files.every(file => file.startsWith('444 ')));
});

test('installing again writes nothing and asks no registry', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/review');
  const before = {
    lock: scene.read('prompd-lock.json'),
    at: statSync(path.join(scene.dir, 'prompd-lock.json')).mtimeMs,
  };
  const { stdout } = await makeSceneIn(scene, 'http://127.0.0.1:9/').good('install');
  t.regex(stdout, /Everything is installed: 3 packages/);
  t.is(scene.read('prompd-lock.json'), before.lock);
  t.is(statSync(path.join(scene.dir, 'prompd-lock.json')).mtimeMs, before.at);
});

test('a lockfile that is deleted comes back byte for byte, in another project and in another order of writing', async t => {
  const names = { '@acme/lint': '^1.0.0', '@acme/review': '^1.0.0', '@common/tone': '^1.0.0' };
  const one = makeScene(t, url(), { manifest: { dependencies: names } });
  const other = makeScene(t, url(), {
    manifest: { dependencies: Object.fromEntries(Object.entries(names).reverse()) },
  });
  await one.good('install');
  await other.good('install');
  t.is(one.read('prompd-lock.json'), other.read('prompd-lock.json'));
});

test('a prompt of a package is locked with the digest of its contract', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@common/tone');
  const lockfile = JSON.parse(scene.read('prompd-lock.json'));
  t.regex(lockfile.packages['default|@common/tone@1.1.0'].prompts.say, /^sha256-[0-9a-f]{64}$/);
});

const saved: readonly [string, readonly string[], Record<string, unknown>][] = [
  ['a bare name as a range from its version', ['@acme/lint'], { dependencies: { '@acme/lint': '^1.0.0' } }],
  [
    'a tag as a range from its version',
    ['@common/tone@beta'],
    { dependencies: { '@common/tone': '^2.0.0-beta.1' } },
  ],
  ['a range as it was typed', ['@common/tone@>=1 <2'], { dependencies: { '@common/tone': '>=1 <2' } }],
  ['a version as it was typed', ['@common/tone@1.0.0'], { dependencies: { '@common/tone': '1.0.0' } }],
  ['the version with --save-exact', ['-E', '@common/tone'], { dependencies: { '@common/tone': '1.1.0' } }],
  ['a development dependency with -D', ['-D', '@acme/lint'], { devDependencies: { '@acme/lint': '^1.0.0' } }],
  [
    'an alias with the name behind it',
    ['voice@prompd:@common/tone@^1.0.0'],
    { dependencies: { voice: 'prompd:@common/tone@^1.0.0' } },
  ],
];
for (const [what, args, expected] of saved) {
  test(`installing saves ${what}`, async t => {
    const scene = makeScene(t, url(), { manifest: {} });
    await scene.good('install', ...args);
    t.deepEqual(JSON.parse(scene.read('prompd.json')), expected);
    t.regex((await scene.good('install')).stdout, /Everything is installed/);
  });
}

test('a package asked for with -D moves to devDependencies', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/lint');
  await scene.good('install', '-D', '@acme/lint');
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { devDependencies: { '@acme/lint': '^1.0.0' } });
  t.true(JSON.parse(scene.read('prompd-lock.json')).packages['default|@acme/lint@1.0.0'].dev);
});

test('a package asked for with -P moves from devDependencies to dependencies', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '-D', '@acme/lint');
  await scene.good('install', '-P', '@acme/lint');
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/lint': '^1.0.0' } });
});

test('adding to a manifest leaves every other byte of it alone', async t => {
  const before =
    '{\r\n\t"keywords": ["a", "b"],\r\n\t"dependencies": {\r\n\t\t"@acme/lint": "^1.0.0"\r\n\t},\r\n\t"description": "x"\r\n}';
  const scene = makeScene(t, url(), { manifest: before });
  await scene.good('install', '@common/tone@^1.0.0');
  t.is(scene.read('prompd.json'), before.replace('"^1.0.0"', '"^1.0.0",\r\n\t\t"@common/tone": "^1.0.0"'));
  await scene.good('uninstall', '@common/tone');
  t.is(scene.read('prompd.json'), before);
});

test('--no-save fills the store and leaves the project alone', async t => {
  const scene = makeScene(t, url(), { manifest: {} });
  await scene.good('install', '--no-save', '@acme/lint');
  t.is(scene.read('prompd.json'), '{}\n');
  t.false(scene.has('prompd-lock.json'));
  t.true('@acme/lint@1.0.0/prompd.json' in scene.stored());
});

test('--dry-run says what it would do and does none of it', async t => {
  const scene = makeScene(t, url());
  const result = (await scene.good('install', '--dry-run', '--json', '@acme/review')).json<{
    added: string[];
    dryRun: boolean;
  }>();
  t.like(result, {
    dryRun: true,
    added: ['default|@acme/review@1.2.0', 'default|@common/safety@1.0.0', 'default|@common/tone@1.0.0'],
  });
  t.false(scene.has('prompd.json'));
  t.false(scene.has('prompd-lock.json'));
  t.deepEqual(scene.stored(), {});
});

test('-g writes into the home and not into the project', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '-g', '@acme/lint');
  t.false(scene.has('prompd.json'));
  t.deepEqual(locked(readFileSync(path.join(scene.home, 'global', 'prompd-lock.json'), 'utf8')), [
    '@acme/lint@1.0.0',
  ]);
  t.regex((await scene.good('list', '-g')).stdout, /@acme\/lint 1\.0\.0/);
});

test('--omit dev leaves out what only devDependencies need', async t => {
  const manifest = {
    dependencies: { '@common/tone': '^1.0.0' },
    devDependencies: { '@acme/lint': '^1.0.0' },
  };
  const first = makeScene(t, url(), { manifest });
  await first.good('install');
  const second = makeScene(t, url(), { manifest });
  second.write('prompd-lock.json', first.read('prompd-lock.json'));
  await second.good('install', '--omit', 'dev');
  t.deepEqual(
    Object.keys(second.stored())
      .map(file => file.split('/')[1]?.split('@')[0])
      .filter(name => name === 'lint'),
    [],
  );
  t.is(second.read('prompd-lock.json'), first.read('prompd-lock.json'));
});

test('--frozen-lockfile refuses what would change the lockfile, exit 10', async t => {
  const scene = makeScene(t, url(), { manifest: { dependencies: { '@acme/lint': '^1.0.0' } } });
  t.is((await scene.run('install', '--frozen-lockfile')).code, 10);
  await scene.good('install');
  await scene.good('install', '--frozen-lockfile');
});

test('a deprecated version warns on stderr and is installed', async t => {
  const scene = makeScene(t, url());
  const { stderr } = await scene.good('install', '@acme/old');
  t.regex(stderr, /warning: @acme\/old@1\.0\.0 is deprecated: use @acme\/review/);
  t.regex(stderr, /\n {2}error EFAKE/, 'no line of it passes as a message of the program');
});

test('under --json stdout holds one document and nothing else', async t => {
  const scene = makeScene(t, url());
  const { stdout } = await scene.good('install', '--json', '@acme/lint');
  t.like(JSON.parse(stdout), { added: ['default|@acme/lint@1.0.0'], total: 1, fetched: 1 });
});

test('--offline installs what is cached into a store that lost it, and is EOFFLINE for the rest', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/review');
  const other = makeScene(t, 'http://127.0.0.1:9/', { home: scene.home });
  t.is((await other.run('install', '--offline', '@acme/lint')).code, 6);
  const again = makeScene(t, url(), { home: scene.home });
  await again.good('install', '--offline', '@acme/review');
  t.is(again.read('prompd-lock.json'), scene.read('prompd-lock.json'));
});

test('a package that does not exist is exit 5, a range without a version too, and nothing is written', async t => {
  const scene = makeScene(t, url());
  for (const spec of ['@acme/nothing', '@acme/lint@^9.0.0']) {
    const { code, stderr } = await scene.run('install', spec);
    t.is(code, 5);
    t.regex(stderr, spec.includes('^9') ? /ENOVERSION/ : /ENOTFOUND/);
  }
  t.false(scene.has('prompd.json'));
});

test('without a manifest and without a package to add there is nothing to install, exit 4', async t => {
  const { code, stderr } = await makeScene(t, url()).run('install');
  t.is(code, 4);
  t.regex(stderr, /ENOMANIFEST/);
});

test('uninstalling takes away what only the package needed, and keeps the store', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/review', '@acme/lint');
  const stored = scene.stored();
  await scene.good('uninstall', '@acme/review');
  t.deepEqual(JSON.parse(scene.read('prompd.json')), { dependencies: { '@acme/lint': '^1.0.0' } });
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@acme/lint@1.0.0']);
  t.deepEqual(scene.stored(), stored);
});

test('uninstalling and ci with --dry-run say what they would do and do none of it', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/lint');
  const before = [scene.read('prompd.json'), scene.read('prompd-lock.json')];
  t.regex((await scene.good('uninstall', '--dry-run', '@acme/lint')).stdout, /Would take 1 dependency out/);
  t.deepEqual([scene.read('prompd.json'), scene.read('prompd-lock.json')], before);
  const other = makeScene(t, url(), { manifest: before[0] });
  other.write('prompd-lock.json', before[1]);
  t.regex(
    (await other.good('ci', '--dry-run')).stdout,
    /Would install 1 package from the lockfile, 1 fetched/,
  );
  t.deepEqual(other.stored(), {});
});

test('uninstalling what the project does not depend on is exit 5 and names the nearest', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/lint');
  const { code, stderr } = await scene.run('uninstall', '@acme/lnt');
  t.is(code, 5);
  t.regex(stderr, /Did you mean "@acme\/lint"\?/);
});

test('the tree shows each package below who asks for it, and repeats nothing in full', async t => {
  const scene = makeScene(t, url(), { manifest: { name: '@acme/app', version: '0.1.0', dependencies: {} } });
  await scene.good('install', '@acme/review', '@common/safety');
  t.is(
    (await scene.good('tree')).stdout,
    [
      '@acme/app@0.1.0',
      '+-- @acme/review@1.2.0',
      '|   +-- @common/safety@1.0.0 (deduped)',
      '|   `-- @common/tone@1.0.0',
      '`-- @common/safety@1.0.0',
      '    `-- @common/tone@1.0.0 (deduped)',
      '',
    ].join('\n'),
  );
});

test('the list shows what the project asks for and what it has', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@acme/lint');
  scene.write('prompd.json', { dependencies: { '@acme/lint': '^1.0.0', '@common/tone': '^1.0.0' } });
  const { stdout } = await scene.good('list');
  t.regex(stdout, /@acme\/lint 1\.0\.0 \(\^1\.0\.0\)/);
  t.regex(stdout, /@common\/tone \(\^1\.0\.0, not locked\)/);
  const all = (await scene.good('list', '--installed', '--json')).json<{ name: string }[]>();
  t.deepEqual(
    all.map(({ name }) => name),
    ['@acme/lint'],
  );
});

function makeSceneIn(scene: ReturnType<typeof makeScene>, address: string) {
  const run: typeof scene.run = (...args) => scene.run('--registry', address, ...args);
  return {
    async good(...args: string[]) {
      const result = await run(...args);
      if (result.code !== 0) throw new Error(result.stderr);
      return result;
    },
  };
}

test('each package is named once: what was asked for first, then what came with it', async t => {
  const scene = makeScene(t, url());
  const { stdout } = await scene.good('install', '@acme/review', '@acme/lint@^1', '@acme/lint@1.0.0');
  t.deepEqual(stdout.trimEnd().split('\n'), [
    '+ @acme/review 1.2.0 (^1.2.0)',
    '+ @acme/lint 1.0.0 (1.0.0)',
    '  + @common/safety@1.0.0',
    '  + @common/tone@1.0.0',
    'Installed 4 packages: 4 added, 0 removed, 4 fetched.',
  ]);
});

test('an uninstall names what it took out, also when the package stays for another', async t => {
  const scene = makeScene(t, url());
  await scene.good('install', '@common/tone@1.0.0', '@common/safety', 'again@npm:@common/tone@1.0.0');
  const { stdout } = await scene.good('uninstall', 'again');
  t.deepEqual(stdout.trimEnd().split('\n'), [
    '- again',
    'Took 1 dependency out of prompd.json: 0 packages removed, 2 left.',
  ]);
});

test('a version whose engines.prompd excludes this prompd is not chosen', async t => {
  const scene = makeScene(t, url());
  const { code, stderr } = await scene.run('install', '@acme/future');
  t.is(code, 9);
  t.regex(stderr, /ENOSOLUTION[\s\S]*>=99/);
});

/** How many transactions a write-ahead log holds. @see https://www.sqlite.org/fileformat2.html#walformat */
function commitsIn(log: Buffer): number {
  const size = 24 + log.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + size <= log.length; at += size) if (log.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
}
