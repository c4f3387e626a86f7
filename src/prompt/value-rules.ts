import { compilePattern } from '../core/pattern.js';
import type { ParameterType, ValueRules } from './parameter-type.js';

/** A rule that a value breaks. */
export interface Breach {
  /** Place inside the value, such as `[2].name`; empty for the value itself. */
  readonly path: string;
  /** The rule as a definition states it, such as `max: 10`. */
  readonly rule: string;
  /** The part of the value that breaks it. */
  readonly value: unknown;
}

const MAX_DEPTH = 64;

/** Every rule that a value breaks. A value of the wrong type breaks just that one. */
export function breachesOf(rules: ValueRules, value: unknown, path = '', depth = 0): Breach[] {
  if (depth > MAX_DEPTH) return [{ path, rule: `at most ${MAX_DEPTH} levels deep`, value: '…' }];
  if (!hasType(value, rules.type)) return [{ path, rule: `type: ${rules.type}`, value }];
  const broken: string[] = [];
  const check = (holds: boolean, rule: string) => {
    if (!holds) broken.push(rule);
  };
  if (rules.enum)
    check(
      rules.enum.some(item => sameJson(item, value)),
      `enum: ${JSON.stringify(rules.enum)}`,
    );
  if (typeof value === 'string') checkText(rules, value, check);
  if (typeof value === 'number') {
    if (rules.min !== undefined) check(value >= rules.min, `min: ${rules.min}`);
    if (rules.max !== undefined) check(value <= rules.max, `max: ${rules.max}`);
  }
  const inner: Breach[] = [];
  if (Array.isArray(value)) {
    if (rules.minItems !== undefined) check(value.length >= rules.minItems, `minItems: ${rules.minItems}`);
    if (rules.maxItems !== undefined) check(value.length <= rules.maxItems, `maxItems: ${rules.maxItems}`);
    const { items } = rules;
    if (items) {
      for (const [index, item] of value.entries())
        inner.push(...breachesOf(items, item, `${path}[${index}]`, depth + 1));
    }
  } else if (isRecord(value) && rules.properties) {
    for (const [name, property] of Object.entries(rules.properties)) {
      const member = Object.hasOwn(value, name) ? value[name] : undefined;
      const place = path ? `${path}.${name}` : name;
      if (member !== undefined) inner.push(...breachesOf(property, member, place, depth + 1));
      else if (property.required) inner.push({ path: place, rule: 'required: true', value: undefined });
    }
  }
  return [...broken.map(rule => ({ path, rule, value })), ...inner];
}

function checkText(rules: ValueRules, value: string, check: (holds: boolean, rule: string) => void): void {
  // Characters as people count them, so that the limit does not depend on the encoding.
  const length = rules.minLength === undefined && rules.maxLength === undefined ? 0 : [...value].length;
  if (rules.minLength !== undefined) check(length >= rules.minLength, `minLength: ${rules.minLength}`);
  if (rules.maxLength !== undefined) check(length <= rules.maxLength, `maxLength: ${rules.maxLength}`);
  if (rules.pattern === undefined) return;
  const pattern = compilePattern(rules.pattern);
  check(typeof pattern !== 'string' && pattern.found(value), `pattern: ${rules.pattern}`);
}

/** Whether a value has a type. Whole numbers are bounded by what every JSON reader keeps exact, ±(2^53 - 1). */
export function hasType(value: unknown, type: ParameterType): boolean {
  switch (type) {
    case 'string':
    case 'file':
      return typeof value === 'string';
    case 'base64':
      return typeof value === 'string' && isBase64(value);
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
    case 'float':
      return typeof value === 'number' && Number.isFinite(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isRecord(value);
    case 'json':
      return (
        value !== undefined &&
        typeof value !== 'function' &&
        typeof value !== 'symbol' &&
        typeof value !== 'bigint'
      );
  }
}

function isBase64(text: string): boolean {
  const bare = text.replace(/[\r\n]/g, '');
  return bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)
  );
}

function sameJson(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}
