import test from 'ava';
import type { ContractChange } from '#prompd/prompt/contract-change.js';
import { compareContracts, uncompared } from '#prompd/prompt/contract-diff.js';
import { type PackageContracts, readPackageContracts, surfaceOf } from '#prompd/prompt/package-contracts.js';
import { cpuTime } from '../support/cpu-time.js';
import { loadOf } from './support.js';

const PROMPT = (parameters: string, body = '# System\na\n# User\nb\n', more = '') =>
  `---\nname: x\nversion: "1.0.0"\n${more}parameters:\n${parameters}---\n${body}`;

/** A package with one prompt for each text. */
async function packageOf(
  prompts: Readonly<Record<string, string>>,
  main = Object.keys(prompts).length === 1 ? Object.keys(prompts)[0] : undefined,
): Promise<PackageContracts> {
  const surfaces = new Map<string, ReturnType<typeof surfaceOf>>();
  for (const [id, text] of Object.entries(prompts)) {
    surfaces.set(id, surfaceOf(await loadOf({ 'main.prompd': text })));
  }
  return { main, prompts: surfaces, unreadable: new Map() };
}

function brief({ level, kind, prompt, path }: ContractChange): string {
  return [level, kind, prompt === 'p' ? undefined : prompt, path].filter(Boolean).join(' ');
}

const P = (rules: string) => `  - {name: a${rules && `, ${rules}`}}\n`;

const RULES: readonly [what: string, before: string, after: string, found: string[]][] = [
  ['the same rules', 'type: integer, min: 1', 'min_value: 1, type: integer', []],
  ['choices in another order', 'enum: [x, y]', 'enum: [y, x]', []],
  ['required becoming optional', 'required: true', '', ['minor optional a']],
  ['optional becoming required', '', 'required: true', ['breaking required a']],
  ['required that gets a default', 'required: true', 'required: true, default: x', ['minor optional a']],
  [
    'required that loses its default',
    'required: true, default: x',
    'required: true',
    ['breaking required a'],
  ],
  ['a required flag beside a default', 'default: x', 'required: true, default: x', []],
  ['a default removed from an optional parameter', 'default: x', '', ['breaking default-removed a']],
  ['a default added to an optional parameter', '', 'default: x', ['minor default-added a']],
  ['another default', 'default: x', 'default: y', ['minor default-changed a']],
  ['integer widened to number', 'type: integer', 'type: number', ['minor type a']],
  ['integer widened to float', 'type: integer', 'type: float', ['minor type a']],
  ['number under its other name', 'type: number', 'type: float', ['patch type a']],
  ['number narrowed to integer', 'type: number', 'type: integer', ['breaking type a']],
  ['object widened to json', 'type: object', 'type: json', ['minor type a']],
  ['json narrowed to object', 'type: json', 'type: object', ['breaking type a']],
  ['integer to json, whose text has no plus sign', 'type: integer', 'type: json', ['breaking type a']],
  ['string to json, whose text is JSON', 'type: string', 'type: json', ['breaking type a']],
  ['array to json, whose text is no comma list', 'type: array', 'type: json', ['breaking type a']],
  ['string to file, whose text is a path', 'type: string', 'type: file', ['breaking type a']],
  ['boolean to string', 'type: boolean', 'type: string', ['breaking type a']],
  ['another type, whatever else', 'type: integer, min: 1', 'type: string, pattern: x', ['breaking type a']],
  ['a choice removed', 'enum: [x, y]', 'enum: [x]', ['breaking enum a']],
  ['a choice added', 'enum: [x]', 'enum: [x, y]', ['minor enum a']],
  ['a choice replaced', 'enum: [x, y]', 'enum: [x, z]', ['breaking enum a', 'minor enum a']],
  ['choices for what had none', '', 'enum: [x]', ['breaking enum a']],
  ['choices given up', 'enum: [x]', '', ['minor enum a']],
  ['a pattern added', '', 'pattern: "^x"', ['breaking pattern a']],
  ['another pattern', 'pattern: "^x"', 'pattern: "^[xy]"', ['breaking pattern a']],
  ['a pattern removed', 'pattern: "^x"', '', ['minor pattern a']],
  [
    'a pattern that all choices match',
    'enum: [x, y]',
    'enum: [x, y], pattern: "^[xy]$"',
    ['minor pattern a'],
  ],
  [
    'a pattern that one choice does not match',
    'enum: [x, y]',
    'enum: [x, y], pattern: "^x$"',
    ['breaking pattern a'],
  ],
  [
    'choices given up for a pattern that they all match',
    'enum: [x, y]',
    'pattern: "^[xyz]$"',
    ['minor enum a', 'minor pattern a'],
  ],
  [
    'a pattern on numbers, which has no effect',
    'type: integer',
    'type: integer, pattern: x',
    ['patch pattern a'],
  ],
  ['a higher min', 'type: number, min: 1', 'type: number, min: 2', ['breaking min a']],
  ['a lower min', 'type: number, min: 1', 'type: number, min: 0', ['minor min a']],
  ['a min added', 'type: number', 'type: number, min: 0', ['breaking min a']],
  ['a min removed', 'type: number, min: 0', 'type: number', ['minor min a']],
  ['a lower max', 'type: number, max: 2', 'type: number, max: 1', ['breaking max a']],
  ['a higher max', 'type: number, max: 2', 'type: number, max: 3', ['minor max a']],
  ['a min on texts, which has no effect', '', 'min: 3', ['patch min a']],
  ['a higher minLength', 'minLength: 1', 'minLength: 2', ['breaking minLength a']],
  ['a minLength of 0, which says nothing', '', 'minLength: 0', ['patch minLength a']],
  ['a lower maxLength', 'maxLength: 9', 'maxLength: 8', ['breaking maxLength a']],
  ['a maxLength removed', 'maxLength: 9', '', ['minor maxLength a']],
  ['more items asked for', 'type: array', 'type: array, minItems: 1', ['breaking minItems a']],
  ['fewer items allowed', 'type: array, maxItems: 3', 'type: array, maxItems: 2', ['breaking maxItems a']],
  [
    'a rule for items that had none',
    'type: array',
    'type: array, items: {type: string}',
    ['breaking items a[]'],
  ],
  ['items without a rule any more', 'type: array, items: integer', 'type: array', ['minor items a[]']],
  [
    'items without a rule any more whose list is one of some choices',
    'type: array, items: integer, enum: [[1, 2]]',
    'type: array, enum: [[1, 2]]',
    ['breaking items a[]'],
  ],
  [
    'wider items',
    'type: array, items: {type: integer, min: 1}',
    'type: array, items: {type: number, min: 0}',
    ['minor min a[]', 'minor type a[]'],
  ],
  [
    'a narrower rule deep inside',
    'type: array, items: {type: object, properties: {n: {type: string}}}',
    'type: array, items: {type: object, properties: {n: {type: string, maxLength: 5}}}',
    ['breaking maxLength a[].n'],
  ],
  [
    'a property that becomes required',
    'type: object, properties: {n: {type: string}}',
    'type: object, properties: {n: {type: string, required: true}}',
    ['breaking required a.n'],
  ],
  [
    'a property that becomes optional',
    'type: object, properties: {n: {type: string, required: true}}',
    'type: object, properties: {n: {type: string}}',
    ['minor optional a.n'],
  ],
  [
    'a property no longer declared',
    'type: object, properties: {n: {type: string}}',
    'type: object',
    ['minor property-removed a.n'],
  ],
  [
    'a new required property',
    'type: object',
    'type: object, properties: {n: {type: json, required: true}}',
    ['breaking property-added a.n'],
  ],
  [
    'a new optional property with a rule for what could be anything',
    'type: object',
    'type: object, properties: {n: {type: string}}',
    ['breaking property-added a.n'],
  ],
  [
    'a new optional property that takes anything',
    'type: object',
    'type: object, properties: {n: {type: json}}',
    ['minor property-added a.n'],
  ],
  ['another description', 'description: one', 'description: two', ['patch documentation a']],
  ['an example', '', 'example: x', ['patch documentation a']],
  ['another message for errors', 'error_message: one', 'error_message: two', ['patch documentation a']],
];

for (const [what, before, after, found] of RULES) {
  test(`${what}: ${found.join(', ') || 'nothing'}`, async t => {
    const [old, now] = [await packageOf({ p: PROMPT(P(before)) }), await packageOf({ p: PROMPT(P(after)) })];
    t.deepEqual(compareContracts(old, now).map(brief).sort(), found);
  });
}

const PLAIN = PROMPT(P(''));
const PACKAGES: readonly [
  what: string,
  before: [Record<string, string>, string?],
  after: [Record<string, string>, string?],
  found: string[],
][] = [
  ['a removed prompt', [{ p: PLAIN, q: PLAIN }, 'p'], [{ p: PLAIN }, 'p'], ['breaking prompt-removed q']],
  ['an added prompt', [{ p: PLAIN }, 'p'], [{ p: PLAIN, q: PLAIN }, 'p'], ['minor prompt-added q']],
  [
    'a second prompt without "main", so that the bare name means none',
    [{ p: PLAIN }],
    [{ p: PLAIN, q: PLAIN }],
    ['breaking main-changed', 'minor prompt-added q'],
  ],
  [
    'another main prompt',
    [{ p: PLAIN, q: PLAIN }, 'p'],
    [{ p: PLAIN, q: PLAIN }, 'q'],
    ['breaking main-changed'],
  ],
  [
    'a main prompt where there was none',
    [{ p: PLAIN, q: PLAIN }],
    [{ p: PLAIN, q: PLAIN }, 'q'],
    ['minor main-changed'],
  ],
  ['a renamed prompt', [{ p: PLAIN }], [{ q: PLAIN }], ['breaking prompt-removed', 'minor prompt-added q']],
  [
    'a removed parameter',
    [{ p: PROMPT('  - name: a\n  - name: b\n') }],
    [{ p: PLAIN }],
    ['breaking parameter-removed b'],
  ],
  [
    'an added optional parameter',
    [{ p: PLAIN }],
    [{ p: PROMPT('  - name: b\n  - name: a\n') }],
    ['minor parameter-added b'],
  ],
  [
    'an added required parameter with a default',
    [{ p: PLAIN }],
    [{ p: PROMPT('  - name: a\n  - {name: b, required: true, default: x}\n') }],
    ['minor parameter-added b'],
  ],
  [
    'an added required parameter',
    [{ p: PLAIN }],
    [{ p: PROMPT('  - name: a\n  - {name: b, required: true}\n') }],
    ['breaking parameter-added b'],
  ],
  [
    'a renamed parameter',
    [{ p: PLAIN }],
    [{ p: PROMPT('  - name: b\n') }],
    ['breaking parameter-removed a', 'minor parameter-added b'],
  ],
  [
    'a removed and an added section',
    [{ p: PROMPT(P(''), '# User\nb\n# Rules\nr\n') }],
    [{ p: PROMPT(P(''), '# User\nb\n# Notes\nr\n') }],
    ['breaking section-removed', 'minor section-added', 'patch text'],
  ],
  ['another text', [{ p: PLAIN }], [{ p: PROMPT(P(''), '# System\na\n# User\nc\n') }], ['patch text']],
  [
    'another model',
    [{ p: PROMPT(P(''), undefined, 'model: a\n') }],
    [{ p: PROMPT(P(''), undefined, 'model: b\n') }],
    ['patch settings'],
  ],
  ['other line ends', [{ p: PLAIN }], [{ p: PLAIN.replaceAll('\n', '\r\n') }], []],
  [
    'other metadata of a prompt',
    [{ p: PLAIN }],
    [{ p: PLAIN.replace('1.0.0', '2.0.0').replace('name: x', 'name: y\ndescription: d\nauthor: a') }],
    [],
  ],
];

for (const [what, before, after, found] of PACKAGES) {
  test(`${what}: ${found.join(', ') || 'nothing'}`, async t => {
    const changes = compareContracts(await packageOf(...before), await packageOf(...after));
    t.deepEqual(changes.map(brief), found);
    for (const { message } of changes) t.regex(message, /^[A-Z"].*\.$/);
  });
}

test('a change says its prompt, its place, both values and a sentence', async t => {
  const before = await packageOf({ p: PROMPT(P('type: array, items: {enum: [x, y]}')) });
  const after = await packageOf({ p: PROMPT(P('type: array, items: {enum: [x]}')) });
  t.deepEqual(compareContracts(before, after), [
    {
      kind: 'enum',
      level: 'breaking',
      prompt: 'p',
      path: 'a[]',
      before: ['x', 'y'],
      after: ['x'],
      message: '"a[]" no longer takes "y".',
    },
  ]);
});

test('names that every object has are names like others', async t => {
  const before = await packageOf({ p: PROMPT(P('type: object, properties: {}')) });
  const after = await packageOf({
    p: PROMPT(P('type: object, properties: {constructor: {type: string}}')),
  });
  t.deepEqual(compareContracts(before, after).map(brief), ['breaking property-added a.constructor']);
});

const read = (prompts: Record<string, string>, files: Record<string, string>) =>
  readPackageContracts({
    id: 'x',
    label: '',
    prompts,
    read: async path => {
      const text = files[path];
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    dependency: async () => undefined,
  });

test('a prompt that cannot be loaded on one side is told and not compared', async t => {
  const files = { 'a.prompd': PLAIN, 'broken.prompd': '---\nname: [\n---\n' };
  const before = await read({ p: 'broken.prompd', q: 'nowhere.prompd', gone: 'broken.prompd' }, files);
  const after = await read({ p: 'a.prompd', q: 'a.prompd', new: 'broken.prompd' }, files);
  t.deepEqual(compareContracts(before, after).map(brief), ['breaking prompt-removed gone']);
  t.deepEqual(
    uncompared(before, after).map(({ prompt, side }) => `${prompt} ${side}`),
    ['p before', 'q before'],
  );
  t.deepEqual(
    uncompared(after, before).map(({ prompt, side }) => `${prompt} ${side}`),
    ['p after', 'q after'],
  );
});

test('the prompt that is meant when none is named is the main one, or the only one', async t => {
  const files = { 'a.prompd': PLAIN };
  t.is((await read({ p: 'a.prompd' }, files)).main, 'p');
  t.is((await read({ p: 'a.prompd', q: 'a.prompd' }, files)).main, undefined);
});

test('a great many choices are compared in little time', async t => {
  const many = Array.from({ length: 20_000 }, (_, index) => `v${index}`);
  const surface = async (choices: readonly string[]) => ({
    main: 'p',
    prompts: new Map([
      [
        'p',
        {
          ...surfaceOf(await loadOf({ 'main.prompd': PLAIN })),
          parameters: [{ name: 'a', required: false, type: 'string' as const, enum: choices }],
        },
      ],
    ]),
    unreadable: new Map<string, string>(),
  });
  const [before, after] = [await surface(many), await surface(many.slice(1).toReversed())];
  const used = cpuTime();
  t.deepEqual(compareContracts(before, after).map(brief), ['breaking enum a']);
  t.true(used() < 2000);
});
