import { type Config, DEFAULT_ALIAS } from '../config/config.js';
import { type PackageName, scopeOf } from '../core/name.js';

/**
 * The alias of the one registry that a name comes from: its scope's, else the default. Another registry is never
 * asked, whatever this one answers.
 */
export function aliasFor({ scopes }: Pick<Config, 'scopes'>, name: PackageName): string {
  const scope = scopeOf(name);
  return (scope === undefined ? undefined : scopes.get(scope)) ?? DEFAULT_ALIAS;
}
