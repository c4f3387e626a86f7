import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { baseNameOf, type PackageName, parsePackageName } from '#prompd/core/name.js';
import type { Packument, VersionMetadata } from '#prompd/core/packument.js';
import { parseVersion } from '#prompd/core/version.js';
import type { PublishRequest, Registry } from '#prompd/registry/registry.js';
import { packageJson } from '#prompd/tarball/package-json.js';
import { packTest, type TestManifest } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';

/** Two views of one registry. */
export interface RegistryUnderTest {
  readonly anonymous: Registry;
  /** With a token that may publish. */
  readonly publisher: Registry;
  /** Publishes an advisory about a package, and gives back its id; absent where the registry gives none. */
  readonly warn?: (about: { package: PackageName; vulnerable: string; patched?: string }) => Promise<string>;
}

export interface RegistryKind {
  readonly title: string;
  /** What is answered to who may not see a package: npm registries tell that there is something to sign in for. */
  readonly hidden: 'ENOTFOUND' | 'EAUTH';
  /** A scope that only who is signed in sees, where access belongs to scopes rather than to packages. */
  readonly closedScope?: string;
  /** Whether the registry looks into what it is sent, and tells what a token may do. */
  readonly isStrict: boolean;
  /** What it takes changes of: npm's protocol knows no yanked versions and keeps no history. */
  readonly changes: 'all' | "npm's";
  /** Whether npm's documents of it name owners, and take others. */
  readonly namesOwners?: boolean;
  start(t: Teardown): Promise<RegistryUnderTest>;
}

const MAX_BYTES = 1024 * 1024;
let count = 0;
/** A name that no other test uses. */
const unused = () => parsePackageName(`@acme/reviews-${++count}`);

/** What every kind of registry does alike, whatever it speaks. Called once by the test file of each adapter. */
export function registryContract(kind: RegistryKind): void {
  const { title, start: startRegistry } = kind;
  // One registry for all: each test has packages of its own.
  let running: Promise<RegistryUnderTest> | undefined;
  const undo: (() => void | Promise<void>)[] = [];
  const start = () => {
    running ??= startRegistry({ teardown: step => undo.push(step) });
    return running;
  };
  test.after.always(async () => {
    for (const step of undo.reverse()) await step();
  });

  test(`${title}: a published version is found with its integrity, and its archive has exactly its bytes`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    const request = await release({
      name,
      version: '1.0.0',
      dependencies: { '@acme/style': '^1.2.0' },
    });
    const receipt = await publisher.publish(request);
    t.like(receipt, { name, version: '1.0.0', integrity: request.integrity, tag: 'latest' });

    const { versions, distTags } = await packument(anonymous, name);
    const version = versionOf(versions, '1.0.0');
    t.is(version.dist.integrity, request.integrity as string);
    t.deepEqual(version.dependencies, { '@acme/style': '^1.2.0' });
    t.is(distTags['latest'], '1.0.0');
    const bytes = await anonymous.archive(version, MAX_BYTES);
    t.is(integrityOf(bytes), request.integrity);
  });

  test(`${title}: a tag names the version that was published under it last, and "latest" stays`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    await publisher.publish(await release({ name, version: '1.0.0' }));
    await publisher.publish({ ...(await release({ name, version: '2.0.0-rc.1' })), tag: 'next' });
    await publisher.publish({ ...(await release({ name, version: '2.0.0-rc.2' })), tag: 'next' });
    t.deepEqual((await packument(anonymous, name)).distTags, { latest: '1.0.0', next: '2.0.0-rc.2' });
  });

  test(`${title}: a version is never replaced, neither by other bytes nor by the same`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    const first = await release({ name, version: '1.0.0' });
    await publisher.publish(first);
    await t.throwsAsync(publisher.publish(first), { instanceOf: PrompdError, code: 'ECONFLICT' });
    const other = await release({ name, version: '1.0.0', description: 'Else' });
    await t.throwsAsync(publisher.publish(other), { instanceOf: PrompdError, code: 'ECONFLICT' });
    const { versions } = await packument(anonymous, name);
    t.is(versionOf(versions, '1.0.0').dist.integrity, first.integrity as string);
  });

  test(`${title}: a packument that did not change is not sent again`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    await publisher.publish(await release({ name, version: '1.0.0' }));
    const first = await anonymous.packument(name);
    const etag = first.kind === 'fresh' ? first.etag : undefined;
    t.truthy(etag);
    t.deepEqual(await anonymous.packument(name, etag), { kind: 'unchanged' });
    await publisher.publish(await release({ name, version: '1.1.0' }));
    t.is((await anonymous.packument(name, etag)).kind, 'fresh');
  });

  test(`${title}: a package that there is not is ENOTFOUND, scoped or not`, async t => {
    const { anonymous } = await start();
    const name = unused();
    for (const absent of [name, parsePackageName('nothing')]) {
      await t.throwsAsync(anonymous.packument(absent), { instanceOf: PrompdError, code: 'ENOTFOUND' });
    }
  });

  test(`${title}: names with and without a scope are different packages`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    await publisher.publish(await release({ name: baseNameOf(name), version: '3.0.0' }));
    await publisher.publish(await release({ name, version: '1.0.0' }));
    t.deepEqual([...(await packument(anonymous, name)).versions.keys()], [parseVersion('1.0.0')]);
  });

  test(`${title}: publishing without credentials is EAUTH and leaves nothing`, async t => {
    const { anonymous } = await start();
    const name = unused();
    await t.throwsAsync(anonymous.publish(await release({ name, version: '1.0.0' })), {
      code: 'EAUTH',
    });
    await t.throwsAsync(anonymous.packument(name), { code: 'ENOTFOUND' });
  });

  test(`${title}: an archive that is not what its integrity says is refused`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    const request = await release({ name, version: '1.0.0' });
    const wrong = { ...request, integrity: integrityOf(Buffer.from('else')) };
    const error = await t.throwsAsync(publisher.publish(wrong), { instanceOf: PrompdError });
    t.is(error?.exitCode, 7);
    await t.throwsAsync(anonymous.packument(name), { code: 'ENOTFOUND' });
  });

  if (kind.isStrict)
    test(`${title}: what is no archive is refused`, async t => {
      const { publisher } = await start();
      const name = unused();
      const archive = Buffer.from('not an archive');
      const request = {
        ...(await release({ name, version: '1.0.0' })),
        archive,
        integrity: integrityOf(archive),
      };
      const error = await t.throwsAsync(publisher.publish(request), { instanceOf: PrompdError });
      t.is(error?.code, 'EARCHIVE');
    });

  test(`${title}: an archive above the limit of the caller is not taken`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    await publisher.publish(await release({ name, version: '1.0.0' }));
    const version = versionOf((await packument(anonymous, name)).versions, '1.0.0');
    await t.throwsAsync(anonymous.archive(version, 10), { code: 'EARCHIVELIMIT' });
  });

  test(`${title}: search finds a package by its words, and pages`, async t => {
    const { anonymous, publisher } = await start();
    for (const [index, description] of ['Polishes a zither', 'Tunes a zither', 'Tunes a lute'].entries()) {
      await publisher.publish(await release({ name: `@acme/p${index}`, version: '1.0.0', description }));
    }
    const { hits } = await anonymous.search({ text: 'zither' });
    t.deepEqual(hits.map(hit => hit.name as string).sort(), ['@acme/p0', '@acme/p1']);
    const second = await anonymous.search({ text: 'zither', limit: 1, offset: 1 });
    t.deepEqual([second.total, second.hits.length], [2, 1]);
  });

  test(`${title}: a private package is there for those who may see it, and for nobody else`, async t => {
    const { anonymous, publisher } = await start();
    const name = parsePackageName(`${kind.closedScope ?? '@acme'}/${baseNameOf(unused())}`);
    await publisher.publish({ ...(await release({ name, version: '1.0.0' })), access: 'private' });
    await t.throwsAsync(anonymous.packument(name), { code: kind.hidden });
    const request = await release({ name, version: '1.1.0' });
    await publisher.publish({ ...request, access: undefined });
    const version = versionOf((await packument(publisher, name)).versions, '1.1.0');
    t.is((await publisher.archive(version, MAX_BYTES)).length, request.archive.length);
    await t.throwsAsync(anonymous.archive(version, MAX_BYTES), { code: kind.hidden });
    await t.throwsAsync(anonymous.packument(name), { code: kind.hidden }, 'a release must not open it');
  });

  test(`${title}: advisories are those that hold for what is installed, or it is said that there are none to know`, async t => {
    const { anonymous, publisher, warn } = await start();
    const [warned, fine] = [unused(), unused()];
    for (const name of [warned, fine]) await publisher.publish(await release({ name, version: '1.0.0' }));
    const installed = (version: string) =>
      new Map([warned, fine, unused()].map(name => [name, [parseVersion(version)]]));
    if (!warn) return t.is(await anonymous.advisories(installed('1.0.0')), undefined);
    const id = await warn({ package: warned, vulnerable: '<1.0.3', patched: '>=1.0.3' });
    const [advisory, ...others] = (await anonymous.advisories(installed('1.0.0'))) ?? [];
    t.like(advisory, { id, package: warned, vulnerable: '<1.0.3', patched: '>=1.0.3', severity: 'high' });
    t.deepEqual(others, []);
    t.deepEqual(await anonymous.advisories(installed('1.0.3')), []);
    t.deepEqual(await anonymous.advisories(new Map()), []);
  });

  test(`${title}: a tag is moved to a version and taken away, and only by who may`, async t => {
    const { anonymous, publisher } = await start();
    const name = unused();
    await publisher.publish(await release({ name, version: '1.0.0' }));
    await publisher.publish(await release({ name, version: '1.1.0' }));
    await publisher.changes.moveTag(name, 'stable', parseVersion('1.0.0'));
    t.deepEqual((await packument(publisher, name)).distTags, { latest: '1.1.0', stable: '1.0.0' });
    await publisher.changes.moveTag(name, 'stable', parseVersion('1.1.0'));
    await t.throwsAsync(anonymous.changes.moveTag(name, 'stable', parseVersion('1.0.0')), {
      instanceOf: PrompdError,
      code: 'EAUTH',
    });
    await publisher.changes.moveTag(name, 'stable', null);
    t.deepEqual((await packument(publisher, name)).distTags, { latest: '1.1.0' });
  });

  if (kind.changes === "npm's") {
    test(`${title}: versions are deprecated and made good again, and nothing else of the package changes`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      const version = parseVersion('1.0.0');
      await publisher.publish(await release({ name, version: '1.0.0' }));
      await publisher.publish(await release({ name, version: '1.1.0' }));
      const before = await packument(anonymous, name);
      await publisher.changes.configure(name, { deprecated: new Map([[version, 'Use 1.1.']]) });
      const warned = await packument(anonymous, name);
      t.is(versionOf(warned.versions, '1.0.0').deprecated, 'Use 1.1.');
      t.is(versionOf(warned.versions, '1.1.0').deprecated, undefined);
      await publisher.changes.configure(name, { deprecated: new Map([[version, null]]) });
      const { versions, distTags } = await packument(anonymous, name);
      t.deepEqual({ versions, distTags }, { versions: before.versions, distTags: before.distTags });
      const absent = new Map([[parseVersion('9.0.0'), 'No.']]);
      await t.throwsAsync(publisher.changes.configure(name, { deprecated: absent }), { code: 'ENOVERSION' });
      const foreign = anonymous.changes.configure(name, { deprecated: new Map([[version, 'No.']]) });
      await t.throwsAsync(foreign, { code: 'EAUTH' });
    });

    test(`${title}: a version is taken away with its archive, then the package, and only by who may`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      for (const version of ['1.0.0', '1.1.0', '2.0.0-rc.1', '1.2.0']) {
        await publisher.publish(await release({ name, version }));
      }
      const gone = versionOf((await packument(anonymous, name)).versions, '1.2.0');
      await t.throwsAsync(anonymous.changes.unpublish(name, gone.version), { code: 'EAUTH' });
      await publisher.changes.unpublish(name, gone.version);
      const { versions, distTags } = await packument(anonymous, name);
      t.deepEqual([...versions.keys()] as string[], ['1.0.0', '1.1.0', '2.0.0-rc.1']);
      t.is(distTags['latest'], '1.1.0', '"latest" falls back to the highest release');
      await t.throwsAsync(anonymous.archive(gone, MAX_BYTES), { code: 'ENOTFOUND' });
      await t.throwsAsync(publisher.changes.unpublish(name, gone.version), { code: 'ENOVERSION' });
      await publisher.changes.unpublish(name, undefined);
      await t.throwsAsync(anonymous.packument(name), { code: 'ENOTFOUND' });
    });

    test(`${title}: the last version takes the package with it`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      await publisher.publish(await release({ name, version: '1.0.0' }));
      await publisher.changes.unpublish(name, parseVersion('1.0.0'));
      await t.throwsAsync(anonymous.packument(name), { code: 'ENOTFOUND' });
    });

    test(`${title}: what the registry has not is EUNSUPPORTED, and asking for it loses nothing`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      await publisher.publish(await release({ name, version: '1.0.0' }));
      const { changes } = publisher;
      for (const ask of [
        () => changes.configure(name, { yanked: new Map([[parseVersion('1.0.0'), true]]) }),
        () => changes.tagMoves(name),
        ...(kind.namesOwners
          ? []
          : [
              () => changes.owners(name),
              () => changes.addOwner(name, 'publisher'),
              () => changes.removeOwner(name, 'publisher'),
            ]),
      ]) {
        const error = await t.throwsAsync<PrompdError>(ask(), { code: 'EUNSUPPORTED' });
        t.truthy(error?.hint);
      }
      t.is(await changes.dependents(name), undefined);
      t.is((await packument(anonymous, name)).versions.size, 1);
    });

    if (kind.namesOwners)
      test(`${title}: owners are told, added and taken away`, async t => {
        const { anonymous, publisher } = await start();
        const name = unused();
        await publisher.publish(await release({ name, version: '1.0.0' }));
        const { name: me } = await publisher.whoami();
        const owners = async () => (await anonymous.changes.owners(name)).map(({ user }) => user);
        t.deepEqual(await owners(), [me]);
        await publisher.changes.addOwner(name, 'admin');
        t.deepEqual((await owners()).sort(), [me, 'admin'].sort());
        await publisher.changes.removeOwner(name, 'admin');
        t.deepEqual(await owners(), [me]);
        await t.throwsAsync(publisher.changes.removeOwner(name, me), { instanceOf: PrompdError });
        await t.throwsAsync(publisher.changes.addOwner(name, 'nobody at all'), { instanceOf: PrompdError });
      });
  } else {
    test(`${title}: versions are deprecated, yanked, and made good again`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      const version = parseVersion('1.0.0');
      await publisher.publish(await release({ name, version: '1.0.0' }));
      const found = async () => versionOf((await packument(anonymous, name)).versions, '1.0.0');
      await publisher.changes.configure(name, {
        deprecated: new Map([[version, 'Use 2.']]),
        yanked: new Map([[version, true]]),
      });
      t.like(await found(), { deprecated: 'Use 2.', yanked: true });
      await publisher.changes.configure(name, {
        deprecated: new Map([[version, null]]),
        yanked: new Map([[version, false]]),
      });
      const { deprecated, yanked = false } = await found();
      t.deepEqual([deprecated, yanked], [undefined, false]);
      const absent = publisher.changes.configure(name, { yanked: new Map([[parseVersion('9.0.0'), true]]) });
      await t.throwsAsync(absent, { code: 'ENOVERSION' });
    });

    test(`${title}: a version is taken away, then the package, and neither comes back`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      const first = await release({ name, version: '1.0.0' });
      await publisher.publish(first);
      await publisher.publish(await release({ name, version: '1.1.0' }));
      await publisher.publish(await release({ name, version: '1.2.0' }));
      await publisher.changes.unpublish(name, parseVersion('1.0.0'));
      t.deepEqual([...(await packument(anonymous, name)).versions.keys()] as string[], ['1.1.0', '1.2.0']);
      await t.throwsAsync(publisher.changes.unpublish(name, parseVersion('1.0.0')), { code: 'ENOVERSION' });
      await publisher.changes.unpublish(name, undefined);
      await t.throwsAsync(anonymous.packument(name), { code: 'ENOTFOUND' });
      await t.throwsAsync(publisher.publish(first), { code: 'ECONFLICT' });
    });

    test(`${title}: owners and moves of tags are told, and who depends on a package`, async t => {
      const { anonymous, publisher } = await start();
      const name = unused();
      const dependent = unused();
      await publisher.publish(await release({ name, version: '1.0.0' }));
      await publisher.publish(
        await release({ name: dependent, version: '1.0.0', dependencies: { [name]: '^1.0.0' } }),
      );
      const { name: me } = await publisher.whoami();
      t.deepEqual(
        (await anonymous.changes.owners(name)).map(({ user, addedBy }) => [user, addedBy]),
        [[me, me]],
      );
      await t.throwsAsync(publisher.changes.removeOwner(name, me), { code: 'EUSAGE' });
      await t.throwsAsync(publisher.changes.addOwner(name, 'nobody at all'), { code: 'ENOUSER' });
      t.like(await anonymous.changes.tagMoves(name), {
        0: { tag: 'latest', from: null, to: '1.0.0', actor: me },
      });
      t.deepEqual(await anonymous.changes.dependents(name), {
        total: 1,
        packages: [{ name: dependent, version: '1.0.0', range: '^1.0.0' }],
      });
    });
  }

  test(`${title}: whoami names the holder of the token and what it may do`, async t => {
    const { publisher } = await start();
    const { name, scopes } = await publisher.whoami();
    t.not(name, '');
    t.is(scopes?.includes('publish'), kind.isStrict ? true : undefined);
  });
}

async function release(manifest: TestManifest): Promise<PublishRequest> {
  const packed = await packTest(manifest);
  const { name, version } = packed.manifest;
  return {
    name,
    version,
    archive: packed.bytes,
    integrity: packed.integrity,
    packageJson: JSON.parse(packageJson(packed.manifest)),
    readme: '',
    tag: 'latest',
    access: undefined,
  };
}

async function packument(registry: Registry, name: PackageName): Promise<Packument> {
  const answer = await registry.packument(name);
  if (answer.kind !== 'fresh') throw new Error('asked without an etag');
  return answer.packument;
}

function versionOf(versions: Packument['versions'], wanted: string): VersionMetadata {
  const found = versions.get(parseVersion(wanted));
  if (!found) throw new Error(`no version ${wanted}`);
  return found;
}
