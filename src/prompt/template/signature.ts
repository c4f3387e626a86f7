import type { Budget } from './budget.js';
import { renderFault } from './template-error.js';
import { type CallArguments, isNumeric, kindOf, Missing, type Value } from './value.js';

/**
 * The arguments of one call of a filter, test, method or function, taken by position or by name, with their kinds
 * checked as they are read.
 */
export class Call {
  constructor(
    /** What is called, as errors name it: `the filter "join"`. */
    readonly what: string,
    private readonly names: readonly string[],
    private readonly args: CallArguments,
    readonly budget: Budget,
  ) {
    if (args.positional.length > names.length) {
      throw renderFault(`${what} takes at most ${names.length} arguments, not ${args.positional.length}.`);
    }
    for (const name of args.named.keys()) {
      const index = names.indexOf(name);
      if (index === -1) throw renderFault(`${what} has no argument "${name}".`, listed(names));
      if (index < args.positional.length) throw renderFault(`${what} is given "${name}" twice.`);
    }
  }

  has(name: string): boolean {
    return this.value(name) !== undefined;
  }

  value(name: string): Value | undefined {
    const index = this.names.indexOf(name);
    return index < this.args.positional.length ? this.args.positional[index] : this.args.named.get(name);
  }

  required(name: string): Value {
    const value = this.value(name);
    if (value === undefined) throw renderFault(`${this.what} needs the argument "${name}".`);
    return value;
  }

  text(name: string, otherwise?: string): string {
    const value = otherwise === undefined ? this.required(name) : (this.value(name) ?? otherwise);
    return asString(value, this.argument(name));
  }

  number(name: string, otherwise?: number): number {
    const value = otherwise === undefined ? this.required(name) : (this.value(name) ?? otherwise);
    return asNumber(value, this.argument(name));
  }

  /** A whole number between `least` and a million. */
  count(name: string, otherwise: number | undefined, least = 0): number {
    const value = this.number(name, otherwise);
    if (Number.isInteger(value) && value >= least && value <= 1_000_000) return value;
    throw renderFault(
      `${this.argument(name)} must be a whole number from ${least} to 1000000, not ${value}.`,
    );
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.value(name) ?? otherwise;
    if (typeof value === 'boolean') return value;
    throw renderFault(`${this.argument(name)} must be true or false, not ${kindOf(value)}.`);
  }

  private argument(name: string): string {
    return `The argument "${name}" of ${this.what}`;
  }
}

export function asString(value: Value, what: string): string {
  if (value instanceof Missing) throw value.fault();
  if (typeof value !== 'string') throw renderFault(`${what} must be text, not ${kindOf(value)}.`);
  return value;
}

export function asNumber(value: Value, what: string): number {
  if (value instanceof Missing) throw value.fault();
  if (!isNumeric(value)) throw renderFault(`${what} must be a number, not ${kindOf(value)}.`);
  return Number(value);
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'It takes none.' : `It takes ${names.map(name => `"${name}"`).join(', ')}.`;
}
