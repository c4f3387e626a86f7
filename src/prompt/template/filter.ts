import type { Call } from './signature.js';
import type { Value } from './value.js';

/** A filter: the names of its arguments, in order, and what it does. */
export interface Filter {
  readonly names: readonly string[];
  apply(input: Value, call: Call): Value;
}
