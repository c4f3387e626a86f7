import type { Budget } from './budget.js';
import { filterNamed } from './filter-table.js';
import { Call } from './signature.js';
import { strip } from './text-filters.js';
import { Callable, isMap, type Value } from './value.js';

/** Methods of text that are the filter of the same name, or of another. */
const AS_FILTER: ReadonlyMap<string, string> = new Map([
  ['upper', 'upper'],
  ['lower', 'lower'],
  ['title', 'title'],
  ['capitalize', 'capitalize'],
  ['replace', 'replace'],
  ['split', 'split'],
  ['splitlines', 'lines'],
]);

/**
 * The methods of Python's text and dictionaries that templates in the wild use: `name.upper()`, `map.items()`.
 * A member of an object wins over its method, as it should: the object is data.
 */
export function methodOf(target: Value, name: string, budget: Budget): Callable | undefined {
  if (typeof target === 'string') return textMethod(target, name, budget);
  return isMap(target) ? mapMethod(target, name, budget) : undefined;
}

function textMethod(target: string, name: string, budget: Budget): Callable | undefined {
  const filter = filterNamed(AS_FILTER.get(name) ?? '');
  if (filter) {
    return new Callable(name, args =>
      filter.apply(target, new Call(`"${name}"`, filter.names, args, budget)),
    );
  }
  const method = (names: string[], run: (call: Call) => Value) =>
    new Callable(name, args => {
      budget.spend(target.length);
      return run(new Call(`"${name}"`, names, args, budget));
    });
  const chars = (call: Call) => (call.has('chars') ? call.text('chars') : undefined);
  switch (name) {
    case 'strip':
      return method(['chars'], call => strip(target, chars(call)));
    case 'lstrip':
      return method(['chars'], call => strip(target, chars(call), 'left'));
    case 'rstrip':
      return method(['chars'], call => strip(target, chars(call), 'right'));
    case 'startswith':
      return method(['prefix'], call => target.startsWith(call.text('prefix')));
    case 'endswith':
      return method(['suffix'], call => target.endsWith(call.text('suffix')));
    case 'join':
      return method(['items'], call => {
        const join = filterNamed('join');
        const args = { positional: [target], named: new Map() };
        return join?.apply(call.required('items'), new Call('"join"', join.names, args, budget)) ?? '';
      });
  }
  return undefined;
}

function mapMethod(target: ReadonlyMap<string, Value>, name: string, budget: Budget): Callable | undefined {
  const method = (names: string[], run: (call: Call) => Value) =>
    new Callable(name, args => {
      budget.spend(target.size);
      return run(new Call(`"${name}"`, names, args, budget));
    });
  switch (name) {
    case 'items':
      return method([], () => [...target].map(([key, value]) => [key, value]));
    case 'keys':
      return method([], () => [...target.keys()]);
    case 'values':
      return method([], () => [...target.values()]);
    case 'get':
      return method(['key', 'default'], call => {
        const member = target.get(call.text('key'));
        return member === undefined ? (call.value('default') ?? null) : member;
      });
  }
  return undefined;
}
