import { type Config, DEFAULT_ALIAS } from '../config/config.js';
import { type PackageName, scopeOf } from '../core/name.js';

type Bindings = Pick<Config, 'scopes' | 'packages'>;

/**
 * The alias of the one registry that a name comes from: the package's own, else its scope's, else the default. Another
 * registry is never asked in its place, whatever this one answers.
 */
export function aliasFor(bindings: Bindings, name: PackageName): string {
  return boundAlias(bindings, name) ?? DEFAULT_ALIAS;
}

/** The alias that the configuration names for a package or its scope; undefined where it names none. */
export function boundAlias({ scopes, packages }: Bindings, name: PackageName): string | undefined {
  const scope = scopeOf(name);
  return packages.get(name) ?? (scope === undefined ? undefined : scopes.get(scope));
}

/**
 * Registries that no scope and no package is bound to, beside the default: a name that nobody bound might be meant to
 * come from there. What a registry is bound to is all that it is asked for.
 */
export function openAliases({
  registries,
  scopes,
  packages,
}: Bindings & Pick<Config, 'registries'>): string[] {
  const bound = new Set([...scopes.values(), ...packages.values()]);
  const byDefault = registries.get(DEFAULT_ALIAS)?.url;
  return [...registries.values()]
    .filter(({ alias, url }) => alias !== DEFAULT_ALIAS && url !== byDefault && !bound.has(alias))
    .map(({ alias }) => alias);
}
