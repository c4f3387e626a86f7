import type { Node } from 'yaml';
import { compilePattern } from '../core/pattern.js';
import { PARAMETER_FIELDS, RULE_FIELDS as RULE_FIELD_TABLE } from './field-table.js';
import {
  isParameterType,
  PARAMETER_TYPES,
  type ParameterDefinition,
  type PropertyRules,
  type ValueRules,
} from './parameter-type.js';
import { breachesOf } from './value-rules.js';
import {
  asItems,
  asMap,
  describe,
  type Field,
  type FieldContext,
  FieldReader,
  nearest,
} from './yaml-fields.js';

/** A definition and where it stands in the file. */
export interface PlacedDefinition {
  readonly definition: ParameterDefinition;
  /** Offset of its name. */
  readonly at: number;
}

const RULE_FIELDS = Object.keys(RULE_FIELD_TABLE);
const FIELDS = Object.keys(PARAMETER_FIELDS);
const NAME = /^[a-z_][a-z0-9_]{0,127}$/;
/** Words of the template language, which could never be read as a variable. */
const RESERVED = new Set([
  'and',
  'or',
  'not',
  'in',
  'is',
  'if',
  'else',
  'true',
  'false',
  'none',
  'loop',
  'inputs',
]);
const MAX_NESTING = 20;

/** Reads the `parameters` of a prompt. Every fault is reported; definitions without a usable name are left out. */
export function readParameters(field: Field, context: FieldContext): PlacedDefinition[] {
  const items = asItems(field.node, context.document);
  const own = { ...context, code: 'EPARAMETERDEF' as const };
  if (!items) {
    report(own, field.valueAt, '"parameters" must be a list of definitions.', 'Begin each with "- name: …".');
    return [];
  }
  const found = new Map<string, PlacedDefinition>();
  for (const [index, node] of items.entries()) {
    const placed = readDefinition(node, { index, listAt: field.valueAt, context: own });
    if (!placed) continue;
    const { name } = placed.definition;
    if (found.has(name)) report(own, placed.at, `The parameter "${name}" is defined twice.`);
    else found.set(name, placed);
  }
  return [...found.values()];
}

function readDefinition(
  node: Node | undefined,
  { index, listAt, context }: { index: number; listAt: number; context: FieldContext },
): PlacedDefinition | undefined {
  const at = context.start + (node?.range?.[0] ?? listAt - context.start);
  const map = asMap(node);
  if (!map) {
    report(context, at, `Parameter ${index + 1} must be a definition with a name.`, 'Write "- name: …".');
    return undefined;
  }
  const rawName = new FieldReader(map, { ...context, report: () => {} }).field('name')?.value;
  const owner =
    typeof rawName === 'string' ? `parameter "${rawName.slice(0, 40)}"` : `parameter ${index + 1}`;
  const reader = new FieldReader(map, context, owner);
  reader.reportUnknown(FIELDS);
  const name = readName(reader, at, context, index);
  const rules = readRules(reader, { context, owner, depth: 0 });
  const optional = {
    description: reader.string('description'),
    errorMessage: reader.string('error_message'),
    example: reader.field('example')?.value,
    default: checkedDefault(reader, rules, { context, owner }),
  };
  const required = reader.boolean('required') ?? false;
  if (name === undefined) return undefined;
  return {
    definition: { ...rules, name, required, ...present(optional) },
    at: reader.field('name')?.valueAt ?? at,
  };
}

function readName(reader: FieldReader, at: number, context: FieldContext, index: number): string | undefined {
  if (!reader.field('name')) {
    report(context, at, `Parameter ${index + 1} has no name.`);
    return undefined;
  }
  const name = reader.string('name');
  const place = reader.field('name')?.valueAt ?? at;
  if (name === undefined) return undefined;
  if (RESERVED.has(name)) {
    report(context, place, `"${name}" is a word of the template language and cannot name a parameter.`);
    return undefined;
  }
  if (NAME.test(name)) return name;
  const near = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/^([0-9])/, '_$1');
  report(
    context,
    place,
    `The name of a parameter has lowercase letters, digits and "_", not ${describe(name)}.`,
    NAME.test(near) ? `Did you mean "${near}"?` : undefined,
  );
  return undefined;
}

interface RuleContext {
  readonly context: FieldContext;
  readonly owner: string;
  readonly depth: number;
}

function readRules(reader: FieldReader, { context, owner, depth }: RuleContext): ValueRules {
  const type = readType(reader, { context, owner, depth });
  const min = alias(reader, ['min', 'min_value', 'minimum'], context);
  const max = alias(reader, ['max', 'max_value', 'maximum'], context);
  const rules = {
    enum: readEnum(reader, type, { context, owner, depth }),
    pattern: readPattern(reader, context),
    min,
    max,
    minLength: reader.count('minLength'),
    maxLength: reader.count('maxLength'),
    minItems: reader.count('minItems'),
    maxItems: reader.count('maxItems'),
    items: readNested(reader.field('items'), { context, owner: `the items of ${owner}`, depth: depth + 1 }),
    properties: readProperties(reader, { context, owner, depth: depth + 1 }),
  };
  checkOrder(
    reader,
    [
      ['min', min, max, 'max'],
      ['minLength', rules.minLength, rules.maxLength, 'maxLength'],
      ['minItems', rules.minItems, rules.maxItems, 'maxItems'],
    ],
    { context, owner, depth },
  );
  return { type, ...present(rules) };
}

function readType(reader: FieldReader, { context, owner }: RuleContext): ValueRules['type'] {
  const word = reader.string('type');
  if (word === undefined) return 'string';
  const lower = word.toLowerCase();
  if (isParameterType(lower) && lower === word) return lower;
  const near = TYPE_WORDS[lower] ?? nearest(lower, PARAMETER_TYPES);
  report(
    context,
    reader.field('type')?.valueAt ?? context.start,
    `"${word.slice(0, 40)}" is not a type; ${owner} can be ${PARAMETER_TYPES.join(', ')}.`,
    near === undefined ? undefined : `Did you mean "${near}"?`,
  );
  return 'json';
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  str: 'string',
  text: 'string',
  int: 'integer',
  bool: 'boolean',
  double: 'number',
  list: 'array',
  dict: 'object',
  map: 'object',
};

function alias(reader: FieldReader, names: readonly string[], context: FieldContext): number | undefined {
  const given = names.filter(name => reader.field(name) !== undefined);
  const [first, second] = given;
  if (second !== undefined) {
    const at = reader.field(second)?.keyAt ?? context.start;
    report(context, at, `"${first}" and "${second}" say the same; write one of them.`);
  }
  return first === undefined ? undefined : reader.number(first);
}

function readEnum(
  reader: FieldReader,
  type: ValueRules['type'],
  { context, owner }: RuleContext,
): unknown[] | undefined {
  const field = reader.field('enum');
  if (!field) return undefined;
  if (!Array.isArray(field.value) || field.value.length === 0) {
    reader.wrong(field, 'must be a list of values');
    return undefined;
  }
  for (const item of field.value) {
    if (breachesOf({ type }, item).length === 0) continue;
    report(context, field.valueAt, `The choice ${describe(item)} of ${owner} is not of the type ${type}.`);
  }
  return field.value;
}

function readPattern(reader: FieldReader, context: FieldContext): string | undefined {
  const pattern = reader.string('pattern');
  if (pattern === undefined) return undefined;
  const compiled = compilePattern(pattern);
  if (typeof compiled !== 'string') return pattern;
  const at = reader.field('pattern')?.valueAt ?? context.start;
  report(
    context,
    at,
    `The pattern ${describe(pattern)} cannot be used: ${compiled}.`,
    'Patterns have the syntax of RE2.',
  );
  return undefined;
}

function readNested(field: Field | undefined, rule: RuleContext): ValueRules | undefined {
  if (!field) return undefined;
  if (rule.depth > MAX_NESTING) {
    report(rule.context, field.valueAt, `Definitions are nested more than ${MAX_NESTING} deep.`);
    return undefined;
  }
  if (typeof field.value === 'string' && isParameterType(field.value)) return { type: field.value };
  const map = asMap(field.node);
  if (map) {
    const reader = new FieldReader(map, rule.context, rule.owner);
    reader.reportUnknown([...RULE_FIELDS, 'required', 'default', 'example']);
    return readRules(reader, rule);
  }
  report(
    rule.context,
    field.valueAt,
    `${rule.owner} need a type or a map of rules, not ${describe(field.value)}.`,
  );
  return undefined;
}

function readProperties(reader: FieldReader, rule: RuleContext): Record<string, PropertyRules> | undefined {
  const field = reader.field('properties');
  if (!field) return undefined;
  const map = asMap(field.node);
  if (!map) {
    reader.wrong(field, 'must be a map from names to rules');
    return undefined;
  }
  const members = new FieldReader(map, rule.context, rule.owner);
  const entries = members.keys().flatMap((name): [string, PropertyRules][] => {
    if (name === '__proto__') return [];
    const member = members.field(name);
    const nested = readNested(member, { ...rule, owner: `"${name}" of ${rule.owner}` });
    const inner = asMap(member?.node);
    const required = inner ? new FieldReader(inner, rule.context, `"${name}"`).boolean('required') : false;
    return nested ? [[name, { ...nested, required: required ?? false }]] : [];
  });
  return Object.fromEntries(entries);
}

function checkOrder(
  reader: FieldReader,
  pairs: readonly [string, number | undefined, number | undefined, string][],
  { context, owner }: RuleContext,
): void {
  for (const [low, least, most, high] of pairs) {
    if (least === undefined || most === undefined || least <= most) continue;
    const at = reader.field(low)?.valueAt ?? reader.field('type')?.valueAt ?? context.start;
    report(context, at, `No value fits ${owner}: "${low}" ${least} is over "${high}" ${most}.`);
  }
}

function checkedDefault(
  reader: FieldReader,
  rules: ValueRules,
  { context, owner }: { context: FieldContext; owner: string },
): unknown {
  const field = reader.field('default');
  if (!field) return undefined;
  const [breach] = breachesOf(rules, field.value);
  if (breach) {
    const place = breach.path ? ` at ${breach.path}` : '';
    const message = `The default of ${owner} breaks its own rule "${breach.rule}"${place}: ${describe(breach.value)}.`;
    const quoted = rules.type === 'string' && typeof field.value !== 'object';
    report(context, field.valueAt, message, quoted ? `Write it in quotes: "${field.source}".` : undefined);
  }
  return field.value;
}

/** The members that have a value. */
function present<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function report(context: FieldContext, at: number, message: string, hint?: string): void {
  context.report(
    context.source.problem(context.code, message, { at, ...(hint === undefined ? {} : { hint }) }),
  );
}
