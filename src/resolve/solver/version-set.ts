/**
 * A set of the values that a variable can have, as bits: value 0 is "not in the solution at all", value `n` the n-th
 * lowest version of the package. All sets of one variable have the same number of words, so that the algebra needs no
 * sizes. 30 bits a word: such numbers are stored unboxed.
 */
export type VersionSet = readonly number[];

const BITS = 30;
const WORD = 2 ** BITS - 1;

/** "Not in the solution". */
export const ABSENT = 0;

/** The set of no value, for a variable with values up to `highest`. */
export function emptySet(highest: number): VersionSet {
  return new Array<number>(Math.floor(highest / BITS) + 1).fill(0);
}

/** The values from `lowest` to `highest`, both included, for a variable with values up to `size`. */
export function rangeSet(lowest: number, highest: number, size: number): VersionSet {
  const set = [...emptySet(size)];
  for (let value = lowest; value <= highest; value++) add(set, value);
  return set;
}

/** The set of these values, for a variable with values up to `highest`. */
export function setOf(values: Iterable<number>, highest: number): VersionSet {
  const set = [...emptySet(highest)];
  for (const value of values) add(set, value);
  return set;
}

/** The set of one value that has as many words as another set. */
export function singleLike(value: number, like: VersionSet): VersionSet {
  const set = new Array<number>(like.length).fill(0);
  add(set, value);
  return set;
}

export function union(a: VersionSet, b: VersionSet): VersionSet {
  return a.map((word, at) => word | (b[at] ?? 0));
}

export function intersection(a: VersionSet, b: VersionSet): VersionSet {
  return a.map((word, at) => word & (b[at] ?? 0));
}

/** What is in `a` and not in `b`. */
export function difference(a: VersionSet, b: VersionSet): VersionSet {
  return a.map((word, at) => word & ~(b[at] ?? 0));
}

export function isSubset(a: VersionSet, b: VersionSet): boolean {
  for (let at = 0; at < a.length; at++) if (((a[at] ?? 0) & ~(b[at] ?? 0)) !== 0) return false;
  return true;
}

export function isDisjoint(a: VersionSet, b: VersionSet): boolean {
  for (let at = 0; at < a.length; at++) if (((a[at] ?? 0) & (b[at] ?? 0)) !== 0) return false;
  return true;
}

export function isEmpty(set: VersionSet): boolean {
  for (let at = 0; at < set.length; at++) if (set[at] !== 0) return false;
  return true;
}

export function isSame(a: VersionSet, b: VersionSet): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

export function has(set: VersionSet, value: number): boolean {
  return ((set[Math.floor(value / BITS)] ?? 0) & (1 << (value % BITS))) !== 0;
}

/** How many values are in the set, "not in the solution" not counted. */
export function countVersions(set: VersionSet): number {
  let count = has(set, ABSENT) ? -1 : 0;
  for (let at = 0; at < set.length; at++) {
    for (let word = set[at] ?? 0; word !== 0; word &= word - 1) count += 1;
  }
  return count;
}

/** The set without "not in the solution". */
export function versionsOnly(set: VersionSet): VersionSet {
  return has(set, ABSENT) ? set.map((word, at) => (at === 0 ? word & ~1 : word)) : set;
}

/** The values in ascending order. */
export function valuesOf(set: VersionSet): number[] {
  const values: number[] = [];
  for (let at = 0; at < set.length; at++) {
    for (let word = set[at] ?? 0; word !== 0; word &= word - 1) {
      values.push(at * BITS + 31 - Math.clz32(word & -word));
    }
  }
  return values;
}

/** The highest value; undefined when the set is empty. */
export function highestOf(set: VersionSet): number | undefined {
  for (let at = set.length - 1; at >= 0; at--) {
    const word = set[at] ?? 0;
    if (word !== 0) return at * BITS + 31 - Math.clz32(word);
  }
  return undefined;
}

/** The lowest value; undefined when the set is empty. */
export function lowestOf(set: VersionSet): number | undefined {
  for (let at = 0; at < set.length; at++) {
    const word = set[at] ?? 0;
    if (word !== 0) return at * BITS + 31 - Math.clz32(word & -word);
  }
  return undefined;
}

/** The values from 0 to `highest`. */
export function fullSet(highest: number): VersionSet {
  const set = [...emptySet(highest)].fill(WORD);
  const last = (highest % BITS) + 1;
  set[set.length - 1] = 2 ** last - 1;
  return set;
}

function add(set: number[], value: number): void {
  const at = Math.floor(value / BITS);
  set[at] = (set[at] ?? 0) | (1 << (value % BITS));
}
