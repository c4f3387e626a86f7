import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { z } from 'zod';
import { PrompdError } from '#prompd/core/errors.js';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { auditSignatures } from '#prompd/ops/signatures/audit-signatures.js';
import { diff } from '#prompd/ops/version/diff.js';
import { testContext } from '../../support/context.js';
import type { Document } from '../../support/tampering-proxy.js';
import { sharedRegistry } from '../scene.js';
import { editVersions, NAME, publishVersions, signedScene, unsignedVersions } from './signed-scene.js';

const registry = sharedRegistry(test, publishVersions);
const makeScene = (t: ExecutionContext, range?: string) => signedScene(t, registry().url, { range });

const keysSchema = z.object({ keys: z.array(z.looseObject({ keyid: z.string() })) });

function editKeys(edit: (key: Document) => Document) {
  return (at: string, document: Document): Document =>
    at === '/-/npm/v1/keys' ? { keys: keysSchema.parse(document).keys.map(edit) } : document;
}

test('without a policy nobody asks for keys, and unsigned packages are installed', async t => {
  const scene = await makeScene(t);
  scene.proxy.edit = unsignedVersions;
  await install(await scene.context());
  t.true(scene.stored());
  t.false(scene.proxy.asked.includes('/-/npm/v1/keys'));
});

test('where signatures are required, what is signed is installed, and keys are asked for once an hour', async t => {
  const scene = await makeScene(t);
  scene.config({ signatures: 'required' });
  await install(await scene.context());
  t.true(scene.stored());
  const asked = () => scene.proxy.asked.filter(at => at === '/-/npm/v1/keys').length;
  t.is(asked(), 1);
  t.is((await auditSignatures(await scene.context())).verified, 1);
  t.is(asked(), 1);
  t.is((await auditSignatures(await scene.context(new Date(Date.now() + 7_200_000)))).verified, 1);
  t.is(asked(), 2);
});

test('signatures are required of packages that come many in one answer as well', async t => {
  const scene = await makeScene(t);
  scene.config({ signatures: 'required', registry: registry().url });
  const context = { ...(await testContext({ cwd: scene.dir, home: scene.home })), now: () => new Date() };
  await install(context);
  t.true(scene.stored());
});

test('where signatures are required, versions without one are not compared, and nothing of them is cached', async t => {
  const scene = await makeScene(t);
  scene.config({ signatures: 'required' });
  const sides = { packages: [`${NAME}@1.0.0`, `${NAME}@1.1.0`], contract: false, nameOnly: false };
  scene.proxy.edit = unsignedVersions;
  await t.throwsAsync(diff(await scene.context(), sides), { code: 'EUNSIGNED' });
  t.false(existsSync(path.join(scene.home, 'cache')));
  scene.proxy.edit = (_at, document) => document;
  await t.notThrowsAsync(diff(await scene.context(), sides));
});

const future = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
for (const [what, edit, code, reason] of [
  ['without signatures', unsignedVersions, 'EUNSIGNED', undefined],
  [
    'with an empty list of signatures',
    editVersions(dist => ({ ...dist, signatures: [] })),
    'EUNSIGNED',
    undefined,
  ],
  [
    'with signatures that are none',
    editVersions(dist => ({ ...dist, signatures: 'yes' })),
    'EUNSIGNED',
    undefined,
  ],
  [
    'with the signature of another version',
    editVersions((dist, version, all) => ({
      ...dist,
      signatures: all[version === '1.0.0' ? '1.1.0' : '1.0.0']?.['signatures'],
    })),
    'ESIGNATURE',
    /bytes/,
  ],
  [
    'signed by a key that the registry does not list',
    editVersions(dist => ({ ...dist, signatures: [{ keyid: 'SHA256:x', sig: 'AAAA' }] })),
    'ESIGNATURE',
    /no such key/,
  ],
  [
    'signed by a key that had expired',
    editKeys(key => ({ ...key, expires: '2020-01-01T00:00:00.000Z' })),
    'ESIGNATURE',
    /expired/,
  ],
  [
    'said to be of the future',
    (_at: string, document: Document) =>
      'time' in document ? { ...document, time: { '1.0.0': future, '1.1.0': future } } : document,
    'ESIGNATURE',
    /future/,
  ],
  [
    'signed by a key of another type',
    editKeys(key => ({ ...key, keytype: 'ssh-rsa', scheme: 'ssh-rsa' })),
    'ESIGNATURE',
    /type/,
  ],
  [
    'of a registry that gives no keys',
    (at: string, document: Document) => (at === '/-/npm/v1/keys' ? null : document),
    'EUNSIGNED',
    /no keys/,
  ],
  [
    'of a registry with several keys of one id',
    (at: string, document: Document) =>
      at === '/-/npm/v1/keys'
        ? { keys: keysSchema.parse(document).keys.flatMap(key => [key, key]) }
        : document,
    'EBADRESPONSE',
    undefined,
  ],
  [
    'of a registry with a million keys',
    (at: string, document: Document) =>
      at === '/-/npm/v1/keys'
        ? {
            keys: Array.from({ length: 10_000 }, (_, id) => ({
              ...keysSchema.parse(document).keys[0],
              keyid: `SHA256:${id}`,
            })),
          }
        : document,
    'EBADRESPONSE',
    undefined,
  ],
] as const) {
  test(`where signatures are required, a package ${what} is refused before it is stored`, async t => {
    const scene = await makeScene(t);
    scene.config({ signatures: 'required' });
    scene.proxy.edit = edit;
    const error = await t.throwsAsync(install(await scene.context()), { instanceOf: PrompdError, code });
    if (reason) t.regex(String(error.facts['reason']), reason);
    t.false(scene.stored());
    t.false(existsSync(path.join(scene.dir, 'prompd-lock.json')));
  });
}

test('"ci" refuses what lost its signature after it was locked', async t => {
  const scene = await makeScene(t);
  await install(await scene.context());
  const fresh = await makeScene(t);
  copyFileSync(path.join(scene.dir, 'prompd-lock.json'), path.join(fresh.dir, 'prompd-lock.json'));
  fresh.config({ signatures: 'required' });
  fresh.proxy.edit = unsignedVersions;
  const error = await t.throwsAsync(ci(await fresh.context()), {
    instanceOf: PrompdError,
    code: 'EUNSIGNED',
  });
  t.like(error.facts, { name: NAME, version: '1.0.0' });
  t.false(fresh.stored());
});

test('"when-present" takes what has no signature, and refuses a wrong one', async t => {
  const scene = await makeScene(t);
  scene.config({ signatures: 'when-present' });
  scene.proxy.edit = editVersions(dist => ({ ...dist, signatures: [{ keyid: 'SHA256:x', sig: 'AAAA' }] }));
  await t.throwsAsync(install(await scene.context()), { code: 'ESIGNATURE' });
  scene.proxy.edit = unsignedVersions;
  await install(await scene.context());
  t.true(scene.stored());
});

for (const [what, user, project, code] of [
  ['a project makes the policy stricter', 'off', 'required', 'EUNSIGNED'],
  ['a project cannot make it weaker', 'required', 'off', 'EUNSIGNED'],
  ['a project cannot make it weaker for a scope', 'required', { scopes: { '@bank': 'off' } }, 'EUNSIGNED'],
  [
    'a scope has a policy of its own',
    { default: 'off', scopes: { '@bank': 'required' } },
    undefined,
    'EUNSIGNED',
  ],
  ['a registry has a policy of its own', { registries: { default: 'required' } }, undefined, 'EUNSIGNED'],
  [
    'a scope is more special than a registry',
    { registries: { default: 'required' }, scopes: { '@bank': 'off' } },
    undefined,
    undefined,
  ],
] as const) {
  test(what, async t => {
    const scene = await makeScene(t);
    scene.config({ signatures: user });
    if (project !== undefined) scene.projectConfig({ signatures: project });
    scene.proxy.edit = unsignedVersions;
    if (code === undefined) await t.notThrowsAsync(install(await scene.context()));
    else await t.throwsAsync(install(await scene.context()), { code });
  });
}

test('a registry whose key was replaced since it was last seen is refused', async t => {
  const scene = await makeScene(t);
  scene.config({ signatures: 'required' });
  await install(await scene.context());
  scene.proxy.edit = editKeys(key => ({ ...key, keyid: 'SHA256:new' }));
  const later = await scene.context(new Date(Date.now() + 7_200_000));
  await t.throwsAsync(auditSignatures(later), { code: 'EKEYCHANGED' });
});

test('an audit tells what is verified, missing and invalid', async t => {
  const scene = await makeScene(t);
  await install(await scene.context());
  t.like(await auditSignatures(await scene.context()), { packages: 1, verified: 1, failed: false });
  scene.proxy.edit = unsignedVersions;
  const without = await auditSignatures(await scene.context());
  t.like(without, { verified: 0, failed: true });
  t.deepEqual(
    without.missing.map(({ name, version }) => `${name}@${version}`),
    [`${NAME}@1.0.0`],
  );
  scene.proxy.edit = editVersions(dist => ({
    ...dist,
    integrity: dist['integrity'],
    signatures: [{ keyid: 'SHA256:x', sig: 'AAAA' }],
  }));
  const invalid = await auditSignatures(await scene.context());
  t.like(invalid, { verified: 0, failed: true });
  t.like(invalid.invalid[0], { name: NAME, code: 'ESIGNATURE', keyid: 'SHA256:x' });
});

test('signatures are verified at an npm registry, whose short packuments do not say when a version was published', async t => {
  const scene = await makeScene(t);
  scene.config({
    registries: { npm: { url: `${registry().url}/npm/`, protocol: 'npm' } },
    signatures: { registries: { default: 'required' } },
  });
  const context = {
    ...(await testContext({ cwd: scene.dir, home: scene.home, env: { PROMPD_REGISTRY: 'npm' } })),
    now: () => new Date(),
  };
  await install(context);
  t.true(scene.stored());
  t.like(await auditSignatures(context), { packages: 1, verified: 1, failed: false });
});

test('an audit says which registries give no keys, and fails as nothing was verified', async t => {
  const scene = await makeScene(t);
  await install(await scene.context());
  scene.proxy.edit = (at, document) => (at === '/-/npm/v1/keys' ? null : document);
  const report = await auditSignatures(await scene.context());
  t.like(report, { verified: 0, failed: true });
  t.deepEqual(report.unsupported, [{ registry: `${scene.proxy.url}/`, packages: 1, required: false }]);
});
