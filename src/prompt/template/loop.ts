import type { Budget } from './budget.js';
import { renderFault } from './template-error.js';
import { Callable, equal, type Value } from './value.js';

/** What `loop` stands for in the body of a `for`. */
export class LoopState {
  private index = 0;
  private changedWith: readonly Value[] | undefined;

  constructor(
    private readonly items: readonly Value[],
    private readonly depth: number,
    private readonly budget: Budget,
  ) {}

  advance(): void {
    this.index += 1;
  }

  /** The members of `loop` for the item at hand. */
  value(): ReadonlyMap<string, Value> {
    const { index, items, depth } = this;
    const members = new Map<string, Value>([
      ['index', index + 1],
      ['index0', index],
      ['revindex', items.length - index],
      ['revindex0', items.length - index - 1],
      ['first', index === 0],
      ['last', index === items.length - 1],
      ['length', items.length],
      ['depth', depth + 1],
      ['depth0', depth],
      ['cycle', new Callable('cycle', ({ positional }) => this.cycle(positional))],
      ['changed', new Callable('changed', ({ positional }) => this.changed(positional))],
    ]);
    const [previous, next] = [items[index - 1], items[index + 1]];
    if (previous !== undefined) members.set('previtem', previous);
    if (next !== undefined) members.set('nextitem', next);
    return members;
  }

  /** `loop` of a recursive loop: it can be called, and has the same members. */
  callable(again: Callable): Value {
    return new Callable('loop', again.call, this.value());
  }

  private cycle(values: readonly Value[]): Value {
    if (values.length === 0) throw renderFault('"loop.cycle" needs values.');
    return values[this.index % values.length] ?? null;
  }

  private changed(values: readonly Value[]): boolean {
    const before = this.changedWith;
    this.changedWith = values;
    return before === undefined || !equal(before, values, this.budget);
  }
}
