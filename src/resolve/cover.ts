import { compareVersions, type Version } from '../core/version.js';

/** One requirement's acceptable versions, highest first; never empty. */
export type Acceptable = readonly Version[];

/**
 * A small set of versions of one package that meets all requirements on it: again and again the version that meets most
 * of those still open, the highest of equals. The smallest set is a set cover, which is NP-hard; the greedy one is
 * within a factor of ln(n), and the smallest whenever one version fits all.
 * @returns highest first
 */
export function coverAll(requirements: readonly Acceptable[]): Version[] {
  const cover: Version[] = [];
  let open = [...new Map(requirements.map(acceptable => [acceptable.join(' '), acceptable])).values()];
  while (open.length > 0) {
    const best = mostWanted(open);
    if (best === undefined) throw new TypeError('a requirement accepts no version');
    cover.push(best);
    open = open.filter(acceptable => !acceptable.includes(best));
  }
  return cover.sort((a, b) => compareVersions(b, a));
}

function mostWanted(open: readonly Acceptable[]): Version | undefined {
  if (open.length === 1) return open[0]?.[0];
  const votes = new Map<Version, number>();
  for (const acceptable of open) {
    for (const version of acceptable) votes.set(version, (votes.get(version) ?? 0) + 1);
  }
  let best: [Version, number] | undefined;
  for (const [version, count] of votes) {
    const better = best === undefined || count > best[1];
    if (better || (count === best?.[1] && compareVersions(version, best[0]) > 0)) best = [version, count];
  }
  return best?.[0];
}
