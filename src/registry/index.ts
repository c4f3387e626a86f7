import type { Config } from '../config/config.js';
import { DEFAULT_ALIAS } from '../config/config.js';
import { tokenFor } from '../config/credentials.js';
import { type PackageName, scopeOf } from '../core/name.js';
import type { Progress } from '../core/progress.js';
import type { Version } from '../core/version.js';
import { prompdRegistry } from './prompd.js';
import type { Registry } from './registry.js';

export type {
  Identity,
  PackumentAnswer,
  PublishReceipt,
  PublishRequest,
  Registry,
  SearchHit,
  SearchPage,
  SearchQuery,
} from './registry.js';

/** What connecting needs to know of the world; an operation's context has it all. */
export interface ConnectContext {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: Version;
  readonly progress: Pick<Progress, 'warn'>;
}

/**
 * The registry that is configured under an alias. Nothing is sent yet, and its token is looked up at the first request.
 * One registry object keeps its connections: make one a command, not one a request.
 */
export function connect({ config, env, version, progress }: ConnectContext, alias: string): Registry {
  const registry = config.registries.get(alias);
  if (registry === undefined) throw new TypeError(`There is no registry "${alias}" in the configuration`);
  const warn = (message: string) => progress.warn(message);
  return prompdRegistry({
    alias,
    registryUrl: registry.url,
    network: config.network,
    userAgent: `prompd/${version}`,
    token: () => tokenFor({ config, env, warn }, registry),
  });
}

/**
 * The alias of the one registry that a name comes from: its scope's, else the default. Another registry is never
 * asked, whatever this one answers.
 */
export function aliasFor({ scopes }: Pick<Config, 'scopes'>, name: PackageName): string {
  const scope = scopeOf(name);
  return (scope === undefined ? undefined : scopes.get(scope)) ?? DEFAULT_ALIAS;
}

/** The registry that a name comes from, connected. */
export function registryFor(context: ConnectContext, name: PackageName): Registry {
  return connect(context, aliasFor(context.config, name));
}
