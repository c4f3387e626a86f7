import { compareText, type PackageKey } from '../core/package-key.js';

/** What has to happen for the store to hold all that is wanted. */
export interface ReifyPlan<Wanted> {
  /** Not in the store; sorted by key. */
  readonly fetch: readonly Wanted[];
  /** In the store already; sorted by key. */
  readonly keep: readonly Wanted[];
}

/**
 * Compares what is wanted with what is there.
 * @param present keys of the packages that the store holds with the integrity that is wanted
 */
export function planReify<Wanted extends { readonly key: PackageKey }>(
  wanted: Iterable<Wanted>,
  present: ReadonlySet<PackageKey>,
): ReifyPlan<Wanted> {
  const sorted = [...wanted].sort((a, b) => compareText(a.key, b.key));
  return {
    fetch: sorted.filter(({ key }) => !present.has(key)),
    keep: sorted.filter(({ key }) => present.has(key)),
  };
}
