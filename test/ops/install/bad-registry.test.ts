import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';
import type { Protocol } from '#prompd/config/config.js';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { INDEX_FILE, newSigningKey, signIndex } from '#prompd/registry/index.js';
import { hostileServer } from '../../registry/hostile-server.js';
import { testContext } from '../../support/context.js';
import { packTest } from '../../support/registry.js';
import { smallRegistry } from '../../support/small-registry.js';
import { tempDir } from '../../support/temp.js';

const NAME = parsePackageName('tone');
const V1 = parseVersion('1.0.0');
/** Longest silence that the user allows; ten times that for a whole answer. */
const TIMEOUT_MS = 300;

/** What a registry answers with, in whichever protocol. */
interface Lie {
  /** Default: a true packument of the archive. */
  readonly document?: string | Buffer;
  readonly archive: Uint8Array;
  /** Whether the user's patience is what ends it. */
  readonly isSlow?: boolean;
  /** Answers in place of the document, or of the archive, and gives back true. */
  readonly interfere?: (response: ServerResponse, what: 'document' | 'archive') => boolean;
}

async function archiveOf(name: string, version: string): Promise<Uint8Array> {
  return (await packTest({ name, version })).bytes;
}

/** A packument of one version, made from what an archive really hashes to unless something else is said. */
function documentOf(archive: Uint8Array, more: object = {}, dist: object = {}): string {
  const version = { name: NAME, version: V1, dist: { integrity: integrityOf(archive), ...dist } };
  return JSON.stringify({ name: NAME, 'dist-tags': { latest: V1 }, versions: { [V1]: version }, ...more });
}

function versionsDocument(count: number): string {
  const versions = Array.from({ length: count }, (_, at) => `"${at}.0.0":{}`);
  return `{"name":"${NAME}","dist-tags":{},"versions":{${versions.join(',')}}}`;
}

function drip(response: ServerResponse): boolean {
  response.writeHead(200);
  const timer = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(timer));
  return true;
}

/** Installs from a registry that lies, and says how that ended and what it cost. */
async function installFrom(t: ExecutionContext, kind: Protocol, lie: Lie) {
  const plain = Buffer.from(lie.document ?? documentOf(lie.archive));
  // What unpacks to much is little on the way.
  const packed = plain.length > 1_000_000 ? gzipSync(plain, { level: 1 }) : undefined;
  const index = kind === 'static' ? signedIndex(plain) : '';
  const server = await hostileServer(
    t,
    (request, response) => {
      const address = request.url ?? '';
      if (address.endsWith(`/${INDEX_FILE}`)) return void response.end(index);
      const what = address.endsWith('.tgz') ? 'archive' : 'document';
      if (lie.interfere?.(response, what)) return;
      if (what === 'archive') return void response.end(lie.archive);
      response.writeHead(200, packed ? { 'content-encoding': 'gzip' } : {}).end(packed ?? plain);
    },
    kind,
  );
  const dir = tempDir(t);
  const home = path.join(dir, 'home');
  const env = {
    PROMPD_REGISTRY: server.url,
    PROMPD_NETWORK_TIMEOUT_MS: lie.isSlow ? String(TIMEOUT_MS) : '20000',
    PROMPD_NETWORK_RETRIES: '1',
  };
  const context = await testContext({ cwd: dir, home, env });
  const started = Date.now();
  const error = await t.throwsAsync(install(context, { specs: [NAME] }), { instanceOf: PrompdError });
  const stored = ['packages', 'cache'].flatMap(folder => filesIn(path.join(home, folder)));
  t.deepEqual(stored, [], 'nothing is stored');
  t.false(existsSync(path.join(dir, 'prompd-lock.json')));
  return { error, took: Date.now() - started };
}

/** An index that its own registry signed, whatever it says. */
function signedIndex(document: Buffer): string {
  const entry = {
    integrity: integrityOf(document),
    version: V1,
    description: '',
    author: '',
    category: '',
    keywords: [],
    updated: '2026-01-01T00:00:00.000Z',
  };
  return signIndex({ serial: 1, packages: new Map([[NAME, entry]]) }, newSigningKey());
}

function filesIn(dir: string): string[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
}

const LIES: readonly [string, () => Promise<Lie>, string, RegExp][] = [
  [
    'that lies about a hash',
    async () => {
      const archive = await archiveOf(NAME, V1);
      const integrity = integrityOf(Buffer.from('else'));
      return { archive, document: documentOf(archive, {}, { integrity }) };
    },
    'EINTEGRITY',
    /its bytes differ/,
  ],
  [
    "that serves another version's archive, and says its hash",
    async () => ({ archive: await archiveOf(NAME, '2.0.0') }),
    'EWRONGARCHIVE',
    /tone@1\.0\.0 holds another package/,
  ],
  [
    "that serves another package's archive, and says its hash",
    async () => ({ archive: await archiveOf('other', V1) }),
    'EWRONGARCHIVE',
    /tone@1\.0\.0 holds another package/,
  ],
  [
    'whose archive is a bomb',
    async () => ({ archive: gzipSync(Buffer.alloc(120 * 1024 * 1024)) }),
    'EARCHIVELIMIT',
    /^tone@1\.0\.0 cannot be used: .*decompresses to more/,
  ],
  [
    'that names no strong hash',
    async () => {
      const archive = await archiveOf(NAME, V1);
      return {
        archive,
        document: documentOf(archive, {}, { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }),
      };
    },
    'EBADINTEGRITY',
    /of tone@1\.0\.0 has no sha512/,
  ],
  [
    'that answers with the packument of another name',
    async () => {
      const archive = await archiveOf(NAME, V1);
      return { archive, document: documentOf(archive, { name: 'other' }) };
    },
    'EOTHERPACKAGE',
    /asked for tone and answered about "other"/,
  ],
  [
    'with more versions than the limit',
    async () => ({ archive: Buffer.alloc(0), document: versionsDocument(50_001) }),
    'EANSWERLIMIT',
    /50001 versions of tone; the limit is 50000/,
  ],
  [
    'with millions of versions',
    async () => ({ archive: Buffer.alloc(0), document: versionsDocument(2_000_000) }),
    'EANSWERLIMIT',
    /more than 500000|lists more than can be read/,
  ],
  [
    'whose metadata nests without end',
    async () => ({ archive: Buffer.alloc(0), document: Buffer.alloc(60_000_000, '[') }),
    'EANSWERLIMIT',
    /more than 1000 levels|nested too deeply/,
  ],
  [
    'with ten million versions, more than is read',
    async () => ({
      archive: Buffer.alloc(0),
      document: Buffer.concat([
        Buffer.from('{"name":"tone","versions":{'),
        Buffer.alloc(135_000_000, '"1.0.0":{},'),
      ]),
    }),
    'EANSWERLIMIT',
    /(?:more|larger) than \d+ bytes/,
  ],
  [
    'whose metadata is a bomb',
    async () => ({ archive: Buffer.alloc(0), document: Buffer.alloc(140 * 1024 * 1024) }),
    'EANSWERLIMIT',
    /(?:more|larger) than \d+ bytes/,
  ],
  [
    'that redirects in circles',
    async () => ({
      archive: await archiveOf(NAME, V1),
      interfere: (response, what) => {
        if (what === 'document') response.writeHead(302, { location: '/again.json' }).end();
        return what === 'document';
      },
    }),
    'EREDIRECT',
    /redirects without end/,
  ],
];

const PROTOCOLS = ['prompd', 'npm', 'static'] as const;

for (const kind of PROTOCOLS) {
  for (const [title, lie, code, message] of LIES) {
    test(`${kind}: a registry ${title} is ${code}, and nothing is stored`, async t => {
      const { error, took } = await installFrom(t, kind, await lie());
      t.is(error?.code as string, code, error?.stack ?? '');
      t.regex(error?.message ?? '', message);
      t.true(took < 60_000);
    });
  }
}

test('a lockfile that was edited is told from a registry that changed a package', async t => {
  const registry = await smallRegistry(t, [{ name: NAME, version: V1 }]);
  const dir = tempDir(t);
  const env = { PROMPD_REGISTRY: registry.url };
  const open = (home: string) => testContext({ cwd: dir, home: path.join(dir, home), env });
  await install(await open('first'), { specs: [NAME] });
  const lockfile = path.join(dir, 'prompd-lock.json');
  const other = integrityOf(Buffer.from('else'));
  const text = readFileSync(lockfile, 'utf8').replaceAll(/sha512-[^"]+/g, other);
  writeFileSync(lockfile, text);
  const edited = await t.throwsAsync(async () => ci(await open('second')), {
    instanceOf: PrompdError,
    code: 'EINTEGRITY',
  });
  t.regex(
    edited?.message ?? '',
    /^The lockfile names other bytes for tone@1\.0\.0 than its registry "default" has/,
  );
  t.regex(edited?.hint ?? '', /version control/);
  registry.interfere = (request, response) => {
    if (request.url?.endsWith('.tgz')) response.end('else, too');
    return request.url?.endsWith('.tgz') ?? false;
  };
  const changed = await t.throwsAsync(async () => ci(await open('third')), {
    instanceOf: PrompdError,
    code: 'EINTEGRITY',
  });
  t.regex(changed?.message ?? '', /its bytes differ/);
});

// By themselves: what unpacks to much keeps this process from dripping.
for (const dripping of ['document', 'archive'] as const) {
  test.serial(`a registry that drips its ${dripping} is ETIMEOUT, and nothing is stored`, async t => {
    const archive = await archiveOf(NAME, V1);
    const interfere: Lie['interfere'] = (response, what) => what === dripping && drip(response);
    await Promise.all(
      PROTOCOLS.map(async kind => {
        const { error } = await installFrom(t, kind, { archive, isSlow: true, interfere });
        t.is(error?.code as string, 'ETIMEOUT', `${kind}: ${error?.stack}`);
        t.regex(error?.message ?? '', /within 3 s/, kind);
      }),
    );
  });
}

for (const dripping of ['document', 'archive'] as const) {
  test.serial(
    `the ${dripping} that drips ends at the limit that the message states, and is asked for once`,
    async t => {
      let asked = 0;
      const lie: Lie = {
        archive: await archiveOf(NAME, V1),
        isSlow: true,
        interfere(response, what) {
          if (what !== dripping) return false;
          asked += 1;
          return drip(response);
        },
      };
      const { error, took } = await installFrom(t, 'prompd', lie);
      t.is(error?.facts['limitMs'], 10 * TIMEOUT_MS);
      t.true(took >= 10 * TIMEOUT_MS && took < 20 * TIMEOUT_MS, String(took));
      t.is(asked, 1);
    },
  );
}

test.serial('redirects and repetitions do not begin the time of an answer anew', async t => {
  const archive = await archiveOf(NAME, V1);
  const lie: Lie = {
    archive,
    isSlow: true,
    interfere(response, what) {
      if (what !== 'document') return false;
      // Slower than the whole answer may take in five redirects, and never silent for long.
      const timer = setInterval(() => response.writeProcessing(), 100);
      setTimeout(() => {
        clearInterval(timer);
        response.writeHead(302, { location: `/packages/tone?${Math.random()}` }).end();
      }, 1500);
      return true;
    },
  };
  const { error, took } = await installFrom(t, 'prompd', lie);
  t.is(error?.code, 'ETIMEOUT');
  t.true(took < 30 * TIMEOUT_MS, String(took));
});
