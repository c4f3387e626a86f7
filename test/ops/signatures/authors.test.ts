import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import type { Context } from '#prompd/ops/context.js';
import { install } from '#prompd/ops/install/install.js';
import { ciIfNeeded, installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { publish } from '#prompd/ops/registry/publish.js';
import { exportRegistry } from '#prompd/ops/registry/registry-export.js';
import { auditSignatures } from '#prompd/ops/signatures/audit-signatures.js';
import {
  authorSigner,
  createAuthorKey,
  exportAuthorKey,
  ownKeys,
  removeAuthorKey,
} from '#prompd/ops/signatures/author-keys.js';
import { acceptVersion, trustedKeys, trustKey, untrustKey } from '#prompd/ops/signatures/trusted-keys.js';
import { connect } from '#prompd/registry/index.js';
import { isAuthorSignature } from '#prompd/verify/index.js';
import { testContext } from '../../support/context.js';
import { type Document, startTamperingProxy, type TamperingProxy } from '../../support/tampering-proxy.js';
import { tempDir } from '../../support/temp.js';
import { promptText, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async () => {});
let count = 0;

interface Scene {
  readonly name: string;
  readonly dir: string;
  readonly home: string;
  readonly proxy: TamperingProxy;
  context(env?: Readonly<Record<string, string>>): Promise<Context>;
  /** Publishes a version, signed by a key or by nobody. */
  publish(version: string, key?: string): Promise<void>;
  /** Asks for a version in the project and installs it. */
  install(version: string): Promise<unknown>;
  projectConfig(value: unknown): void;
}

/** A user with two keys, "jane" and "joe", who trusts Jane, and a project. */
async function makeScene(t: ExecutionContext, { trusts = true } = {}): Promise<Scene> {
  const root = tempDir(t);
  const [dir, home] = [path.join(root, 'project'), path.join(root, 'home')];
  mkdirSync(dir);
  const name = `@bank/signed-${++count}`;
  const proxy = await startTamperingProxy(t, registry().url);
  const context = async (env = {}) => ({
    ...(await testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: proxy.url, ...env } })),
    now: () => new Date(),
  });
  const jane = await createAuthorKey(await context(), 'jane');
  await createAuthorKey(await context(), 'joe');
  if (trusts) await trustKey(await context(), { key: jane.publicKey, name: 'Jane' }, { scope: '@bank' });
  return {
    name,
    dir,
    home,
    proxy,
    context,
    async publish(version, key) {
      const folder = path.join(root, `package-${version}`);
      mkdirSync(folder);
      writeFileSync(
        path.join(folder, 'prompd.json'),
        JSON.stringify({ name, version, description: 'Asks.', prompts: { ask: 'ask.prompd' } }),
      );
      writeFileSync(path.join(folder, 'ask.prompd'), promptText('ask', `Version ${version}: {{ word }}.`));
      const { url, adminToken } = registry();
      const env = { PROMPD_REGISTRY: url, PROMPD_TOKEN: adminToken };
      const result = await publish(await context(env), { target: folder, sign: key !== undefined, key });
      if (!result.receipt) throw new Error(JSON.stringify(result.problems));
    },
    async install(version) {
      writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify({ dependencies: { [name]: version } }));
      return install(await context());
    },
    projectConfig: value => writeFileSync(path.join(dir, '.prompdrc.json'), JSON.stringify(value)),
  };
}

const versionsSchema = z.record(z.string(), z.looseObject({ dist: z.looseObject({}) }));

function editDists(
  name: string,
  edit: (dist: Document, all: Readonly<Record<string, Document>>) => Document,
) {
  return (at: string, document: Document): Document => {
    if (at !== `/packages/${name}`) return document;
    const versions = versionsSchema.parse(document['versions']);
    const all = Object.fromEntries(Object.entries(versions).map(([version, { dist }]) => [version, dist]));
    return {
      ...document,
      versions: Object.fromEntries(
        Object.entries(versions).map(([version, entry]) => [
          version,
          { ...entry, dist: edit(entry.dist, all) },
        ]),
      ),
    };
  };
}

test('what a trusted author signed is installed, and the audit counts it', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0', 'jane');
  await scene.install('1.0.0');
  t.like(await auditSignatures(await scene.context()), { verified: 1, authors: 1, failed: false });
});

test('a key is trusted for a scope as package names begin with it, and nothing else', async t => {
  const scene = await makeScene(t, { trusts: false });
  const { publicKey: key } = await exportAuthorKey(await scene.context(), 'jane');
  for (const scope of ['bank', '@', '@bank/kyc', '@Bank', '']) {
    const error = await t.throwsAsync(trustKey(await scene.context(), { key }, { scope }), {
      code: 'EUSAGE',
    });
    t.regex(error?.message ?? '', /is no scope/, scope);
  }
  t.deepEqual(trustedKeys(await scene.context()), []);
});

test('what was let pass without a signature is refused once an older version was seen signed', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0', 'jane');
  await scene.publish('1.1.0');
  scene.proxy.edit = editDists(scene.name, ({ authorSignatures: _, ...dist }) => dist);
  await scene.install('1.1.0');
  scene.proxy.edit = (_at, document) => document;
  await scene.install('1.0.0');
  await t.throwsAsync(scene.install('1.1.0'), { code: 'EDOWNGRADE' });
});

test('what is in the store is held against authors that are trusted later, and against others again', async t => {
  const scene = await makeScene(t, { trusts: false });
  await scene.publish('1.0.0', 'jane');
  await scene.install('1.0.0');
  const keys = new Map(
    (await ownKeys(await scene.context())).map(({ name, publicKey }) => [name, publicKey]),
  );
  const trustOnly = (name: string) =>
    scene.projectConfig({ signers: { '@bank': { keys: [{ key: keys.get(name) }], policy: 'required' } } });
  trustOnly('jane');
  await installIfNeeded(await scene.context());
  const { length } = scene.proxy.asked;
  await installIfNeeded(await scene.context());
  t.is(scene.proxy.asked.length, length, 'once');
  trustOnly('joe');
  for (const run of [installIfNeeded, ciIfNeeded])
    await t.throwsAsync(run(await scene.context()), { code: 'EUNSIGNED' }, run.name);
});

for (const [what, key] of [
  ['without a signature', undefined],
  ['signed by somebody else', 'joe'],
] as const) {
  test(`after a signed version a newer one ${what} is refused, until it is accepted`, async t => {
    const scene = await makeScene(t);
    await scene.publish('1.0.0', 'jane');
    await scene.publish('1.1.0', key);
    await scene.publish('1.2.0', 'jane');
    const error = await t.throwsAsync(scene.install('1.1.0'), {
      instanceOf: PrompdError,
      code: 'EDOWNGRADE',
    });
    t.like(error.facts, { name: scene.name, version: '1.1.0', signed: '1.0.0' });
    t.true(error.hint?.includes(`prompd key accept ${scene.name}@1.1.0`));
    t.false(existsSync(path.join(scene.home, 'packages', '@bank')));
    await acceptVersion(await scene.context(), `${scene.name}@1.1.0`);
    await t.notThrowsAsync(scene.install('1.1.0'));
    await t.notThrowsAsync(scene.install('1.2.0'));
  });
}

test('versions from before the author signed are installed', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0');
  await scene.publish('1.1.0', 'jane');
  await scene.install('1.1.0');
  await t.notThrowsAsync(scene.install('1.0.0'));
});

test('a registry that leaves all signatures of authors out is found out by who has seen one', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0', 'jane');
  await scene.install('1.0.0');
  await scene.publish('1.1.0');
  scene.proxy.edit = editDists(scene.name, ({ authorSignatures: _, ...dist }) => dist);
  await t.throwsAsync(scene.install('1.1.0'), { code: 'EDOWNGRADE' });
});

test('the signature of another version is refused', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0', 'jane');
  await scene.publish('1.1.0');
  scene.proxy.edit = editDists(scene.name, (dist, all) => ({
    ...dist,
    authorSignatures: all['1.0.0']?.['authorSignatures'],
  }));
  await t.throwsAsync(scene.install('1.1.0'), { code: 'ESIGNATURE' });
});

test('with the policy "required" the first version needs a signature too', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0');
  scene.projectConfig({ signers: { '@bank': { keys: [], policy: 'required' } } });
  await t.throwsAsync(scene.install('1.0.0'), { code: 'EUNSIGNED' });
});

test('a project does not add to the keys that the user trusts for a scope, and may name some where there are none', async t => {
  const scene = await makeScene(t);
  const joe = await exportAuthorKey(await scene.context(), 'joe');
  await scene.publish('1.0.0', 'jane');
  await scene.publish('1.1.0', 'joe');
  scene.projectConfig({ signers: { '@bank': [joe.publicKey] } });
  await t.throwsAsync(scene.install('1.1.0'), { code: 'EDOWNGRADE' });
  const jane = await exportAuthorKey(await scene.context(), 'jane');
  await untrustKey(await scene.context(), jane.keyid, { scope: '@bank' });
  t.deepEqual(
    trustedKeys(await scene.context()).map(({ keyid, origin }) => [keyid, origin]),
    [[joe.keyid, 'project']],
  );
  await t.notThrowsAsync(scene.install('1.1.0'));
});

test('without trusted keys signatures of authors say nothing', async t => {
  const scene = await makeScene(t, { trusts: false });
  await scene.publish('1.0.0', 'jane');
  await scene.publish('1.1.0');
  await t.notThrowsAsync(scene.install('1.1.0'));
});

test('a registry of files carries the signatures of the registry and of authors', async t => {
  const scene = await makeScene(t);
  await scene.publish('1.0.0', 'jane');
  const copy = path.join(scene.dir, 'copy');
  await exportRegistry(await scene.context(), { dir: copy, names: [scene.name] });
  writeFileSync(
    path.join(scene.dir, 'prompd.json'),
    JSON.stringify({ dependencies: { [scene.name]: '1.0.0' } }),
  );
  scene.projectConfig({ signatures: 'required', signers: { '@bank': { keys: [], policy: 'required' } } });
  const offline = await scene.context({ PROMPD_REGISTRY: `${pathToFileURL(copy).href}/` });
  await install(offline);
  t.like(await auditSignatures(offline), { verified: 1, authors: 1, failed: false });
});

test('npm registries keep no signatures of authors: nothing is sent there', async t => {
  const scene = await makeScene(t);
  const context = await scene.context();
  const registries = new Map(context.config.registries);
  const found = registries.get('default');
  if (found) registries.set('default', { ...found, protocol: 'npm' });
  const npm = connect({ ...context, config: { ...context.config, registries } }, 'default');
  const archive = Buffer.from('bytes');
  const subject = {
    name: parsePackageName(scene.name),
    version: parseVersion('1.0.0'),
    integrity: integrityOf(archive),
  };
  const sign = await authorSigner(context, 'jane');
  const request = { ...subject, archive, packageJson: {}, readme: '', tag: 'latest', access: undefined };
  await t.throwsAsync(npm.publish({ ...request, authorSignature: sign(subject) }), { code: 'EUNSUPPORTED' });
  t.deepEqual(scene.proxy.asked, []);
});

test('keys are kept apart from tokens, in the private file of the credential store', async t => {
  const scene = await makeScene(t);
  const context = await scene.context();
  t.deepEqual(
    (await ownKeys(context)).map(({ name }) => name),
    ['jane', 'joe'],
  );
  t.is(statSync(path.join(scene.home, 'credentials.json')).mode & 0o777, 0o600);
  await t.throwsAsync(createAuthorKey(context, 'jane'), { code: 'EEXISTS' });
  await t.throwsAsync(createAuthorKey(context, '../x'), { code: 'EUSAGE' });
  await removeAuthorKey(context, 'joe');
  await t.throwsAsync(exportAuthorKey(context, 'joe'), { code: 'ENOKEY' });
  t.deepEqual(
    (await ownKeys(context)).map(({ name }) => name),
    ['jane'],
  );
  t.false(readFileSync(path.join(scene.home, 'config.json'), 'utf8').includes('PRIVATE'));
});

test('CI signs with the key in PROMPD_AUTHOR_KEY', async t => {
  const scene = await makeScene(t);
  const { privateKey = '', keyid } = await exportAuthorKey(await scene.context(), 'joe', {
    withPrivate: true,
  });
  const subject = { name: '@bank/kyc', version: '1.0.0', integrity: integrityOf(Buffer.from('bytes')) };
  const sign = await authorSigner(await scene.context({ PROMPD_AUTHOR_KEY: privateKey }), undefined);
  t.is(sign(subject).keyid, keyid);
  t.true(isAuthorSignature(subject, sign(subject)));
  t.false(isAuthorSignature({ ...subject, version: '1.0.1' }, sign(subject)));
  await t.throwsAsync(authorSigner(await scene.context({ PROMPD_AUTHOR_KEY: 'x' }), undefined), {
    code: 'ECONFIG',
  });
  await t.throwsAsync(authorSigner(await scene.context(), undefined), { code: 'ENOKEY' });
});

test('what is no public key is not trusted, and a key is not untrusted twice', async t => {
  const scene = await makeScene(t);
  const context = await scene.context();
  await t.throwsAsync(trustKey(context, { key: 'AAAA' }, { scope: '@bank' }), { code: 'EUSAGE' });
  await t.throwsAsync(untrustKey(context, 'SHA256:x', { scope: '@bank' }), { code: 'ENOKEY' });
});
