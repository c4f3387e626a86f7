import type { Config, Protocol, RegistryConfig } from '../config/config.js';
import { tokenFor } from '../config/credentials.js';
import { trustStore } from '../config/known-registries.js';
import type { PackageName } from '../core/name.js';
import type { Progress } from '../core/progress.js';
import type { Version } from '../core/version.js';
import { aliasFor } from './alias.js';
import { discoverProtocol } from './discover.js';
import { type HttpClient, httpClient } from './http.js';
import { lateRegistry } from './late.js';
import { npmRegistry } from './npm/adapter.js';
import { prompdRegistry } from './prompd.js';
import type { Registry } from './registry.js';
import { staticRegistry } from './static/adapter.js';
import { folderFiles, webFiles } from './static/files.js';

export { aliasFor } from './alias.js';
export { pingRegistry } from './ping.js';
export type {
  Dependents,
  Identity,
  Owner,
  PublishReceipt,
  PublishRequest,
  Registry,
  SearchHit,
  SearchPage,
  SearchQuery,
  TagMove,
} from './registry.js';
export { archiveName, packageFolder, packumentName } from './static/adapter.js';
export {
  INDEX_FILE,
  type IndexEntry,
  newSigningKey,
  publicKeyOf,
  readSignedIndex,
  type SignedIndex,
  signIndex,
} from './static/signed-index.js';

/** What connecting needs to know of the world; an operation's context has it all. */
export interface ConnectContext {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: Version;
  readonly progress: Pick<Progress, 'warn'>;
  /** Spares asking a registry each time what it is. */
  readonly protocols?: ProtocolMemory | undefined;
}

/** What registries were found to speak. */
export interface ProtocolMemory {
  recall(url: string): Protocol | undefined;
  /** @param protocol undefined forgets what the registry spoke */
  learn(url: string, protocol: Protocol | undefined): void;
}

/**
 * A registry, ready to be asked. Nothing is sent yet, and its token is looked up at the first request. One registry
 * object keeps its connections: make one a command, not one a request.
 * @param token used instead of the one that is configured, as when it is to be tried; null for none at all
 */
export function connectTo(
  { config, env, version, progress, protocols }: ConnectContext,
  registry: RegistryConfig,
  token?: string | null,
): Registry {
  const warn = (message: string) => progress.warn(message);
  const { alias, url, protocol } = registry;
  const options = {
    alias,
    registryUrl: url,
    network: config.network,
    userAgent: `prompd/${version}`,
    token: async () => (token === null ? undefined : (token ?? tokenFor({ config, env, warn }, registry))),
    // The times of publication decide then, and npm's short packuments need not have them.
    needsTimes: config.resolution.before !== undefined || config.resolution.minimumReleaseAgeMs > 0,
  };
  const isFolder = url.startsWith('file:');
  const spoken = async (http: HttpClient): Promise<Protocol> => {
    const known = isFolder ? 'static' : (protocol ?? protocols?.recall(url));
    if (known !== undefined) return known;
    const found = await discoverProtocol(http, url);
    protocols?.learn(url, found);
    return found;
  };
  const open = async () => {
    const http = httpClient(options);
    const kind = await spoken(http);
    if (kind === 'npm') return npmRegistry(options);
    if (kind === 'prompd') return prompdRegistry(options);
    const read = isFolder ? folderFiles(url) : webFiles(http, url);
    return staticRegistry({ alias, url, read, trust: trustStore(config.home, registry) });
  };
  // Another registry may have moved in at the address: the next command asks again.
  return lateRegistry(registry, open, () => protocols?.learn(url, undefined));
}

/** The registry that is configured under an alias. */
export function connect(context: ConnectContext, alias: string): Registry {
  return connectTo(context, registryConfig(context.config, alias));
}

/** What is configured under an alias; every alias in a configuration has its registry. */
export function registryConfig({ registries }: Pick<Config, 'registries'>, alias: string): RegistryConfig {
  const registry = registries.get(alias);
  if (registry === undefined) throw new TypeError(`There is no registry "${alias}" in the configuration`);
  return registry;
}

/** The registry that a name comes from. */
export function registryFor(context: ConnectContext, name: PackageName): Registry {
  return connect(context, aliasFor(context.config, name));
}
