import { has, textOf, type VersionSet, valuesOf } from './version-set.js';

/**
 * Few values that meet all of these sets: again and again the one that is in most of those still open, the highest of
 * equals. The fewest is a set cover, which is NP-hard; the greedy one is within a factor of ln(n), and the smallest
 * whenever one value is in all.
 */
export function coverAll(sets: readonly VersionSet[]): number[] {
  const cover: number[] = [];
  let open = [...new Map(sets.map(set => [textOf(set), set])).values()];
  while (open.length > 0) {
    const best = mostWanted(open);
    if (best === undefined) throw new TypeError('a requirement accepts no version');
    cover.push(best);
    open = open.filter(set => !has(set, best));
  }
  return cover;
}

function mostWanted(open: readonly VersionSet[]): number | undefined {
  const votes = new Map<number, number>();
  for (const set of open)
    for (const value of valuesOf(set)) if (value > 0) votes.set(value, (votes.get(value) ?? 0) + 1);
  let best: [value: number, count: number] | undefined;
  for (const [value, count] of votes)
    if (best === undefined || count > best[1] || (count === best[1] && value > best[0]))
      best = [value, count];
  return best?.[0];
}
