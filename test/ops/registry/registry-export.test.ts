import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import type { ExportResult } from '#prompd/ops/registry/registry-export.js';
import { connect, newSigningKey } from '#prompd/registry/index.js';
import type { SearchPage } from '#prompd/registry/registry.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { type Teardown, tempDir } from '../../support/temp.js';
import { locked, makeScene, promptText, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  const prompts = { main: 'main.prompd' };
  const files = { 'main.prompd': promptText('main') };
  await publish({ name: '@acme/base', version: '1.0.0', prompts, description: 'A base' }, files);
  await publish({ name: '@acme/base', version: '1.1.0', prompts, description: 'A base' }, files);
  const dependencies = { '@acme/base': '^1.0.0' };
  await publish({ name: '@acme/top', version: '2.0.0', prompts, dependencies, keywords: ['summit'] }, files);
  await publish({ name: 'alone', version: '0.1.0', prompts }, files);
});

test('an export is a registry: installing from its folder gives what installing from its origin gives', async t => {
  const { dir, result } = await exported(t);
  t.like(result, { packages: 3, versions: 4, written: 4 });
  const wanted = { manifest: { dependencies: { '@acme/top': '^2.0.0', alone: '*' } } };
  const origin = makeScene(t, registry().url, wanted);
  await origin.good('install');
  const copy = makeScene(t, folderUrl(dir), wanted);
  await copy.good('install');
  t.is(copy.read('prompd-lock.json'), origin.read('prompd-lock.json'));
  t.deepEqual(copy.stored(), origin.stored());
  await copy.good('ci');
  t.regex((await copy.good('render', '@acme/top:main', '-p', 'word=hi')).stdout, /Say hi\./);
});

test('an export behind a plain web server is found out to be one, searched, and installed from', async t => {
  const { dir } = await exported(t);
  const { url, paths } = await webServer(t, dir);
  const scene = makeScene(t, url, { manifest: {} });
  await scene.good('install', '@acme/top');
  t.deepEqual(locked(scene.read('prompd-lock.json')), ['@acme/base@1.1.0', '@acme/top@2.0.0']);
  const { total, hits } = (await scene.good('search', 'summit', '--json')).json<SearchPage>();
  t.deepEqual([total, hits[0]?.name as string], [1, '@acme/top']);
  t.true(paths.includes('/index.json'));
  for (const address of [url, pathToFileURL(dir).href])
    for (const command of [['whoami'], ['deprecate', '@acme/top@2.0.0', 'Old.']]) {
      const refused = await scene.run(...command, '--registry', address, '--json');
      t.is(refused.json<{ error: { code: string } }>().error.code, 'EREADONLY', `${command} ${address}`);
    }
});

test('named packages come with what they depend on, and nothing else', async t => {
  const { result, dir } = await exported(t, '@acme/top');
  t.is(result.packages, 2);
  t.deepEqual(readdirSync(path.join(dir, 'packages')), ['@acme']);
});

test('exporting again writes only what is new, under a higher serial', async t => {
  const first = await exported(t);
  await registry().publish({ name: '@late/one', version: '1.0.0' });
  const second = (await first.again()).json<ExportResult>();
  t.like(second, { packages: 4, written: 1, publicKey: first.result.publicKey });
  t.true(second.serial > first.result.serial);
});

test('an archive that has other bytes than its registry gives is replaced, with a warning', async t => {
  const { dir, again } = await exported(t);
  const file = path.join(dir, 'packages/alone/alone-0.1.0.tgz');
  const before = readFileSync(file);
  writeFileSync(file, 'other');
  t.regex((await again()).stderr, /alone@0\.1\.0 was there with other bytes, and was replaced/);
  t.deepEqual(readFileSync(file), before);
});

test('who reads a copy while it is exported anew reads on in the new one, and misses what neither has', async t => {
  const name = parsePackageName('@move/one');
  const own = await startTestRegistry(t);
  await own.publish({ name, version: '1.0.0' });
  const dir = path.join(tempDir(t), 'copy');
  const scene = makeScene(t, own.url);
  await scene.good('registry', 'export', dir);
  const env = { PROMPD_REGISTRY: folderUrl(dir) };
  const reader = connect(await testContext({ cwd: tempDir(t), env }), 'default');
  await reader.search({ text: 'summit' });
  await own.publish({ name, version: '1.1.0' });
  await scene.good('registry', 'export', dir);
  const answer = await reader.packument(name);
  if (answer.kind !== 'fresh') return t.fail();
  t.deepEqual([...answer.packument.versions.keys()].map(String), ['1.0.0', '1.1.0']);
  rmSync(path.join(dir, 'packages/@move'), { recursive: true });
  await t.throwsAsync(reader.packument(name), {
    code: 'EBADRESPONSE',
    message: /lists a package and has no/,
  });
});

const TAMPERED: readonly [string, (dir: string) => void, RegExp][] = [
  [
    'the index',
    dir => edit(path.join(dir, 'index.json'), text => text.replace('A base', 'A bass')),
    /ESIGNATURE/,
  ],
  [
    'a packument',
    dir => {
      const folder = path.join(dir, 'packages/@acme/base');
      for (const file of readdirSync(folder).filter(name => name.startsWith('packument-')))
        edit(path.join(folder, file), text => text.replace('1.1.0', '1.1.1'));
    },
    /EINTEGRITY/,
  ],
  [
    'an archive',
    dir => {
      const file = path.join(dir, 'packages/@acme/base/base-1.1.0.tgz');
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      writeFileSync(file, bytes);
    },
    /EINTEGRITY/,
  ],
];

for (const [what, tamper, code] of TAMPERED) {
  test(`an export in which ${what} was changed is refused with exit 7, and nothing is installed`, async t => {
    const { dir } = await exported(t);
    tamper(dir);
    const scene = makeScene(t, folderUrl(dir), { manifest: {} });
    const refused = await scene.run('install', '@acme/base');
    t.is(refused.code, 7, refused.stderr);
    t.regex(refused.stderr, code);
    t.deepEqual(scene.stored(), {});
    t.false(scene.has('prompd-lock.json'));
  });
}

test('an older export in the place of a newer one is refused, and so is one of another key', async t => {
  const first = await exported(t);
  const old = path.join(tempDir(t), 'old');
  cpSync(first.dir, old, { recursive: true });
  await first.again();
  const scene = makeScene(t, folderUrl(first.dir), { manifest: {} });
  await scene.good('install', 'alone');
  cpSync(path.join(old, 'index.json'), path.join(first.dir, 'index.json'));
  const rolledBack = await scene.run('install', '@acme/base');
  t.is(rolledBack.code, 7);
  t.regex(rolledBack.stderr, /EROLLBACK/);

  const key = path.join(tempDir(t), 'other.pem');
  writeFileSync(key, newSigningKey());
  await first.again('--key', key);
  const resigned = await scene.run('install', '@acme/base');
  t.is(resigned.code, 7);
  t.regex(resigned.stderr, /ESIGNATURE.*another key/);
});

test('a registry of another kind in the place of one of files is refused, in every command', async t => {
  const { dir } = await exported(t);
  const { url } = await webServer(t, dir);
  const scene = makeScene(t, url, { manifest: {} });
  await scene.good('install', '@acme/base@1.0.0');
  const before = scene.read('prompd-lock.json');
  rmSync(path.join(dir, 'index.json'));
  edit(path.join(dir, '.well-known/registry.json'), () => '{"kind":"prompd","capabilities":[]}');
  t.is((await scene.run('install', '@acme/top')).code, 6);
  for (const command of [['install', '@acme/top'], ['info', '@acme/top'], ['update']]) {
    const refused = await scene.run(...command, '--json');
    t.is(refused.json<{ error: { code: string } }>().error.code, 'ESIGNATURE', `${command}`);
  }
  t.is(scene.read('prompd-lock.json'), before);
});

test('a key in the configuration is the only one that is trusted', async t => {
  const { dir, result } = await exported(t);
  const scene = makeScene(t, registry().url, { manifest: {} });
  const use = (publicKey: string) =>
    scene.write('.prompdrc.json', {
      registries: { disk: { url: folderUrl(dir), publicKey } },
      scopes: { '@acme': 'disk' },
    });
  use(Buffer.from('another key').toString('base64'));
  const refused = await scene.run('install', '@acme/top');
  t.is(refused.code, 7);
  t.regex(refused.stderr, /ESIGNATURE/);
  use(result.publicKey);
  await scene.good('install', '@acme/top');
});

const LINKED: readonly [string, (dir: string, outside: string) => void][] = [
  [
    'the index',
    (dir, outside) => {
      rmSync(path.join(dir, 'index.json'));
      symlinkSync(path.join(outside, 'file'), path.join(dir, 'index.json'));
    },
  ],
  [
    'an archive',
    (dir, outside) => {
      const file = path.join(dir, 'packages/@acme/base/base-1.1.0.tgz');
      rmSync(file);
      symlinkSync(path.join(outside, 'file'), file);
    },
  ],
  [
    'a folder',
    (dir, outside) => {
      rmSync(path.join(dir, 'packages/@acme'), { recursive: true });
      symlinkSync(outside, path.join(dir, 'packages/@acme'));
    },
  ],
];

for (const [what, link] of LINKED) {
  test(`an export does not write through a link in the place of ${what}`, async t => {
    const { dir, run } = await exported(t);
    const outside = tempDir(t);
    writeFileSync(path.join(outside, 'file'), 'precious');
    link(dir, outside);
    const refused = await run();
    t.is(refused.code, 1, refused.stderr);
    t.regex(refused.stderr, /EIO.*not a plain (?:file|folder)/);
    t.deepEqual(readdirSync(outside), ['file']);
    t.is(readFileSync(path.join(outside, 'file'), 'utf8'), 'precious');
  });
}

test("an export does not replace somebody else's index.json", async t => {
  const scene = makeScene(t, registry().url);
  scene.write('site/index.json', { mine: true });
  const refused = await scene.run('registry', 'export', 'site');
  t.is(refused.code, 1);
  t.regex(refused.stderr, /EEXISTS/);
  t.deepEqual(JSON.parse(scene.read('site/index.json')), { mine: true });
});

test('exports to one folder at once take turns, sign with one key, and leave a whole copy', async t => {
  const scene = makeScene(t, registry().url, { manifest: {} });
  const runs = [['alone'], ['@acme/top'], []].map(names =>
    scene.good('registry', 'export', 'copy', ...names, '--json'),
  );
  const results = (await Promise.all(runs)).map(run => run.json<ExportResult>());
  t.is(new Set(results.map(({ publicKey }) => publicKey)).size, 1);
  t.is(new Set(results.map(({ serial }) => serial)).size, 3);
  const last = results.reduce((a, b) => (a.serial > b.serial ? a : b));
  const reader = makeScene(t, folderUrl(path.join(scene.dir, 'copy')), { manifest: {} });
  await reader.good('install', last.packages === 1 ? 'alone' : '@acme/top');
});

test('what an export that was killed left half written goes with the next one', async t => {
  const { dir, again } = await exported(t);
  const left = path.join(dir, 'packages/alone/alone-0.1.0.tgz.3141592');
  writeFileSync(left, 'half');
  await again();
  t.deepEqual(
    readdirSync(path.dirname(left)).filter(file => !file.startsWith('packument-')),
    ['alone-0.1.0.tgz'],
  );
});

test('an export of fewer packages than the copy had says which are no longer listed', async t => {
  const { dir } = await exported(t);
  const scene = makeScene(t, registry().url);
  const fewer = await scene.good('registry', 'export', dir, 'alone', '--json');
  t.regex(fewer.stderr, /no longer lists.*@acme\/base/);
  t.regex(fewer.stderr, /another key/);
});

test('all pages of a list are exported, also behind one that has entries which are not well formed', async t => {
  const names = Array.from({ length: 251 }, (_, at) => `p${at}`);
  const { url } = await npmList(t, ['Not A Name!', ...names]);
  const scene = makeScene(t, url);
  const run = await scene.good('registry', 'export', 'copy', '--json');
  t.like(run.json<ExportResult>(), { packages: 251, versions: 251 });
  t.regex(run.stderr, /p250: versions .* left out/);
});

test('the key that a project names does not replace one that was seen before', async t => {
  const { dir, again } = await exported(t, 'alone');
  const scene = makeScene(t, folderUrl(dir), { manifest: {} });
  await scene.good('search', 'alone');
  const key = path.join(tempDir(t), 'other.pem');
  writeFileSync(key, newSigningKey());
  const { publicKey } = (await again('--key', key)).json<ExportResult>();
  scene.write('.prompdrc.json', { registries: { disk: { url: folderUrl(dir), publicKey } } });
  const refused = await scene.run('search', 'alone');
  t.is(refused.code, 7, refused.stdout);
  t.regex(refused.stderr, /ESIGNATURE.*another key/);
});

test('an export of a registry that lists nothing leaves the copy as it is', async t => {
  const { url } = await npmList(t, []);
  const scene = makeScene(t, url);
  const refused = await scene.run('registry', 'export', 'copy');
  t.is(refused.code, 5, refused.stderr);
  t.regex(refused.stderr, /ENOTFOUND.*lists no packages/);
  t.false(scene.has('copy/index.json'));
});

interface Exported {
  readonly dir: string;
  readonly result: ExportResult;
  again(...args: string[]): ReturnType<ReturnType<typeof makeScene>['good']>;
  run(): ReturnType<ReturnType<typeof makeScene>['run']>;
}

async function exported(t: Teardown, ...names: string[]): Promise<Exported> {
  const scene = makeScene(t, registry().url);
  const dir = path.join(scene.dir, 'export');
  const again = (...args: string[]) => scene.good('registry', 'export', dir, ...names, '--json', ...args);
  const run = () => scene.run('registry', 'export', dir, ...names);
  return { dir, result: (await again()).json<ExportResult>(), again, run };
}

function folderUrl(dir: string): string {
  return pathToFileURL(`${dir}/`).href;
}

function edit(file: string, change: (text: string) => string): void {
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

/** An npm registry of packages that all have the same archive; their versions without integrity cannot be exported. */
async function npmList(t: Teardown, names: readonly string[]): Promise<{ url: string }> {
  const archive = Buffer.from('one archive for all');
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  return serve(t, url => {
    if (url.pathname === '/-/ping') return {};
    if (url.pathname === '/-/v1/search') {
      const from = Number(url.searchParams.get('from') ?? 0);
      const page = names.slice(from, from + Number(url.searchParams.get('size')));
      return { objects: page.map(name => ({ package: { name, version: '1.0.0' } })), total: page.length };
    }
    const [, name = '', dash] = url.pathname.split('/');
    if (dash === '-') return archive;
    if (!names.includes(name)) return undefined;
    const version = (number: string, dist: object) => ({ name, version: number, dist });
    return {
      name,
      'dist-tags': { latest: '1.0.0' },
      versions: {
        '1.0.0': version('1.0.0', { integrity }),
        '0.9.0': version('0.9.0', { shasum: 'a'.repeat(40) }),
        '0.8.0': 'nothing',
      },
    };
  });
}

async function serve(
  t: Teardown,
  answer: (url: URL) => object | Buffer | undefined,
): Promise<{ url: string }> {
  const server = createServer((request, response) => {
    const found = answer(new URL(request.url ?? '/', 'http://localhost'));
    if (found === undefined) response.writeHead(404).end('{}');
    else response.end(Buffer.isBuffer(found) ? found : JSON.stringify(found));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** Serves the files of a folder, and knows nothing of registries. */
async function webServer(t: Teardown, dir: string): Promise<{ url: string; paths: string[] }> {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    paths.push(pathname);
    try {
      response.end(readFileSync(path.join(dir, decodeURIComponent(pathname))));
    } catch {
      response.writeHead(404).end('<h1>Not found</h1>');
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, paths };
}
