import test from 'ava';
import fc from 'fast-check';
import { digestOf } from '#prompd/core/digest.js';
import type { ContractChange } from '#prompd/prompt/contract-change.js';
import { compareContracts } from '#prompd/prompt/contract-diff.js';
import type { PackageContracts, PromptSurface } from '#prompd/prompt/package-contracts.js';
import {
  PARAMETER_TYPES,
  type ParameterDefinition,
  type ParameterType,
  type PropertyRules,
  type ValueRules,
} from '#prompd/prompt/parameter-type.js';
import { coerceParameters, type ParameterLayers } from '#prompd/prompt/parameter-values.js';
import { breachesOf } from '#prompd/prompt/value-rules.js';

// Few and small values, so that rules and values meet often.
const small = fc.constantFrom<unknown>(
  'a',
  'b',
  'ab',
  'abcd',
  '',
  '1',
  '2',
  'true',
  0,
  1,
  2,
  3,
  -1,
  1.5,
  true,
  false,
  null,
);
const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    small,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('n', 'm', 'constructor'), tie('value'), {
      maxKeys: 2,
      noNullPrototype: true,
    }),
  ),
})).value;

/** Present once in four times: values that must keep to many rules at once are rarely found. */
const rare = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const TYPES = fc.constantFrom(...PARAMETER_TYPES, 'array' as const, 'object' as const, 'json' as const);

const inner = (depth: number): fc.Arbitrary<ValueRules> => TYPES.chain(type => rulesOf(type, depth));

/** Rules that say something about values of the type, now and then with one that does not. */
function rulesOf(type: ParameterType, depth: number): fc.Arbitrary<ValueRules> {
  const any = type === 'json';
  const text = any || type === 'string' || type === 'file' || type === 'base64';
  const number = any || type === 'integer' || type === 'number' || type === 'float';
  const when = <T>(fits: boolean, arbitrary: fc.Arbitrary<T>) =>
    fits ? rare(arbitrary) : rare(rare(arbitrary));
  const property = fc
    .tuple(inner(depth - 1), fc.nat(3))
    .map(([own, roll]): PropertyRules => ({ ...own, required: roll === 0 }));
  return fc
    .record({
      choices: rare(fc.array(likely({ type }), { minLength: 1, maxLength: 4 })),
      pattern: when(text, fc.constantFrom('^a', 'b', '^[ab]+$', '^\\d$')),
      min: when(number, fc.integer({ min: -1, max: 2 })),
      max: when(number, fc.integer({ min: 1, max: 3 })),
      minLength: when(text, fc.integer({ min: 0, max: 2 })),
      maxLength: when(text, fc.integer({ min: 1, max: 4 })),
      minItems: when(any || type === 'array', fc.integer({ min: 0, max: 1 })),
      maxItems: when(any || type === 'array', fc.integer({ min: 1, max: 3 })),
      items:
        depth === 0
          ? fc.constant(undefined)
          : type === 'array'
            ? fc.option(inner(depth - 1), { nil: undefined, freq: 2 })
            : when(any, inner(depth - 1)),
      properties:
        depth === 0
          ? fc.constant(undefined)
          : when(
              any || type === 'object',
              fc.dictionary(fc.constantFrom('n', 'm', 'constructor'), property, {
                maxKeys: 2,
                noNullPrototype: true,
              }),
            ),
    })
    .map(({ choices, ...rest }) => {
      const fitting = choices?.filter(choice => breachesOf({ type }, choice).length === 0);
      return { ...present({ ...rest, enum: fitting && fitting.length > 0 ? fitting : undefined }), type };
    });
}

/** Rules near the given ones: a member dropped or taken from others now and then, at any depth. */
function near(base: ValueRules, other: ValueRules, roll: () => number): ValueRules {
  const { items, properties, type: _type, ...plain } = base;
  const mixed: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(plain), ...Object.keys(other)])) {
    const die = roll();
    if (die < 8) mixed[key] = Reflect.get(base, key);
    else if (die === 8) mixed[key] = Reflect.get(other, key);
  }
  if (items && other.items && roll() < 7) mixed['items'] = near(items, other.items, roll);
  else if (roll() === 9) mixed['items'] = other.items;
  else if (roll() < 9) mixed['items'] = items;
  else delete mixed['items'];
  const named = new Map<string, PropertyRules>();
  for (const [name, own] of Object.entries(properties ?? {})) {
    const now =
      other.properties && Object.hasOwn(other.properties, name) ? other.properties[name] : undefined;
    const required = roll() === 9 ? !own.required : own.required;
    if (roll() < 9) named.set(name, { ...near(own, now ?? own, roll), required });
  }
  for (const [name, own] of Object.entries(other.properties ?? {})) {
    if (!named.has(name) && roll() > 7) named.set(name, own);
  }
  mixed['properties'] = named.size > 0 ? Object.fromEntries(named) : undefined;
  return { ...present(mixed), type: roll() === 9 ? other.type : base.type };
}

interface Change {
  readonly before: ParameterDefinition;
  readonly after: ParameterDefinition;
}

const change: fc.Arbitrary<Change> = TYPES.chain(type =>
  fc.tuple(
    rulesOf(type, 2),
    fc.oneof({ weight: 3, arbitrary: rulesOf(type, 2) }, { weight: 1, arbitrary: inner(2) }),
    fc.array(fc.nat(9), { minLength: 40, maxLength: 40 }),
    fc.array(json, { maxLength: 2 }),
    fc.constantFrom('both', 'before', 'after', 'none', 'none', 'none'),
    fc.tuple(fc.nat(3), fc.nat(3)),
  ),
).map(([base, other, rolls, defaults, defaulted, [oldRequired, nowRequired]]) => {
  let at = 0;
  const after = near(base, other, () => rolls[at++ % rolls.length] ?? 0);
  const fallback = (side: string) => (defaulted === side || defaulted === 'both' ? defaults : []);
  return {
    before: definition(base, fallback('before'), oldRequired < 2),
    after: definition(after, fallback('after'), nowRequired < 1),
  };
});

/** A default breaks none of the rules: a prompt that says otherwise cannot be loaded. */
function definition(own: ValueRules, defaults: readonly unknown[], required: boolean): ParameterDefinition {
  const fallback = defaults.find(value => value !== null && breachesOf(own, value).length === 0);
  return { name: 'a', required, ...own, ...(fallback === undefined ? {} : { default: fallback }) };
}

const text = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ab',
    'abcd',
    '1',
    '2',
    '1,2',
    'a,b',
    '1.5',
    '+1',
    'true',
    'yes',
    '',
    '[1,2]',
    '["a"]',
  ),
  json.map(value => JSON.stringify(value)),
);

/** Values as callers give them: as data, on the command line, in the environment, or not at all. */
const layers = (before: ParameterDefinition): fc.Arbitrary<ParameterLayers> => {
  const values = fc.oneof(json, fc.constantFrom(...(before.enum ?? ['a'])), likely(before));
  return fc.oneof(
    values.map(a => ({ files: [{ a }] })),
    text.map(a => ({ flags: { a } })),
    values.map(a => ({ flags: { a: typeof a === 'string' ? a : JSON.stringify(a) } })),
    text.map(a => ({ environment: { a } })),
    fc.constant({}),
  );
};

/** Values that have the shape that rules ask for, and often keep them. */
function likely(own: ValueRules): fc.Arbitrary<unknown> {
  switch (own.type) {
    case 'integer':
    case 'number':
    case 'float':
      return fc.constantFrom(-1, 0, 1, 2, 3, 1.5);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(own.items ? likely(own.items) : fc.oneof(small, json), { maxLength: 3 });
    case 'object': {
      const members = Object.entries(own.properties ?? {}).map(
        ([name, inner]) => [name, likely(inner)] as const,
      );
      return fc
        .tuple(fc.record(Object.fromEntries(members), { requiredKeys: [] }), json)
        .map(([declared, n]) => ({ n, ...declared }));
    }
    case 'json':
      return json;
    default:
      return fc.constantFrom('a', 'b', 'ab', 'abcd', '1', '');
  }
}

function packageOf(parameters: readonly ParameterDefinition[]): PackageContracts {
  const digest = digestOf(null);
  const surface: PromptSurface = { parameters, sections: ['user'], text: digest, settings: digest };
  return { main: 'p', prompts: new Map([['p', surface]]), unreadable: new Map() };
}

function changesOf({ before, after }: Change): ContractChange[] {
  return compareContracts(packageOf([before]), packageOf([after]));
}

const isBreaking = (changes: readonly ContractChange[]) => changes.some(({ level }) => level === 'breaking');

const RUNS = { numRuns: 6000 };

test('what is compared with itself has no changes', t => {
  fc.assert(
    fc.property(change, ({ before }) => {
      t.deepEqual(changesOf({ before, after: { ...before } }), []);
    }),
  );
});

test('without a breaking change, whatever the contract before accepts the contract after accepts', t => {
  let compatible = 0;
  let accepted = 0;
  fc.assert(
    fc.property(
      change
        .filter(pair => !isBreaking(changesOf(pair)))
        .chain(pair => fc.tuple(fc.constant(pair), layers(pair.before))),
      ([{ before, after }, given]) => {
        if (JSON.stringify(before) !== JSON.stringify(after)) compatible += 1;
        if (coerceParameters([before], given).faults.length > 0) return;
        accepted += 1;
        const { faults } = coerceParameters([after], given);
        if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
      },
    ),
    RUNS,
  );
  t.true(compatible > 500, `${compatible} pairs differed`);
  t.true(accepted > 500, `${accepted} values were accepted`);
});

test('a value that only the contract before accepts comes with a breaking change', t => {
  let refused = 0;
  fc.assert(
    fc.property(
      change.chain(pair => fc.tuple(fc.constant(pair), layers(pair.before))),
      ([pair, given]) => {
        const [old, now] = [pair.before, pair.after].map(own => coerceParameters([own], given).faults);
        if (old?.length !== 0 || now?.length === 0) return;
        refused += 1;
        if (!isBreaking(changesOf(pair))) throw new Error('no breaking change');
      },
    ),
    RUNS,
  );
  t.true(refused > 100, `${refused} values were refused`);
});

test('parameters and sections may stand in any order', t => {
  const definitions = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), inner(2), fc.boolean()), {
    selector: ([name]) => name,
    minLength: 2,
  });
  fc.assert(
    fc.property(definitions, definitions, (before, after) => {
      const make = (entries: typeof before) =>
        entries.map(([name, own, required]): ParameterDefinition => ({ ...own, name, required }));
      t.deepEqual(
        compareContracts(packageOf(make(before)), packageOf(make(after))),
        compareContracts(packageOf(make(before).reverse()), packageOf(make(after).reverse())),
      );
    }),
    { numRuns: 50 },
  );
});

function present(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
