import { type Config, DEFAULT_ALIAS, type NetworkConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Lockfile } from '../../lockfile/index.js';
import { boundAlias, connect, openAliases, type Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import type { RegistrySource } from './registry-source.js';

interface Known {
  /** Names the registry of what is in it: a choice that was made. */
  readonly lockfile: Lockfile | undefined;
  readonly use: NetworkConfig['use'];
}

/**
 * Refuses names that nothing binds to a registry and that several have: whoever takes a name in one registry would else
 * decide what is installed in place of the other's. Only registries to which nothing is bound are asked, and only once the
 * default registry has the name.
 *
 * The source throws EAMBIGUOUS then, and what a registry throws that cannot say whether it has the name.
 */
export function withOneRegistry(
  source: RegistrySource,
  context: Context,
  { lockfile, use }: Known,
): RegistrySource {
  const { config } = context;
  const aliases = config.registries.get(DEFAULT_ALIAS)?.origin === 'flag' ? [] : openAliases(config);
  if (aliases.length === 0 || use === 'never') return source;
  const others = aliases.map(alias => connect(context, alias));
  const locked = new Set([...(lockfile?.packages.values() ?? [])].map(({ name }) => name));
  const checks = new Map<PackageName, Promise<void>>();
  return {
    ...source,
    async packument(name) {
      if (locked.has(name) || isBound(config, name)) return source.packument(name);
      const packument = await source.packument(name).catch((error: unknown) => {
        throw isAbsent(error) ? elsewherePerhaps(error, name, aliases) : error;
      });
      const check = checks.get(name) ?? refuseSecond(name, others);
      checks.set(name, check);
      await check;
      return packument;
    },
  };
}

function isBound(config: Config, name: PackageName): boolean {
  return boundAlias(config, name) !== undefined;
}

async function refuseSecond(name: PackageName, others: readonly Registry[]): Promise<void> {
  const found = await Promise.all(
    others.map(async other => ((await has(other, name)) ? other.alias : undefined)),
  );
  const [second, ...more] = found.filter(alias => alias !== undefined);
  if (second === undefined) return;
  const all = [DEFAULT_ALIAS, second, ...more];
  const count = all.length === 2 ? 'two' : String(all.length);
  const quoted = all.map(alias => `"${alias}"`);
  throw new PrompdError(
    'EAMBIGUOUS',
    `"${name}" is in ${count} registries: ${quoted.slice(0, -1).join(', ')} and ${quoted.at(-1)}.`,
    { facts: { name, registries: all }, hint: bindingHint(name, second) },
  );
}

async function has(registry: Registry, name: PackageName): Promise<boolean> {
  try {
    await registry.packument(name);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    if (!(error instanceof PrompdError)) throw error;
    throw new PrompdError(
      error.code,
      `The registry "${registry.alias}" cannot say whether it has "${name}" too: ${error.message}`,
      {
        facts: { ...error.facts, name, alias: registry.alias },
        hint: bindingHint(name, DEFAULT_ALIAS),
        cause: error,
      },
    );
  }
}

function elsewherePerhaps(error: PrompdError, name: PackageName, aliases: readonly string[]): PrompdError {
  const [first = DEFAULT_ALIAS] = aliases;
  return new PrompdError(error.code, error.message, {
    facts: error.facts,
    hint: `Check the name. No other registry is asked for it. ${bindingHint(name, first)}`,
    cause: error,
  });
}

function bindingHint(name: PackageName, alias: string): string {
  return `Say where it comes from, as in "prompd config set packages.${name} ${alias} --location project".`;
}

function isAbsent(error: unknown): error is PrompdError {
  return error instanceof PrompdError && error.code === 'ENOTFOUND';
}
