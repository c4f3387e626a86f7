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

  /** `loop` as the body sees it; its members are those of the item at hand when they are asked for. */
  variable(again: Callable['call']): Callable {
    return new Callable('loop', again, name => this.member(name));
  }

  private member(name: string): Value | undefined {
    const { index, items, depth } = this;
    switch (name) {
      case 'index':
        return index + 1;
      case 'index0':
        return index;
      case 'revindex':
        return items.length - index;
      case 'revindex0':
        return items.length - index - 1;
      case 'first':
        return index === 0;
      case 'last':
        return index === items.length - 1;
      case 'length':
        return items.length;
      case 'depth':
        return depth + 1;
      case 'depth0':
        return depth;
      case 'previtem':
        return items[index - 1];
      case 'nextitem':
        return items[index + 1];
      case 'cycle':
        return new Callable('cycle', ({ positional }) => this.cycle(positional));
      case 'changed':
        return new Callable('changed', ({ positional }) => this.changed(positional));
    }
    return undefined;
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
