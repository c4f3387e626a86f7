import type { PackageName } from '../../core/name.js';
import { compareText } from '../../core/package-key.js';

/** Limits that cannot all hold: of one of these packages there must be more versions than its number here. */
export type Core = ReadonlyMap<PackageName, number>;

/** How many versions there may be of a package; 1 of those that are not in it. */
export type Limits = ReadonlyMap<PackageName, number>;

/** How many more comparisons of limits with cores may be made. */
export interface Effort {
  left: number;
}

/**
 * The limits with the fewest additional versions in all that break no core: iterative deepening over their total, with
 * the cores that share no package as the lower bound.
 * @param from a total below which there is nothing to be found
 * @returns undefined when there are more than `most` additional versions to it, or finding them takes more than the effort allowed
 */
export function cheapestLimits(
  cores: readonly Core[],
  { from, most, effort }: { readonly from: number; readonly most: number; readonly effort: Effort },
): { limits: Limits; total: number } | undefined {
  for (let total = from; total <= most && effort.left > 0; total++) {
    const limits = extend({ cores, effort }, new Map(), total);
    if (limits) return { limits, total };
  }
  return undefined;
}

interface Search {
  /** Those that the limits so far break. */
  readonly cores: readonly Core[];
  readonly effort: Effort;
}

function extend({ cores, effort }: Search, limits: Limits, left: number): Limits | undefined {
  if (effort.left <= 0) return undefined;
  effort.left -= cores.length;
  const broken = cores.filter(core => isBroken(core, limits));
  const [first] = broken;
  if (!first) return limits;
  if (countApart(broken) > left) return undefined;
  const narrowest = broken.reduce((best, core) => (core.size < best.size ? core : best), first);
  for (const [name, count] of [...narrowest].sort(([a], [b]) => compareText(a, b))) {
    const cost = count + 1 - (limits.get(name) ?? 1);
    if (cost > left) continue;
    const found = extend({ cores: broken, effort }, new Map([...limits, [name, count + 1]]), left - cost);
    if (found) return found;
  }
  return undefined;
}

function isBroken(core: Core, limits: Limits): boolean {
  for (const [name, count] of core) if ((limits.get(name) ?? 1) > count) return false;
  return true;
}

/** At least one additional version is needed for each of these. */
function countApart(cores: readonly Core[]): number {
  const seen = new Set<PackageName>();
  let count = 0;
  for (const core of cores) {
    const names = [...core.keys()];
    if (names.some(name => seen.has(name))) continue;
    for (const name of names) seen.add(name);
    count += 1;
  }
  return count;
}
