import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import { parseIntegrity } from '../../core/integrity.js';
import { MANIFEST_FILE, type PackageManifest } from '../../core/manifest.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { packageKey } from '../../core/package-key.js';
import type { Packument, VersionMetadata } from '../../core/packument.js';
import { parseDependency, type Selector } from '../../core/specifier.js';
import type { VerifiedTarball } from '../../core/verified-tarball.js';
import { compareVersions, type Version } from '../../core/version.js';
import { fetchFromRegistry } from '../../fetch/index.js';
import type { PromptPackage } from '../../prompt/index.js';
import type { Registry } from '../../registry/index.js';
import { memoryTree, readManifest, unpack } from '../../tarball/index.js';
import { verifyTarball } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { Suppliers } from '../install/suppliers.js';
import { unverified } from '../signatures/verified-note.js';
import type { FindDependency, OpenedPackage } from './opened-package.js';

/** Packages of registries, read without being installed. */
export interface PublishedPackages {
  /** @throws PrompdError whatever the registry answers with */
  packument(name: PackageName): Promise<Packument>;
  /**
   * Opens one version: from the cache of archives, or fetched; each is held against its integrity, and against what is asked
   * of signatures and of the log.
   * @throws PrompdError ENOVERSION, EINTEGRITY, EWRONGARCHIVE, those of signatures and of the log, and whatever fetching and unpacking throw
   */
  open(name: PackageName, version: Version): Promise<OpenedPackage>;
  /** The newest version of a registry package that a manifest asks for; undefined when it asks for none. */
  readonly dependency: FindDependency;
}

export interface PublishedOptions extends Pick<Suppliers, 'store' | 'source' | 'log' | 'signatures'> {
  /**
   * Where one package is asked for instead of at the registry that its name comes from. It is not held against the policy for
   * signatures, which is about that registry.
   */
  readonly instead?: { readonly name: PackageName; readonly registry: Registry };
}

/** Reads packages of registries; each version is read once. */
export function publishedPackages(context: Context, options: PublishedOptions): PublishedPackages {
  const { source, instead } = options;
  const opened = new Map<string, Promise<OpenedPackage>>();
  let answer: Promise<Packument> | undefined;

  const packument = (name: PackageName): Promise<Packument> => {
    if (name !== instead?.name) return source.packument(name);
    answer ??= freshPackument(instead.registry, name);
    return answer;
  };

  const dependency: FindDependency = async (manifest, asked) => {
    const wanted = isPackageName(asked) ? manifest.dependencies?.[asked] : undefined;
    const target = wanted === undefined ? undefined : parseDependency(asked, wanted).target;
    if (target?.kind !== 'registry') return undefined;
    const version = chosenVersion(await packument(target.name), target.selector);
    return version && (await open(target.name, version)).prompts;
  };

  const read = async (name: PackageName, version: Version): Promise<OpenedPackage> => {
    const metadata = (await packument(name)).versions.get(version);
    if (!metadata) throw noVersion(name, version);
    const { store, log, signatures } = options;
    const isInstead = name === instead?.name;
    const archives = isInstead ? archivesOf(instead.registry) : source.archives(name);
    const registry = isInstead ? instead.registry : source.registry(name);
    if (!isInstead) {
      const integrity = parseIntegrity(metadata.dist.integrity ?? '');
      const wanted = { name, version, integrity, source: registry.alias };
      // Also what is cached: another project may have brought it there, by a laxer policy.
      if ((await unverified(context, [wanted])).length > 0) await signatures.check(wanted);
    }
    const tarball = await obtain(context, metadata, { store, archives, log, registry });
    const tree = memoryTree((await unpack(tarball)).files);
    const manifest = await readManifest(tree);
    if (manifest.name !== name || manifest.version !== version) throw otherPackage(metadata, manifest);
    const title = `${name}@${version}`;
    return { title, manifest, tree, prompts: asPrompts({ title, manifest, tree }, dependency) };
  };

  const open = (name: PackageName, version: Version): Promise<OpenedPackage> => {
    const key = `${name}@${version}`;
    const known = opened.get(key) ?? read(name, version);
    opened.set(key, known);
    return known;
  };

  return { packument, open, dependency };
}

/** A package of an archive as prompts see it. */
export function asPrompts(
  { title, manifest, tree }: Omit<OpenedPackage, 'prompts'>,
  dependency: FindDependency,
): PromptPackage {
  const { name, version, prompts = {}, main } = manifest;
  return {
    id: packageKey({ source: 'compared', name, version }),
    name,
    version,
    label: title,
    prompts,
    main,
    read: file => tree.read(file),
    dependency: asked => dependency(manifest, asked),
  };
}

/** The version that a range, tag or version means; yanked ones only when they are named. */
export function chosenVersion(
  { versions, distTags }: Packument,
  { kind, raw }: Selector,
): Version | undefined {
  const all = [...versions.values()];
  if (kind === 'version') {
    const exact = semver.parse(raw)?.raw ?? raw;
    return all.find(({ version }) => version === exact)?.version;
  }
  if (kind === 'tag') {
    const tagged = Object.hasOwn(distTags, raw) ? distTags[raw] : undefined;
    return all.find(({ version }) => version === tagged)?.version;
  }
  return all
    .filter(({ version, yanked }) => yanked !== true && semver.satisfies(version, raw))
    .map(({ version }) => version)
    .sort(compareVersions)
    .at(-1);
}

async function freshPackument(registry: Registry, name: PackageName): Promise<Packument> {
  const answer = await registry.packument(name);
  if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
  return answer.packument;
}

type Archives = ReturnType<Suppliers['source']['archives']>;

function archivesOf(registry: Registry): Archives {
  return {
    archive: (metadata, maxBytes) => registry.archive(metadata, maxBytes),
    metadata: async () => undefined,
  };
}

interface ObtainOptions extends Pick<Suppliers, 'store' | 'log'> {
  readonly archives: Archives;
  readonly registry: Registry;
}

async function obtain(
  { config }: Context,
  metadata: VersionMetadata,
  { store, archives, log, registry }: ObtainOptions,
): Promise<VerifiedTarball> {
  const { name, version, dist } = metadata;
  const integrity = parseIntegrity(dist.integrity ?? '');
  const about = { name, version, source: dist.tarball ?? 'the registry' };
  const cached = await store.cache.read(integrity);
  if (cached) return verifyTarball(cached, integrity, about);
  const wanted = { name, version, integrity, metadata };
  const logged = log.assertLogged({ name, version, integrity, source: registry.alias }, registry);
  const bytes = await fetchFromRegistry(archives, wanted, config.network.maxArchiveBytes);
  const tarball = verifyTarball(bytes, integrity, about);
  await logged;
  await store.cache.write(integrity, bytes);
  return tarball;
}

function noVersion(name: PackageName, version: Version): PrompdError {
  return new PrompdError('ENOVERSION', `${name} has no version ${version}.`, {
    facts: { name, wanted: version },
  });
}

function otherPackage({ name, version }: VersionMetadata, found: PackageManifest): PrompdError {
  return new PrompdError('EWRONGARCHIVE', `The archive of ${name}@${version} holds another package.`, {
    facts: { file: MANIFEST_FILE, expected: `${name}@${version}`, found: `${found.name}@${found.version}` },
  });
}
