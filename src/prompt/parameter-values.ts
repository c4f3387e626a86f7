import { PrompdError } from '../core/errors.js';
import type { ParameterDefinition, ValueRules } from './parameter-type.js';
import { type Breach, breachesOf } from './value-rules.js';
import { describe, nearest } from './yaml-fields.js';

/** Where values come from. The first layer that has a parameter wins. */
export interface ParameterLayers {
  /**
   * From the command line: text, read by the parameter's type. For `file` and `base64` the caller reads the file
   * and hands in its bytes or its text.
   */
  readonly flags?: Readonly<Record<string, string | Uint8Array>>;
  /** From parameter files or an API: data that must have the type already. A later one wins over an earlier one. */
  readonly files?: readonly Readonly<Record<string, unknown>>[];
  /** From the environment, by the parameter's name: text. Names that no parameter has are ignored. */
  readonly environment?: Readonly<Record<string, string>>;
}

export type ValueSource = 'flag' | 'file' | 'default' | 'environment';

/** A value that is missing, unknown or breaks a rule. */
export interface ParameterFault {
  readonly parameter: string;
  /** The rule, such as `required: true` or `type: integer`. */
  readonly rule: string;
  /** The value given, shortened for a message; absent where none was given. */
  readonly value?: string;
  readonly source?: ValueSource;
  readonly message: string;
  readonly hint?: string;
}

export interface CoercedParameters {
  /** By name; a parameter without a value is absent. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, ValueSource>>;
  readonly faults: readonly ParameterFault[];
}

/**
 * Gives every parameter its value: flags, then parameter files, then defaults, then the environment.
 * @returns values and every fault; use `valuesOrThrow` to stop at faults
 */
export function coerceParameters(
  definitions: readonly ParameterDefinition[],
  layers: ParameterLayers,
): CoercedParameters {
  const faults = unknownNames(definitions, layers);
  const values: [string, unknown][] = [];
  const sources: [string, ValueSource][] = [];
  for (const definition of definitions) {
    const given = find(definition, layers);
    if (!given) {
      if (definition.required) faults.push(missing(definition));
      continue;
    }
    const value = given.textual ? fromText(definition, given.value) : normal(definition, given.value);
    const breaches = breachesOf(definition, value);
    if (breaches.length === 0) {
      values.push([definition.name, value]);
      sources.push([definition.name, given.source]);
    }
    faults.push(...breaches.slice(0, MAX_FAULTS).map(breach => faultOf(definition, breach, given.source)));
  }
  return { values: Object.fromEntries(values), sources: Object.fromEntries(sources), faults };
}

/** The values. @throws PrompdError EPARAMETER that names every fault */
export function valuesOrThrow({ values, faults }: CoercedParameters): Readonly<Record<string, unknown>> {
  const [first, ...others] = faults;
  if (!first) return values;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw new PrompdError('EPARAMETER', `${first.message}${more}`, {
    facts: {
      parameters: [...new Set(faults.map(fault => fault.parameter))],
      problems: faults.map(fault => fault.message),
    },
    hint: first.hint,
  });
}

/** Faults inside one value that are listed; a long list of wrong items says no more. */
const MAX_FAULTS = 20;

interface Given {
  readonly value: unknown;
  readonly source: ValueSource;
  /** Whether the value is text still to be read by the parameter's type. */
  readonly textual: boolean;
}

function find({ name, default: fallback }: ParameterDefinition, layers: ParameterLayers): Given | undefined {
  const flag = own(layers.flags, name);
  if (flag !== undefined) return { value: flag, source: 'flag', textual: true };
  for (const values of [...(layers.files ?? [])].reverse()) {
    const value = own(values, name);
    if (value !== undefined && value !== null) return { value, source: 'file', textual: false };
  }
  if (fallback !== undefined) return { value: fallback, source: 'default', textual: false };
  const variable = own(layers.environment, name);
  return variable === undefined ? undefined : { value: variable, source: 'environment', textual: true };
}

function own<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return values !== undefined && Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Reads a text by type. A text that cannot be read comes back as it is, and then breaks the rule of its type. */
function fromText(rules: ValueRules, given: unknown): unknown {
  if (typeof given !== 'string') return normal(rules, given);
  const text = given.trim();
  switch (rules.type) {
    case 'string':
    case 'file':
    case 'base64':
      return given;
    case 'integer':
      return /^[+-]?\d{1,400}$/.test(text) ? Number(text) : given;
    case 'number':
    case 'float':
      return /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?$/.test(text)
        ? Number(text)
        : given;
    case 'boolean':
      if (/^(?:true|yes|on|1)$/i.test(text)) return true;
      return /^(?:false|no|off|0)$/i.test(text) ? false : given;
    case 'array':
      return text.startsWith('[') ? fromJson(text, given) : commaList(rules, text);
    case 'object':
    case 'json':
      return fromJson(text, rules.type === 'json' ? unreadable(given) : given);
  }
}

/** Stands for a text that is not JSON where any JSON value is allowed. */
function unreadable(given: string): () => string {
  return () => given;
}

function commaList(rules: ValueRules, text: string): unknown[] {
  if (text === '') return [];
  const items = rules.items ?? { type: 'string' };
  return text.split(',').map(item => fromText(items, item.trim()));
}

function fromJson(text: string, otherwise: unknown): unknown {
  try {
    return JSON.parse(text, (key, value) => (key === '__proto__' ? undefined : value));
  } catch {
    return otherwise;
  }
}

/** Bytes become the text that the type asks for; -0 becomes 0. */
function normal(rules: ValueRules, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    if (rules.type === 'base64') return toBase64(value);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(value);
    } catch {
      return value;
    }
  }
  return value;
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

function unknownNames(
  definitions: readonly ParameterDefinition[],
  layers: ParameterLayers,
): ParameterFault[] {
  const known = definitions.map(({ name }) => name);
  const given: [string, unknown, ValueSource][] = [
    ...Object.entries(layers.flags ?? {}).map(([name, value]): [string, unknown, ValueSource] => [
      name,
      value,
      'flag',
    ]),
    ...(layers.files ?? []).flatMap(values =>
      Object.entries(values).map(([name, value]): [string, unknown, ValueSource] => [name, value, 'file']),
    ),
  ];
  return given
    .filter(([name]) => !known.includes(name))
    .map(([name, value, source]) => {
      const near = nearest(name, known);
      const list =
        known.length === 0 ? 'The prompt has no parameters.' : `Parameters are ${known.join(', ')}.`;
      return {
        parameter: name,
        rule: 'declared',
        value: shown(value),
        source,
        message: `The prompt has no parameter "${name.slice(0, 80)}" (given: ${shown(value)}).`,
        hint: near === undefined ? list : `Did you mean "${near}"?`,
      };
    });
}

function missing(definition: ParameterDefinition): ParameterFault {
  const { name, type, description, example } = definition;
  const about = description ? `: ${description.trim().split('\n')[0]}` : '.';
  const sample =
    example === undefined ? '…' : typeof example === 'string' ? example : JSON.stringify(example);
  return {
    parameter: name,
    rule: 'required: true',
    message: `The parameter "${name}" (${type}) is required and has no value${about}`,
    hint: `Give it with -p ${name}=${shellWord(sample.slice(0, 80))}`,
  };
}

/** A text as one word of a POSIX shell, so that the hint can be copied. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./…-]*$/.test(text) ? text : `'${text.replace(/'/g, `'\\''`)}'`;
}

function faultOf(
  definition: ParameterDefinition,
  { path, rule, value }: Breach,
  source: ValueSource,
): ParameterFault {
  const place = path === '' ? '' : ` at ${path}`;
  const plain = `The parameter "${definition.name}"${place} breaks its rule "${rule}": ${shown(value)}.`;
  return {
    parameter: definition.name,
    rule,
    value: shown(value),
    source,
    message: definition.errorMessage ? `${plain} ${definition.errorMessage}` : plain,
    ...hintFor(definition, rule, value),
  };
}

function hintFor(definition: ParameterDefinition, rule: string, value: unknown): { hint?: string } {
  if (
    rule === 'type: integer' &&
    (typeof value === 'number' ? Number.isInteger(value) : /^[+-]?\d+$/.test(String(value)))
  ) {
    return { hint: 'Whole numbers beyond ±9007199254740991 lose digits; declare the parameter as a string.' };
  }
  if (rule === 'type: string' && typeof value !== 'object') return { hint: 'Write the value in quotes.' };
  if ((rule === 'type: object' || rule === 'type: json') && typeof value !== 'object') {
    return { hint: 'Give it as JSON.' };
  }
  if (rule.startsWith('enum') && typeof value === 'string') {
    const near = nearest(
      value,
      (definition.enum ?? []).filter(item => typeof item === 'string'),
    );
    if (near !== undefined) return { hint: `Did you mean "${near}"?` };
  }
  return {};
}

function shown(value: unknown): string {
  if (typeof value === 'function') return describe(value());
  return value instanceof Uint8Array ? `${value.length} bytes that are not UTF-8` : describe(value);
}
