import type { ChangeKind, ChangeLevel } from './contract-change.js';
import type { ParameterType, PropertyRules, ValueRules } from './parameter-type.js';
import { breachesOf } from './value-rules.js';
import { describe } from './yaml-fields.js';

/** A difference between the rules of one value. */
export interface RuleChange {
  readonly kind: ChangeKind;
  readonly level: ChangeLevel;
  /** Place inside the value, appended to the parameter's name: '', `[]`, `.name`. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** What happened, to go behind the name of the place: `takes integer instead of number`. */
  readonly what: string;
  /** Whether texts of the command line are read in another way, which no look at values can excuse. */
  readonly textual?: boolean;
}

/**
 * How the rules of a value changed. A change is breaking unless every value that the rules before accept, as data and
 * as text on the command line, is accepted by the rules after.
 *
 * 1. The types are compared. A type that takes other values, or reads text in another way, breaks; nothing else counts.
 * 2. Each rule is compared by itself: one that lets in less is breaking, one that lets in more is minor, one that says
 *    nothing about values of the type before is a patch.
 * 3. Where the rules before list their choices, these are tried against the rules after. When all of them pass, what
 *    step 2 found is no narrowing.
 */
export function compareRules(before: ValueRules, after: ValueRules): RuleChange[] {
  return compare(before, after, { path: '', chosen: false });
}

interface Place {
  readonly path: string;
  /** Whether an enclosing value must be one of some choices: then it matters how its text is read. */
  readonly chosen: boolean;
}

function compare(before: ValueRules, after: ValueRules, place: Place): RuleChange[] {
  const type = typeChange(before.type, after.type, place.path);
  if (type?.level === 'breaking') return [type];
  const inner = { ...place, chosen: place.chosen || after.enum !== undefined };
  const rules = [
    ...enumChanges(before, after, place.path),
    ...patternChange(before, after, place.path),
    ...BOUNDS.flatMap(bound => boundChange(before, after, { ...bound, path: place.path })),
    ...itemsChanges(before, after, inner),
    ...propertyChanges(before, after, inner),
  ];
  const excused = rules.some(({ level }) => level === 'breaking') && choicesPass(before, after);
  return [...(type ? [type] : []), ...(excused ? rules.map(excuse) : rules)];
}

/** Types that take every value, as data and as text, that another takes. */
const WIDER: Readonly<Partial<Record<ParameterType, readonly ParameterType[]>>> = {
  integer: ['number', 'float'],
  object: ['json'],
};

function typeChange(before: ParameterType, after: ParameterType, path: string): RuleChange | undefined {
  if (before === after) return undefined;
  const what = `takes ${after} instead of ${before}`;
  const same = [before, after].every(type => type === 'number' || type === 'float');
  const level = same ? 'patch' : WIDER[before]?.includes(after) ? 'minor' : 'breaking';
  return { kind: 'type', level, path, before, after, what };
}

function enumChanges(before: ValueRules, after: ValueRules, path: string): RuleChange[] {
  const [old, now] = [before.enum, after.enum];
  const change = (level: ChangeLevel, what: string): RuleChange => ({
    kind: 'enum',
    level,
    path,
    ...(old ? { before: old } : {}),
    ...(now ? { after: now } : {}),
    what,
  });
  if (!old) return now ? [change('breaking', `takes only ${describe(now)}`)] : [];
  if (!now) return [change('minor', `is no longer limited to ${describe(old)}`)];
  const [lost, gained] = [without(old, now), without(now, old)];
  return [
    ...(lost.length > 0 ? [change('breaking', `no longer takes ${list(lost)}`)] : []),
    ...(gained.length > 0 ? [change('minor', `also takes ${list(gained)}`)] : []),
  ];
}

/** Whether one pattern takes all that another takes cannot be told in general, so any other pattern breaks. */
function patternChange(before: ValueRules, after: ValueRules, path: string): RuleChange[] {
  const [old, now] = [before.pattern, after.pattern];
  if (old === now) return [];
  const level = !concerns(before.type, TEXT) ? 'patch' : now === undefined ? 'minor' : 'breaking';
  const what =
    now === undefined
      ? `no longer has to match ${describe(old)}`
      : `must match ${describe(now)}${old === undefined ? '' : ` instead of ${describe(old)}`}`;
  return [{ kind: 'pattern', level, path, ...values(old, now), what }];
}

const TEXT: readonly ParameterType[] = ['string', 'file', 'base64'];
const NUMBERS: readonly ParameterType[] = ['integer', 'number', 'float'];
const LISTS: readonly ParameterType[] = ['array'];

interface Bound {
  readonly rule: 'min' | 'max' | 'minLength' | 'maxLength' | 'minItems' | 'maxItems';
  /** Types that the rule says anything about, besides `json`. */
  readonly types: readonly ParameterType[];
  readonly side: 'least' | 'most';
  /** What it means when the rule is absent. */
  readonly absent: number;
}

const BOUNDS: readonly Bound[] = [
  { rule: 'min', types: NUMBERS, side: 'least', absent: Number.NEGATIVE_INFINITY },
  { rule: 'max', types: NUMBERS, side: 'most', absent: Number.POSITIVE_INFINITY },
  { rule: 'minLength', types: TEXT, side: 'least', absent: 0 },
  { rule: 'maxLength', types: TEXT, side: 'most', absent: Number.POSITIVE_INFINITY },
  { rule: 'minItems', types: LISTS, side: 'least', absent: 0 },
  { rule: 'maxItems', types: LISTS, side: 'most', absent: Number.POSITIVE_INFINITY },
];

function boundChange(
  before: ValueRules,
  after: ValueRules,
  { rule, types, side, absent, path }: Bound & { path: string },
): RuleChange[] {
  const [old, now] = [before[rule], after[rule]];
  if (old === now) return [];
  const [from, to] = [old ?? absent, now ?? absent];
  const idle = from === to || !concerns(before.type, types);
  const level = idle ? 'patch' : (side === 'least' ? to > from : to < from) ? 'breaking' : 'minor';
  const what =
    now === undefined
      ? `has no ${rule} any more (it was ${old})`
      : `has the ${rule} ${now}${old === undefined ? '' : ` instead of ${old}`}`;
  return [{ kind: rule, level, path, ...values(old, now), what }];
}

function itemsChanges(before: ValueRules, after: ValueRules, place: Place): RuleChange[] {
  const [old, now] = [before.items, after.items];
  const path = `${place.path}[]`;
  const idle = !concerns(before.type, LISTS);
  if (old && now) {
    const changes = compare(old, now, { ...place, path });
    return idle ? changes.map(change => ({ ...change, level: 'patch' })) : changes;
  }
  if (now) {
    const what = `must be of the type ${now.type} and keep its rules`;
    return [{ kind: 'items', level: idle ? 'patch' : 'breaking', path, after: now, what, textual: true }];
  }
  if (!old) return [];
  // "1,2" becomes two texts where it was two numbers: no longer one of the choices.
  const readDifferently = place.chosen && !TEXT.includes(old.type);
  const level = idle ? 'patch' : readDifferently ? 'breaking' : 'minor';
  return [{ kind: 'items', level, path, before: old, what: 'can be anything', textual: readDifferently }];
}

function propertyChanges(before: ValueRules, after: ValueRules, place: Place): RuleChange[] {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const idle = !concerns(before.type, ['object']);
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  const changes = names.flatMap(name => {
    const path = `${place.path}.${name}`;
    const [was, is] = [own(old, name), own(now, name)];
    if (was && is) return [...requiredChange(was, is, path), ...compare(was, is, { ...place, path })];
    return was ? [removedProperty(was, path)] : is ? [addedProperty(is, path)] : [];
  });
  return idle ? changes.map(change => ({ ...change, level: 'patch' })) : changes;
}

function requiredChange(before: PropertyRules, after: PropertyRules, path: string): RuleChange[] {
  if (before.required === after.required) return [];
  const values = { path, before: before.required, after: after.required };
  return after.required
    ? [{ kind: 'required', level: 'breaking', ...values, what: 'is required now' }]
    : [{ kind: 'optional', level: 'minor', ...values, what: 'is optional now' }];
}

/** An object takes members that no property names: the member is still accepted, and no longer checked. */
function removedProperty(before: PropertyRules, path: string): RuleChange {
  return { kind: 'property-removed', level: 'minor', path, before, what: 'is no longer declared' };
}

/** For the same reason callers may send a member of that name already, with any value. */
function addedProperty(after: PropertyRules, path: string): RuleChange {
  const { required, type, ...rules } = after;
  const takesAnything = !required && type === 'json' && Object.keys(rules).length === 0;
  const what = required
    ? `is a new required property of the type ${type}`
    : `is a new property: what was sent under that name so far had no rule, and must be of the type ${type} now`;
  return {
    kind: 'property-added',
    level: takesAnything ? 'minor' : 'breaking',
    path,
    after,
    what: takesAnything ? 'is a new property that takes any value' : what,
  };
}

/** Trying choices costs as much as both sides multiplied, in characters of JSON; beyond this it is not done. */
const MAX_TRIAL = 1e8;

function choicesPass(before: ValueRules, after: ValueRules): boolean {
  const choices = before.enum;
  if (!choices || sizeOf(choices) * sizeOf([before, after]) > MAX_TRIAL) return false;
  return choices
    .filter(choice => breachesOf(before, choice).length === 0)
    .every(choice => breachesOf(after, choice).length === 0);
}

function sizeOf(value: unknown): number {
  return JSON.stringify(value).length;
}

function excuse(change: RuleChange): RuleChange {
  return change.level === 'breaking' && change.kind !== 'type' && !change.textual
    ? { ...change, level: 'minor', what: `${change.what}, as all its choices do` }
    : change;
}

/** Whether values of a type can be of the types that a rule is about; `json` takes every value. */
function concerns(type: ParameterType, types: readonly ParameterType[]): boolean {
  return type === 'json' || types.includes(type);
}

function values(before: unknown, after: unknown): { before?: unknown; after?: unknown } {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function without(all: readonly unknown[], taken: readonly unknown[]): unknown[] {
  const keys = new Set(taken.map(keyOf));
  return all.filter(item => !keys.has(keyOf(item)));
}

function keyOf(value: unknown): string {
  return `${typeof value} ${JSON.stringify(value)}`;
}

const MAX_LISTED = 10;

function list(items: readonly unknown[]): string {
  const shown = items.slice(0, MAX_LISTED).map(describe).join(', ');
  return items.length > MAX_LISTED ? `${shown} and ${items.length - MAX_LISTED} more` : shown;
}

function own<T>(map: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(map, name) ? map[name] : undefined;
}
