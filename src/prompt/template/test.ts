import type { Call } from './signature.js';
import { asNumber } from './signature.js';
import { renderFault } from './template-error.js';
import { Callable, compare, contains, equal, isList, isMap, Missing, type Value } from './value.js';

/** A test, as in `x is defined`: the names of its arguments and its answer. */
export interface Test {
  readonly names: readonly string[];
  holds(value: Value, call: Call): boolean;
}

const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', plain(value => !(value instanceof Missing))],
  ['undefined', plain(value => value instanceof Missing)],
  ['none', plain(value => value === null)],
  ['boolean', plain(value => typeof value === 'boolean')],
  ['true', plain(value => value === true)],
  ['false', plain(value => value === false)],
  ['number', plain(value => typeof value === 'number')],
  ['integer', plain(value => Number.isInteger(value))],
  ['float', plain(value => typeof value === 'number' && !Number.isInteger(value))],
  ['string', plain(value => typeof value === 'string')],
  ['mapping', plain(value => isMap(value))],
  ['sequence', plain(value => isList(value) || isMap(value) || typeof value === 'string')],
  ['iterable', plain(value => isList(value) || isMap(value) || typeof value === 'string')],
  ['callable', plain(value => value instanceof Callable)],
  ['odd', plain(value => Math.abs(asNumber(value, 'The value of "odd"') % 2) === 1)],
  ['even', plain(value => asNumber(value, 'The value of "even"') % 2 === 0)],
  [
    'lower',
    plain(
      value => typeof value === 'string' && value === value.toLowerCase() && value !== value.toUpperCase(),
    ),
  ],
  [
    'upper',
    plain(
      value => typeof value === 'string' && value === value.toUpperCase() && value !== value.toLowerCase(),
    ),
  ],
  [
    'divisibleby',
    {
      names: ['num'],
      holds: (value, call) => {
        const divisor = call.number('num');
        if (divisor === 0) throw renderFault('A division by zero.');
        return asNumber(value, 'The value of "divisibleby"') % divisor === 0;
      },
    },
  ],
  ['in', { names: ['seq'], holds: (value, call) => contains(call.required('seq'), value, call.budget) }],
  [
    'startingwith',
    {
      names: ['text'],
      holds: (value, call) => typeof value === 'string' && value.startsWith(call.text('text')),
    },
  ],
  [
    'endingwith',
    {
      names: ['text'],
      holds: (value, call) => typeof value === 'string' && value.endsWith(call.text('text')),
    },
  ],
  ...comparing(['==', 'eq', 'equalto'], (a, b, call) => equal(a, b, call.budget)),
  ...comparing(['sameas'], (a, b) => a === b),
  ...comparing(['!=', 'ne'], (a, b, call) => !equal(a, b, call.budget)),
  ...comparing(['<', 'lt', 'lessthan'], (a, b, call) => compare(a, b, call.budget) < 0),
  ...comparing(['<=', 'le'], (a, b, call) => compare(a, b, call.budget) <= 0),
  ...comparing(['>', 'gt', 'greaterthan'], (a, b, call) => compare(a, b, call.budget) > 0),
  ...comparing(['>=', 'ge'], (a, b, call) => compare(a, b, call.budget) >= 0),
]);

export const TEST_NAMES: ReadonlySet<string> = new Set(TESTS.keys());

/** The test of that name, if there is one. */
export function testNamed(name: string): Test | undefined {
  return TESTS.get(name);
}

function plain(holds: (value: Value) => boolean): Test {
  return { names: [], holds };
}

function comparing(
  names: readonly string[],
  holds: (a: Value, b: Value, call: Call) => boolean,
): [string, Test][] {
  return names.map(name => [
    name,
    { names: ['other'], holds: (a, call) => holds(a, call.required('other'), call) },
  ]);
}
