import type { Budget } from './budget.js';
import { Call } from './signature.js';
import { renderFault } from './template-error.js';
import { Callable, Namespace, type Value } from './value.js';

const MAX_RANGE = 100_000;

/** The functions that every template has. */
export const GLOBALS: ReadonlyMap<string, (budget: Budget) => Callable> = new Map([
  [
    'range',
    (budget: Budget) =>
      new Callable('range', args => range(new Call('"range"', ['a', 'b', 'c'], args, budget))),
  ],
  [
    'dict',
    (budget: Budget) =>
      new Callable('dict', ({ named }) => {
        budget.spend(named.size);
        return named;
      }),
  ],
  [
    'namespace',
    () =>
      new Callable('namespace', ({ named }) => {
        const namespace = new Namespace();
        for (const [name, value] of named) namespace.members.set(name, value);
        return namespace;
      }),
  ],
]);

function range(call: Call): Value {
  const first = call.number('a');
  const [start, stop] = call.has('b') ? [first, call.number('b')] : [0, first];
  const step = call.number('c', 1);
  if (![start, stop, step].every(Number.isInteger)) throw renderFault('"range" takes whole numbers.');
  if (step === 0) throw renderFault('The step of "range" cannot be zero.');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MAX_RANGE) throw renderFault(`"range" makes at most ${MAX_RANGE} items, not ${length}.`);
  call.budget.spend(length);
  return Array.from({ length }, (_, index) => start + index * step);
}
