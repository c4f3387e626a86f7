/**
 * A set of the values that a variable can have, as bits: value 0 is "not in the solution at all", value `n` the n-th
 * lowest version of the package. Nearly every package has few enough versions for one word, and then the set is that
 * word: no object, nothing to collect. All sets of one variable have the same number of words, so that the algebra needs
 * no sizes. 30 bits a word: such numbers are stored unboxed.
 */
export type VersionSet = number | readonly number[];

const BITS = 30;
const WORD = 2 ** BITS - 1;

/** "Not in the solution". */
export const ABSENT = 0;

/** The set of no value, for a variable with values up to `highest`. */
export function emptySet(highest: number): VersionSet {
  return highest < BITS ? 0 : emptyWords(highest);
}

/** The values from `lowest` to `highest`, both included, for a variable with values up to `size`. */
export function rangeSet(lowest: number, highest: number, size: number): VersionSet {
  const words = emptyWords(size);
  for (let value = lowest; value <= highest; value++) add(words, value);
  return size < BITS ? (words[0] ?? 0) : words;
}

/** The versions that pass a test, for a variable with values up to `highest`. */
export function setWhere(highest: number, isIn: (value: number) => boolean): VersionSet {
  if (highest < BITS) {
    let word = 0;
    for (let value = 1; value <= highest; value++) if (isIn(value)) word |= 1 << value;
    return word;
  }
  const words = emptyWords(highest);
  for (let value = 1; value <= highest; value++) if (isIn(value)) add(words, value);
  return words;
}

/** The set of these values, for a variable with values up to `highest`. */
export function setOf(values: Iterable<number>, highest: number): VersionSet {
  const words = emptyWords(highest);
  for (const value of values) add(words, value);
  return highest < BITS ? (words[0] ?? 0) : words;
}

/** The set of one value that has as many words as another set. */
export function singleLike(value: number, like: VersionSet): VersionSet {
  return typeof like === 'number' ? 1 << value : setLike([value], like);
}

/** The set of these values that has as many words as another set. */
export function setLike(values: Iterable<number>, like: VersionSet): VersionSet {
  return setOf(values, typeof like === 'number' ? BITS - 1 : like.length * BITS - 1);
}

export function union(a: VersionSet, b: VersionSet): VersionSet {
  return typeof a === 'number' ? a | wordOf(b, 0) : a.map((word, at) => word | wordOf(b, at));
}

export function intersection(a: VersionSet, b: VersionSet): VersionSet {
  return typeof a === 'number' ? a & wordOf(b, 0) : a.map((word, at) => word & wordOf(b, at));
}

/** What is in `a` and not in `b`. */
export function difference(a: VersionSet, b: VersionSet): VersionSet {
  return typeof a === 'number' ? a & ~wordOf(b, 0) : a.map((word, at) => word & ~wordOf(b, at));
}

export function isSubset(a: VersionSet, b: VersionSet): boolean {
  if (typeof a === 'number') return (a & ~wordOf(b, 0)) === 0;
  for (let at = 0; at < a.length; at++) if (((a[at] ?? 0) & ~wordOf(b, at)) !== 0) return false;
  return true;
}

export function isDisjoint(a: VersionSet, b: VersionSet): boolean {
  if (typeof a === 'number') return (a & wordOf(b, 0)) === 0;
  for (let at = 0; at < a.length; at++) if (((a[at] ?? 0) & wordOf(b, at)) !== 0) return false;
  return true;
}

export function isEmpty(set: VersionSet): boolean {
  return typeof set === 'number' ? set === 0 : set.every(word => word === 0);
}

export function isSame(a: VersionSet, b: VersionSet): boolean {
  return typeof a === 'number' ? a === b : a.every((word, at) => word === wordOf(b, at));
}

export function has(set: VersionSet, value: number): boolean {
  return typeof set === 'number'
    ? value < BITS && (set & (1 << value)) !== 0
    : ((set[Math.floor(value / BITS)] ?? 0) & (1 << (value % BITS))) !== 0;
}

/** How many values are in the set, "not in the solution" not counted. */
export function countVersions(set: VersionSet): number {
  if (typeof set === 'number') return bitsIn(set & ~1);
  let count = has(set, ABSENT) ? -1 : 0;
  for (const word of set) count += bitsIn(word);
  return count;
}

/** The set without "not in the solution". */
export function versionsOnly(set: VersionSet): VersionSet {
  if (typeof set === 'number') return set & ~1;
  return has(set, ABSENT) ? set.map((word, at) => (at === 0 ? word & ~1 : word)) : set;
}

/** The values in ascending order. */
export function valuesOf(set: VersionSet): number[] {
  const values: number[] = [];
  const words = typeof set === 'number' ? [set] : set;
  for (const [at, all] of words.entries())
    for (let word = all; word !== 0; word &= word - 1) values.push(at * BITS + lowestBit(word));
  return values;
}

/** The highest value; undefined when the set is empty. */
export function highestOf(set: VersionSet): number | undefined {
  if (typeof set === 'number') return set === 0 ? undefined : 31 - Math.clz32(set);
  for (let at = set.length - 1; at >= 0; at--) {
    const word = set[at] ?? 0;
    if (word !== 0) return at * BITS + 31 - Math.clz32(word);
  }
  return undefined;
}

/** The lowest value; undefined when the set is empty. */
export function lowestOf(set: VersionSet): number | undefined {
  if (typeof set === 'number') return set === 0 ? undefined : lowestBit(set);
  for (let at = 0; at < set.length; at++) {
    const word = set[at] ?? 0;
    if (word !== 0) return at * BITS + lowestBit(word);
  }
  return undefined;
}

/** The values from 0 to `highest`. */
export function fullSet(highest: number): VersionSet {
  const last = 2 ** ((highest % BITS) + 1) - 1;
  if (highest < BITS) return last;
  const set = emptyWords(highest).fill(WORD);
  set[set.length - 1] = last;
  return set;
}

/** The set as a text: the same for the same set. */
export function textOf(set: VersionSet): string {
  return typeof set === 'number' ? String(set) : set.join();
}

function emptyWords(highest: number): number[] {
  return new Array<number>(Math.floor(highest / BITS) + 1).fill(0);
}

function wordOf(set: VersionSet, at: number): number {
  return typeof set === 'number' ? (at === 0 ? set : 0) : (set[at] ?? 0);
}

function add(words: number[], value: number): void {
  const at = Math.floor(value / BITS);
  words[at] = (words[at] ?? 0) | (1 << (value % BITS));
}

function bitsIn(all: number): number {
  let count = 0;
  for (let word = all; word !== 0; word &= word - 1) count += 1;
  return count;
}

function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}
