import type { PackageEntry } from './package-entry.js';
import { difference, isEmpty, isSame, type VersionSet, valuesOf, versionsOnly } from './version-set.js';

/** A range as somebody wrote it, and the versions it means. */
export interface WrittenRange {
  readonly raw: string;
  readonly set: VersionSet;
}

/** How many runs of versions are spelled out. */
const MAX_RUNS = 4;
/** How many versions a list names. */
const LISTED = 12;

/**
 * A set of versions as people would put it: '' for all of them, the one version, a range that somebody wrote and that
 * means just these, else what there is from one version to another. Versions that are no candidates do not count.
 * @param written ranges to choose from, in order of preference
 */
export function versionText(entry: PackageEntry, set: VersionSet, written: readonly WrittenRange[]): string {
  const meant = versionsOnly(set);
  const candidates = difference(meant, entry.excluded);
  // Where only versions are meant that are no candidates, they are what is spoken of.
  const isExcluded = isEmpty(candidates);
  const values = valuesOf(isExcluded ? meant : candidates);
  const [only] = values;
  const all = valuesOf(isExcluded ? versionsOnly(entry.domain) : entry.all());
  if (values.length === all.length && values.length > 1) return '';
  if (values.length === 1 && only !== undefined) return entry.version(only);
  const named = written.find(range =>
    isExcluded ? isSame(range.set, meant) : isSame(difference(range.set, entry.excluded), candidates),
  );
  if (named) return named.raw;
  const runs = runsOf(values, all);
  const texts = runs.slice(0, MAX_RUNS).map(run => runText(entry, run, all));
  return runs.length > MAX_RUNS ? `${texts.join(', ')} and others` : inWords(texts);
}

/** Versions in a list, highest first. */
export function listed(entry: PackageEntry, set: VersionSet): string {
  const versions = valuesOf(versionsOnly(set))
    .reverse()
    .map(value => entry.version(value));
  if (versions.length > LISTED)
    return `${versions.slice(0, LISTED).join(', ')} and ${versions.length - LISTED} more`;
  return inWords(versions);
}

/** "a", "a and b", "a, b and c". */
export function inWords(texts: readonly string[], last = 'and'): string {
  return texts.length < 2
    ? (texts[0] ?? '')
    : `${texts.slice(0, -1).join(', ')} ${last} ${texts[texts.length - 1]}`;
}

/** Stretches without a gap, with respect to all versions there are. */
function runsOf(values: readonly number[], all: readonly number[]): number[][] {
  const wanted = new Set(values);
  const runs: number[][] = [];
  let run: number[] = [];
  for (const value of all) {
    if (wanted.has(value)) run.push(value);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

function runText(entry: PackageEntry, run: readonly number[], all: readonly number[]): string {
  const [first = 0] = run;
  const last = run[run.length - 1] ?? first;
  if (run.length === 1) return entry.version(first);
  if (last === all[all.length - 1]) return `>=${entry.version(first)}`;
  if (first === all[0]) return `<=${entry.version(last)}`;
  return run.length === 2
    ? `${entry.version(first)} and ${entry.version(last)}`
    : `${entry.version(first)} to ${entry.version(last)}`;
}
