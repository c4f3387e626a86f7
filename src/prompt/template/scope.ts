import type { Value } from './value.js';

/** Variables of a block, inside those of the blocks around it. */
export class Scope {
  private readonly variables = new Map<string, Value>();

  constructor(private readonly outer?: Scope) {}

  get(name: string): Value | undefined {
    const value = this.variables.get(name);
    return value === undefined ? this.outer?.get(name) : value;
  }

  set(name: string, value: Value): void {
    this.variables.set(name, value);
  }

  inner(): Scope {
    return new Scope(this);
  }
}
