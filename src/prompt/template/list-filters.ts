import type { Filter } from './filter.js';
import { asNumber, type Call } from './signature.js';
import { renderFault } from './template-error.js';
import {
  compare,
  equal,
  isList,
  isMap,
  isTrue,
  itemsOf,
  kindOf,
  Missing,
  memberOf,
  toText,
  type Value,
} from './value.js';

/** Filters over lists, objects and numbers. `map`, `select` and their kin stand with the evaluator. */
export const LIST_FILTERS = {
  default: { names: ['default_value', 'boolean'], apply: withDefault },
  d: { names: ['default_value', 'boolean'], apply: withDefault },
  length: { names: [], apply: lengthOf },
  count: { names: [], apply: lengthOf },
  first: { names: [], apply: (input, call) => orSilent(itemsOf(input, call.budget)[0]) },
  last: { names: [], apply: (input, call) => orSilent(itemsOf(input, call.budget).at(-1)) },
  list: { names: [], apply: (input, call) => [...itemsOf(input, call.budget)] },
  reverse: {
    names: [],
    apply: (input, call) => {
      const reversed = [...itemsOf(input, call.budget)].reverse();
      return typeof input === 'string' ? reversed.join('') : reversed;
    },
  },
  join: {
    names: ['d', 'attribute'],
    apply: (input, call) => {
      const separator = call.text('d', '');
      const parts = itemsOf(input, call.budget).map(item =>
        toText(at(item, call.value('attribute')), call.budget),
      );
      call.budget.text(parts.reduce((sum, part) => sum + part.length + separator.length, 0));
      return parts.join(separator);
    },
  },
  sort: {
    names: ['reverse', 'case_sensitive', 'attribute'],
    apply: (input, call) => {
      const sorted = sortBy(itemsOf(input, call.budget), item => at(item, call.value('attribute')), call);
      return call.flag('reverse', false) ? sorted.reverse() : sorted;
    },
  },
  unique: {
    names: ['case_sensitive', 'attribute'],
    apply: (input, call) => {
      const seen: Value[] = [];
      return itemsOf(input, call.budget).filter(item => {
        const key = folded(at(item, call.value('attribute')), call);
        if (seen.some(other => equal(other, key, call.budget))) return false;
        seen.push(key);
        return true;
      });
    },
  },
  min: { names: ['case_sensitive', 'attribute'], apply: (input, call) => extreme(input, call, -1) },
  max: { names: ['case_sensitive', 'attribute'], apply: (input, call) => extreme(input, call, 1) },
  sum: {
    names: ['attribute', 'start'],
    apply: (input, call) =>
      itemsOf(input, call.budget).reduce<number>(
        (sum, item) => sum + asNumber(at(item, call.value('attribute')), 'An item of "sum"'),
        call.number('start', 0),
      ),
  },
  groupby: {
    names: ['attribute', 'default', 'case_sensitive'],
    apply: (input, call) => {
      const key = (item: Value) => at(item, call.required('attribute'), call.value('default'));
      const groups: { grouper: Value; list: Value[] }[] = [];
      for (const item of sortBy(itemsOf(input, call.budget), key, call)) {
        const last = groups.at(-1);
        if (last && equal(folded(last.grouper, call), folded(key(item), call), call.budget))
          last.list.push(item);
        else groups.push({ grouper: key(item), list: [item] });
      }
      return groups.map(({ grouper, list }) => [grouper, list]);
    },
  },
  batch: {
    names: ['linecount', 'fill_with'],
    apply: (input, call) => {
      const [items, size] = [itemsOf(input, call.budget), call.count('linecount', undefined, 1)];
      const rows: Value[][] = [];
      for (let start = 0; start < items.length; start += size) rows.push(items.slice(start, start + size));
      const fill = call.value('fill_with') ?? null;
      const last = rows.at(-1);
      call.budget.spend(size);
      while (fill !== null && last && last.length < size) last.push(fill);
      return rows;
    },
  },
  slice: {
    names: ['slices', 'fill_with'],
    apply: (input, call) => {
      const [items, slices] = [itemsOf(input, call.budget), call.count('slices', undefined, 1)];
      call.budget.spend(slices);
      const [each, extra] = [Math.floor(items.length / slices), items.length % slices];
      const fill = call.value('fill_with') ?? null;
      return Array.from({ length: slices }, (_, index) => {
        const start = index * each + Math.min(index, extra);
        const row = items.slice(start, start + each + (index < extra ? 1 : 0));
        return fill !== null && extra > 0 && index >= extra ? [...row, fill] : row;
      });
    },
  },
  items: { names: [], apply: (input, call) => pairs(input, call) },
  dictsort: {
    names: ['case_sensitive', 'by', 'reverse'],
    apply: (input, call) => {
      const by = call.text('by', 'key');
      if (by !== 'key' && by !== 'value') throw renderFault('"dictsort" sorts by "key" or by "value".');
      const sorted = sortBy(pairs(input, call), pair => memberOf(pair, by === 'key' ? 0 : 1) ?? null, call);
      return call.flag('reverse', false) ? sorted.reverse() : sorted;
    },
  },
  abs: { names: [], apply: input => Math.abs(asNumber(input, 'The value of "abs"')) },
  round: {
    names: ['precision', 'method'],
    apply: (input, call) => {
      const [number, method] = [asNumber(input, 'The value of "round"'), call.text('method', 'common')];
      const scale = 10 ** call.count('precision', 0);
      if (method === 'ceil') return Math.ceil(number * scale) / scale;
      if (method === 'floor') return Math.floor(number * scale) / scale;
      if (method !== 'common') throw renderFault('"round" takes the methods "common", "ceil" and "floor".');
      // Exact decimal rounding, half away from zero, without the error of a multiplication.
      const rounded = Number(
        `${Math.round(Number(`${Math.abs(number)}e${Math.log10(scale)}`))}e-${Math.log10(scale)}`,
      );
      return Number.isFinite(rounded) ? Math.sign(number) * rounded : number;
    },
  },
  int: {
    names: ['default'],
    apply: (input, call) => {
      const number = numberIn(input);
      return Number.isFinite(number) ? Math.trunc(number) : call.number('default', 0);
    },
  },
  float: {
    names: ['default'],
    apply: (input, call) => {
      const number = numberIn(input);
      return Number.isFinite(number) ? number : call.number('default', 0);
    },
  },
  bool: { names: [], apply: input => isTrue(input) },
} as const satisfies Record<string, Filter>;

/** The number that a value is or says; NaN for every other value, and for blank text. */
function numberIn(input: Value): number {
  if (typeof input === 'string') return Number(input.trim() || 'none');
  return Number(isPlain(input) ? input : Number.NaN);
}

/** The value at a dotted path (`attribute="author.name"`), or the value itself without one. */
export function at(item: Value, path: Value | undefined, otherwise?: Value): Value {
  if (path === undefined || path === null) return item;
  let value = item;
  for (const step of String(typeof path === 'number' ? path : (path ?? '')).split('.')) {
    const key = /^\d+$/.test(step) && !isMap(value) ? Number(step) : step;
    const member: Value | undefined = memberOf(value, key);
    if (member === undefined) return otherwise ?? new Missing(String(path), 'unknown');
    value = member;
  }
  return value;
}

/** The first or last item of an empty list prints as nothing, and goes through `default`. */
function orSilent(value: Value | undefined): Value {
  return value === undefined ? new Missing('', 'silent') : value;
}

function withDefault(input: Value, call: Call): Value {
  const fallback = call.value('default_value') ?? '';
  if (input instanceof Missing) return fallback;
  return call.flag('boolean', false) && !isTrue(input) ? fallback : input;
}

function lengthOf(input: Value, call: Call): number {
  if (isMap(input)) return input.size;
  return isList(input) ? input.length : itemsOf(input, call.budget).length;
}

function pairs(input: Value, call: Call): Value[][] {
  if (input instanceof Missing && input.kind !== 'unknown') return [];
  if (input instanceof Missing) throw input.fault();
  if (!isMap(input)) throw renderFault(`"items" and "dictsort" need an object, not ${kindOf(input)}.`);
  call.budget.spend(input.size);
  return [...input].map(([name, value]) => [name, value]);
}

function sortBy(items: readonly Value[], key: (item: Value) => Value, call: Call): Value[] {
  const keyed = items.map(item => ({ item, key: folded(key(item), call) }));
  return keyed.sort((a, b) => compare(a.key, b.key, call.budget)).map(({ item }) => item);
}

function folded(key: Value, call: Call): Value {
  if (typeof key !== 'string' || call.flag('case_sensitive', false)) return key;
  call.budget.spend(key.length);
  return key.toLowerCase();
}

function extreme(input: Value, call: Call, direction: 1 | -1): Value {
  const attribute = call.value('attribute');
  let best: Value | undefined;
  for (const item of itemsOf(input, call.budget)) {
    const key = folded(at(item, attribute), call);
    if (best === undefined || direction * compare(key, folded(at(best, attribute), call), call.budget) > 0)
      best = item;
  }
  return best ?? new Missing(direction > 0 ? 'max' : 'min', 'silent');
}

function isPlain(value: Value): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}
