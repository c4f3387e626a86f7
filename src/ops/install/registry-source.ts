import type { NetworkConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { type Integrity, parseIntegrity } from '../../core/integrity.js';
import { parseJson } from '../../core/json.js';
import type { PackageName } from '../../core/name.js';
import { type Packument, parsePackument, type VersionMetadata } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { ArchiveSource } from '../../fetch/index.js';
import { aliasFor, connect, needsTimes, type ProtocolMemory, type Registry } from '../../registry/index.js';
import type { PackumentSource, PackumentWish } from '../../resolve/index.js';
import type { CachedPackument, Metadata, PackumentEntry, StoreId } from '../../store/index.js';
import type { Context } from '../context.js';
import { type ArchiveWish, CarriedArchives } from './carried-archives.js';
import { EarlyArchives } from './early-archives.js';
import { PackumentBatches } from './packument-batches.js';

/** The registries of the configuration, behind the packuments that metadata.db remembers. */
export interface RegistrySource extends PackumentSource {
  /** The registry that a name comes from. */
  registry(name: PackageName): Registry;
  /** Where the archives of a package are. */
  archives(name: PackageName): ArchiveSource;
  /** Offline: whether the archive of a version is at hand. Known of the versions in packuments that were asked for. */
  readonly isCached: ((version: VersionMetadata) => boolean) | undefined;
  /** Whether packuments were taken from the cache without asking their registry. */
  trustedCache(): boolean;
  /** Tells which versions stay, so that nothing is prepared for what only they lead to. */
  keepTo(locked: ReadonlyMap<PackageName, readonly Version[]>): void;
  /** From now on archives are fetched while versions are chosen, where a registry gives them one by one. */
  fetchEarly(): void;
  /**
   * Begins to fetch archives of one registry, many in one answer where it can.
   * @param maxBytes largest archive that is accepted, in bytes
   */
  carry(wishes: readonly ArchiveWish[], maxBytes: number): CarriedArchives | undefined;
  /** Writes down, in one transaction, what the registries said. */
  remember(): void;
  /** Gives up requests whose answers nobody waits for any more. */
  close(): void;
}

export interface RegistrySourceOptions {
  readonly metadata: Metadata;
  readonly use: NetworkConfig['use'];
  /** Whether an archive is in the cache or the store; asked only when registries may not be. */
  readonly holds?: ((id: StoreId) => Promise<boolean>) | undefined;
}

/**
 * Opens the registries. Each packument is asked for once; one that is remembered is sent along as its ETag, so that an
 * unchanged one costs no bytes.
 */
export function registrySource(
  context: Context,
  { metadata, use, holds }: RegistrySourceOptions,
): RegistrySource {
  const registries = new Map<string, Registry>();
  const protocols: ProtocolMemory = {
    recall: url => metadata.protocol(url),
    learn: (url, protocol) => metadata.saveProtocol(url, protocol),
  };
  const answers = new Map<PackageName, Promise<Packument>>();
  const fresh: PackumentEntry[] = [];
  const held = new Set<string>();
  let trusted = false;

  const registryOf = (name: PackageName): Registry => {
    const alias = aliasFor(context.config, name);
    const registry = registries.get(alias) ?? connect({ ...context, protocols }, alias);
    registries.set(alias, registry);
    return registry;
  };

  let early: EarlyArchives | undefined;
  const isHere = async ({ name, version, dist }: VersionMetadata) => {
    const integrity = integrityOrUndefined(dist.integrity);
    return integrity === undefined || holds === undefined || holds({ name, version, integrity });
  };

  const batches = new PackumentBatches({
    knownTag: ({ url }, name) => metadata.packument(url, name)?.etag,
    isFrom: ({ alias }, name) => aliasFor(context.config, name) === alias,
  });

  const ask = async (name: PackageName): Promise<Packument> => {
    const registry = registryOf(name);
    const cached = metadata.packument(registry.url, name);
    const known = cached && readCached(cached, name);
    if (known && use !== 'always') {
      trusted = true;
      if (use === 'never' && holds) await noteHeld(known, { holds, held });
      return known;
    }
    if (use === 'never') throw offline(name, registry.url);
    const batched = await batches.take(registry, name);
    // A batch is told of all that is cached, read or not.
    const isUsable = batched && (batched.kind === 'fresh' || known);
    // A short form without times may have the etag of the long one.
    const isWhole = known && (!needsTimes(context.config) || Object.keys(known.time).length > 0);
    const answer = isUsable ? batched : await registry.packument(name, isWhole ? cached?.etag : undefined);
    if (answer.kind === 'unchanged') {
      if (!known) throw new TypeError(`${registry.url} was not asked whether ${name} changed`);
      return known;
    }
    const { body, etag, packument } = answer;
    fresh.push({ registry: registry.url, name, body, etag, fetchedAt: context.now().getTime() });
    return packument;
  };

  const packument = (name: PackageName): Promise<Packument> => {
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    return answer;
  };

  return {
    packument,
    prefetch(wishes) {
      // A packument that is cached answers by itself unless registries are always asked.
      if (use !== 'always') return;
      const byRegistry = new Map<Registry, PackumentWish[]>();
      for (const wish of wishes) {
        if (answers.has(wish.name)) continue;
        const registry = registryOf(wish.name);
        byRegistry.set(registry, [...(byRegistry.get(registry) ?? []), wish]);
      }
      for (const [registry, some] of byRegistry) batches.expect(registry, some);
    },
    likely: version => early?.expect(version),
    fetchEarly() {
      const { maxArchiveBytes: maxBytes } = context.config.network;
      if (use !== 'never') early ??= new EarlyArchives({ registryOf, isHere, maxBytes });
    },
    keepTo: locked => batches.keepTo(locked),
    carry: (wishes, maxBytes) => {
      const [first] = wishes;
      return first && use !== 'never'
        ? new CarriedArchives(registryOf(first.name), wishes, maxBytes)
        : undefined;
    },
    registry: registryOf,
    sourceOf: name => aliasFor(context.config, name),
    archives: name => ({
      async archive(version, maxBytes) {
        if (use === 'never') throw offline(`${name}@${version.version}`, registryOf(name).url);
        return (await early?.take(version)) ?? registryOf(name).archive(version, maxBytes);
      },
      metadata: async (wanted, version) => (await packument(wanted)).versions.get(version),
    }),
    isCached: use === 'never' && holds ? ({ name, version }) => held.has(`${name}@${version}`) : undefined,
    trustedCache: () => trusted,
    close() {
      batches.close();
      early?.close();
    },
    remember: () => metadata.savePackuments(fresh.splice(0)),
  };
}

async function noteHeld(
  { versions }: Packument,
  { holds, held }: { holds: (id: StoreId) => Promise<boolean>; held: Set<string> },
): Promise<void> {
  await Promise.all(
    [...versions.values()].map(async ({ name, version, dist }) => {
      const integrity = integrityOrUndefined(dist.integrity);
      if (integrity && (await holds({ name, version, integrity }))) held.add(`${name}@${version}`);
    }),
  );
}

function integrityOrUndefined(raw: string | undefined): Integrity | undefined {
  try {
    return raw === undefined ? undefined : parseIntegrity(raw);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

/** What another prompd, or a damaged disk, wrote into the cache may be unreadable: then it is asked for again. */
function readCached({ body }: CachedPackument, name: PackageName): Packument | undefined {
  try {
    return parsePackument(parseJson(body, 'the cache'), name);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function offline(what: string, registry: string): PrompdError {
  return new PrompdError(
    'EOFFLINE',
    `${what} is not in the cache, and the command may not ask the registry.`,
    {
      facts: { wanted: what, registry },
      hint: 'Run the command once without --offline.',
    },
  );
}
