import type { Budget } from './budget.js';
import { renderFault, TemplateError } from './template-error.js';

/**
 * What a template computes with: JSON data, plus what only lives inside a rendering. Objects from outside become
 * maps, so that no property of a JavaScript object, inherited or own, can be reached.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | Missing
  | Callable
  | Namespace
  | readonly Value[]
  | ReadonlyMap<string, Value>;

/** The value of a name or attribute that does not exist. Asking whether it is there is fine, using it is not. */
export class Missing {
  constructor(
    /** The path as written, such as `customer.name`. */
    readonly path: string,
    /** `optional`: a declared parameter without a value, which counts as false and as an empty list. */
    readonly kind: 'unknown' | 'optional' | 'silent',
  ) {}

  fault(): TemplateError {
    return this.kind === 'optional'
      ? new TemplateError(
          'EUNDEFINED',
          `The parameter "${this.path}" has no value.`,
          undefined,
          `Give it a value or a default, or write {{ ${this.path}|default("") }}.`,
        )
      : new TemplateError(
          'EUNDEFINED',
          `"${this.path}" is not defined.`,
          undefined,
          'Declare it under "parameters", check its spelling, or give it a default with |default("…").',
        );
  }
}

/** Arguments of a call, evaluated. */
export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

/** A macro, a bound method, or a function of the language. */
export class Callable {
  constructor(
    readonly name: string,
    readonly call: (args: CallArguments) => Value,
    /** Its members by name, as `loop` has them. */
    readonly member: (name: string) => Value | undefined = () => undefined,
  ) {}
}

/** The one mutable value: `{% set ns.total = 1 %}`. */
export class Namespace {
  readonly members = new Map<string, Value>();
}

const MAX_DEPTH = 64;

/**
 * Takes JSON data in. `undefined` members are left out.
 * @throws TemplateError ERENDER for anything that is not JSON data, or is nested over 64 deep
 */
export function fromData(data: unknown, depth = 0): Value {
  if (depth > MAX_DEPTH) throw renderFault(`A value is nested more than ${MAX_DEPTH} deep.`);
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number' && Number.isFinite(data)) return data === 0 ? 0 : data;
  if (Array.isArray(data)) return data.map(item => fromData(item, depth + 1));
  if (typeof data === 'object') {
    const map = new Map<string, Value>();
    for (const [name, member] of Object.entries(data)) {
      if (member !== undefined) map.set(name, fromData(member, depth + 1));
    }
    return map;
  }
  throw renderFault(`A value is not JSON data but ${typeof data === 'number' ? String(data) : typeof data}.`);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** Python's truth: empty and zero are false. */
export function isTrue(value: Value): boolean {
  if (value instanceof Missing) {
    if (value.kind === 'unknown') throw value.fault();
    return false;
  }
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** The kind of a value, as errors call it. */
export function kindOf(value: Value): string {
  if (value === null) return 'null';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'an object';
  if (value instanceof Missing) return 'an undefined value';
  if (value instanceof Callable) return 'a function';
  if (value instanceof Namespace) return 'a namespace';
  return `a ${typeof value}`;
}

/**
 * A value as text: text as it is, everything else as JSON, with a blank behind `,` and `:`. Numbers are written
 * by ECMAScript's rule, which is the same on every platform.
 */
export function toText(value: Value, budget: Budget): string {
  if (typeof value === 'string') {
    budget.text(value.length);
    return value;
  }
  if (value instanceof Missing) {
    if (value.kind === 'silent') return '';
    throw value.fault();
  }
  return toJson(value, budget);
}

/** JSON of a value. @param indent blanks a level; undefined for one line */
export function toJson(value: Value, budget: Budget, indent?: number, depth = 0): string {
  budget.spend(1);
  if (typeof value === 'string') {
    budget.text(value.length);
    return JSON.stringify(value);
  }
  if (value instanceof Missing) throw value.fault();
  if (value instanceof Callable || value instanceof Namespace) {
    throw renderFault(`${capital(kindOf(value))} cannot be written as text.`);
  }
  if (!isList(value) && !isMap(value)) return JSON.stringify(value);
  if (depth > MAX_DEPTH) throw renderFault(`A value is nested more than ${MAX_DEPTH} deep.`);
  const parts = isList(value)
    ? value.map(item => toJson(item, budget, indent, depth + 1))
    : [...value].map(([name, item]) => `${JSON.stringify(name)}: ${toJson(item, budget, indent, depth + 1)}`);
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  budget.text(length + parts.length * (indent === undefined ? 2 : 2 + indent * (depth + 1)));
  if (indent === undefined) return open + parts.join(', ') + close;
  const inner = ' '.repeat(indent * (depth + 1));
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${' '.repeat(indent * depth)}${close}`;
}

/** The items of a value that a loop goes through. */
export function itemsOf(value: Value, budget: Budget): readonly Value[] {
  if (value instanceof Missing) {
    if (value.kind === 'unknown') throw value.fault();
    return [];
  }
  if (isList(value)) {
    budget.spend(value.length);
    return value;
  }
  if (isMap(value)) {
    budget.spend(value.size);
    return [...value.keys()];
  }
  if (typeof value === 'string') {
    budget.spend(value.length);
    return [...value];
  }
  throw renderFault(`${capital(kindOf(value))} cannot be looped over.`);
}

/** Equality by content. */
export function equal(a: Value, b: Value, budget: Budget): boolean {
  budget.spend(typeof a === 'string' && typeof b === 'string' ? 1 + Math.min(a.length, b.length) : 1);
  if (a === b) return true;
  for (const side of [a, b]) if (side instanceof Missing && side.kind === 'unknown') throw side.fault();
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => equal(item, b[index] ?? null, budget));
  }
  if (isMap(a) && isMap(b)) {
    if (a.size !== b.size) return false;
    for (const [name, item] of a) {
      const other = b.get(name);
      if (other === undefined || !equal(item, other, budget)) return false;
    }
    return true;
  }
  return false;
}

/** Order of two numbers, two texts (by code unit) or two lists. @throws TemplateError for anything else */
export function compare(a: Value, b: Value, budget: Budget): number {
  budget.spend(1);
  if (a instanceof Missing) throw a.fault();
  if (b instanceof Missing) throw b.fault();
  if (typeof a === 'string' && typeof b === 'string') {
    budget.spend(Math.min(a.length, b.length));
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
  if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.min(a.length, b.length); index += 1) {
      const order = compare(a[index] ?? null, b[index] ?? null, budget);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  throw renderFault(`${capital(kindOf(a))} and ${kindOf(b)} have no order.`);
}

/** Whether `container` has `item`: a list's item, an object's name, a text's part. */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw renderFault(`Only text can be "in" a text, not ${kindOf(item)}.`);
    budget.spend(container.length + item.length);
    return container.includes(item);
  }
  if (isMap(container)) return typeof item === 'string' && container.has(item);
  return itemsOf(container, budget).some(other => equal(other, item, budget));
}

/** The member of a value, or undefined. Only data is reachable: items and members, never properties. */
export function memberOf(target: Value, key: Value): Value | undefined {
  if (typeof key === 'string') {
    if (isMap(target)) return target.get(key);
    if (target instanceof Callable) return target.member(key);
    return target instanceof Namespace ? target.members.get(key) : undefined;
  }
  if (typeof key !== 'number' || !Number.isInteger(key)) return undefined;
  if (isMap(target)) return target.get(String(key));
  if (isList(target)) return target[key < 0 ? target.length + key : key];
  if (typeof target === 'string') return target[key < 0 ? target.length + key : key];
  return undefined;
}

export function isNumeric(value: Value): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
