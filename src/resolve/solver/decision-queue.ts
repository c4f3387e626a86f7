import type { VariableId } from './incompatibility.js';

interface Entry {
  readonly variable: VariableId;
  /** How many versions were left when the entry was made. */
  readonly count: number;
}

/**
 * Which variable is decided next: the one with the fewest versions left, of equals the first by name. A binary heap with
 * entries that go stale instead of being moved: whoever takes one checks it.
 */
export class DecisionQueue {
  readonly #heap: Entry[] = [];
  /** Per variable, the count of its last entry, as long as that is in the heap. */
  readonly #counts: number[] = [];
  readonly #orderOf: (variable: VariableId) => string;

  constructor(orderOf: (variable: VariableId) => string) {
    this.#orderOf = orderOf;
  }

  push(variable: VariableId, count: number): void {
    if (this.#counts[variable] === count) return;
    this.#counts[variable] = count;
    const heap = this.#heap;
    const entry = { variable, count };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !this.#isBefore(entry, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = entry;
  }

  /** Takes entries until one is still true. */
  pop(isCurrent: (variable: VariableId, count: number) => boolean): VariableId | undefined {
    for (let entry = this.#take(); entry !== undefined; entry = this.#take()) {
      const { variable, count } = entry;
      if (this.#counts[variable] === count) this.#counts[variable] = -1;
      if (isCurrent(variable, count)) return variable;
    }
    return undefined;
  }

  #take(): Entry | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      const left = heap[child];
      const right = heap[child + 1];
      if (left === undefined) break;
      if (right !== undefined && this.#isBefore(right, left)) child += 1;
      const smaller = heap[child] ?? left;
      if (!this.#isBefore(smaller, last)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  #isBefore(a: Entry, b: Entry): boolean {
    if (a.count !== b.count) return a.count < b.count;
    const left = this.#orderOf(a.variable);
    const right = this.#orderOf(b.variable);
    return left === right ? a.variable < b.variable : left < right;
  }
}
