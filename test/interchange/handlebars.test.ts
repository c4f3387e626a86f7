import test from 'ava';
import { importText } from './support.js';

interface Case {
  readonly title: string;
  readonly source: string;
  readonly values: Record<string, unknown>;
  readonly expected: string;
  /** What the notes are about, when there are any. */
  readonly notes?: readonly string[];
}

/** What Handlebars itself makes of each of these, by its documentation. */
const CASES: readonly Case[] = [
  { title: 'prints a value', source: 'Hi {{name}}!', values: { name: 'Ada' }, expected: 'Hi Ada!' },
  {
    title: 'prints three braces as two',
    source: '{{{name}}} {{&name}}',
    values: { name: '<a>' },
    expected: '<a> <a>',
  },
  {
    title: 'keeps what is escaped',
    source: 'Write \\{{name}} or {name}: {{name}}',
    values: { name: 'x' },
    expected: 'Write {{name}} or {name}: x',
  },
  {
    title: 'reads two backslashes as one before a value',
    source: 'a\\\\{{name}}',
    values: { name: 'x' },
    expected: 'a\\x',
  },
  {
    title: 'keeps raw blocks',
    source: '{{{{raw}}}}{{a}}{{{{/raw}}}}{{b}}',
    values: { b: 'x' },
    expected: '{{a}}x',
  },
  { title: 'takes comments away', source: 'a{{! one }}b{{!-- two }} --}}c', values: {}, expected: 'abc' },
  {
    title: 'takes a line with only a comment away',
    source: 'a\n  {{! one }}  \nb',
    values: {},
    expected: 'a\nb',
  },
  { title: 'shows a branch', source: '{{#if a}}yes{{else}}no{{/if}}', values: { a: true }, expected: 'yes' },
  {
    title: 'shows the other branch',
    source: '{{#if a}}yes{{else}}no{{/if}}',
    values: { a: false },
    expected: 'no',
  },
  {
    title: 'chains conditions',
    source: '{{#if a}}1{{else if b}}2{{else}}3{{/if}}',
    values: { a: false, b: true },
    expected: '2',
  },
  { title: 'shows unless', source: '{{#unless a}}no{{/unless}}', values: { a: false }, expected: 'no' },
  { title: 'inverts a section', source: '{{^a}}none{{/a}}', values: { a: false }, expected: 'none' },
  {
    title: 'loops with this and index',
    source: '{{#each xs}}{{@index}}={{this}} {{/each}}',
    values: { xs: ['a', 'b'] },
    expected: '0=a 1=b ',
  },
  {
    title: 'loops over members',
    source: '{{#each xs}}{{name}}{{#unless @last}}, {{/unless}}{{/each}}',
    values: { xs: [{ name: 'a' }, { name: 'b' }] },
    expected: 'a, b',
  },
  {
    title: 'reaches out of a loop',
    source: '{{#each xs}}{{../t}}{{@root.t}}{{.}}{{/each}}',
    values: { xs: ['1'], t: 'T' },
    expected: 'TT1',
  },
  {
    title: 'reaches out of two loops',
    source: '{{#each xs}}{{#each this.ys}}{{.}}{{../n}}{{../../t}} {{/each}}{{/each}}',
    values: { xs: [{ n: 'N', ys: ['1', '2'] }], t: 'T' },
    expected: '1NT 2NT ',
  },
  {
    title: 'names items',
    source: '{{#each xs as |x i|}}{{i}}{{x.n}}{{/each}}',
    values: { xs: [{ n: 'a' }] },
    expected: '0a',
  },
  {
    title: 'shows else of an empty loop',
    source: '{{#each xs}}x{{else}}none{{/each}}',
    values: { xs: [] },
    expected: 'none',
  },
  {
    title: 'changes the context',
    source: '{{#with p}}{{first}} {{last}}{{/with}}',
    values: { p: { first: 'A', last: 'B' } },
    expected: 'A B',
  },
  {
    title: 'prints nothing for a member that is not there',
    source: '[{{p.nope}}]',
    values: { p: {} },
    expected: '[]',
  },
  {
    title: 'counts a missing member as false',
    source: '{{#if p.nope}}a{{else}}b{{/if}}',
    values: { p: {} },
    expected: 'b',
  },
  {
    title: 'takes the lines of blocks away',
    source: 'a\n{{#if x}}\nb\n{{else}}\nc\n{{/if}}\nd',
    values: { x: true },
    expected: 'a\nb\nd',
  },
  { title: 'trims with tildes', source: 'a  {{~name~}}  b', values: { name: 'x' }, expected: 'axb' },
  {
    title: 'compares for equality',
    source: '{{#ifEquals a "x"}}1{{else}}2{{/ifEquals}}{{#unlessEquals a "x"}}3{{/unlessEquals}}',
    values: { a: 'x' },
    expected: '1',
  },
  {
    title: 'joins a printed list with commas',
    source: '{{#each xs}}{{/each}}{{xs}}',
    values: { xs: ['a', 'b'] },
    expected: 'a,b',
  },
  {
    title: 'reads helpers in parentheses',
    source: '{{#if (eq a "x")}}1{{/if}}{{#if (and a (not b))}}2{{/if}}',
    values: { a: 'x', b: false },
    expected: '12',
  },
  {
    title: 'keeps braces of JSON',
    source: '{"a": {"b": "{{v}}"}} {v}',
    values: { v: '1' },
    expected: '{"a": {"b": "1"}} {v}',
  },
  {
    title: 'keeps a brace before a value',
    source: '{ {{v}} } {{{v}}}',
    values: { v: '1' },
    expected: '{ 1 } 1',
  },
  {
    title: 'keeps tags of other languages',
    source: '{% if %} {# x #} {{v}}',
    values: { v: '1' },
    expected: '{% if %} {# x #} 1',
  },
  {
    title: 'prints a quoted name',
    source: '{{p.[odd name]}}',
    values: { p: { 'odd name': 'x' } },
    expected: 'x',
  },
  { title: 'prints data as JSON', source: '{{json p}}', values: { p: '{"a"}' }, expected: '"{\\"a\\"}"' },
  {
    title: 'notes a helper and prints its argument',
    source: '{{shout name}}',
    values: { name: 'x' },
    expected: 'x',
    notes: ['helper "shout"'],
  },
  {
    title: 'notes a block helper and shows its body',
    source: '{{#bold name}}b{{/bold}}{{name}}',
    values: { name: 'x' },
    expected: 'bx',
    notes: ['helper "bold"'],
  },
  { title: 'notes media', source: 'a{{media url=photo}}', values: {}, expected: 'a', notes: ['media'] },
  {
    title: 'notes a partial that is not there',
    source: 'a{{> missing}}',
    values: {},
    expected: 'a',
    notes: ['partial "missing"'],
  },
];

for (const { title, source, values, expected, notes = [] } of CASES) {
  test(`Handlebars ${title}`, async t => {
    const imported = await importText('dotprompt', source);
    t.deepEqual(imported.render(values), [{ role: 'user', content: expected }]);
    t.deepEqual(
      imported.notes.map(({ what }) => what),
      [...notes],
    );
  });
}

test('a partial is put in place, with its values and its context', async t => {
  const partials = { greet: 'Hello {{who}}, {{tone}}.', card: '<{{name}}>', loop: '{{> card p}}' };
  const imported = await importText('dotprompt', '{{> greet who="Ada"}} {{> loop}}', { partials });
  t.is(imported.render({ tone: 'warm', p: { name: 'x' } })[0]?.content, 'Hello Ada, warm. <x>');
});

test('roles in a partial divide the messages of the prompt', async t => {
  const partials = { head: '{{role "system"}}Rules.\n{{role "user"}}' };
  const imported = await importText('dotprompt', '{{> head}}\nQuestion', { partials });
  t.deepEqual(imported.render(), [
    { role: 'system', content: 'Rules.' },
    { role: 'user', content: 'Question' },
  ]);
});

for (const [title, partials] of [
  ['itself', { a: 'x{{> a}}{{> a}}' }],
  ['itself with roles', { a: '{{role "user"}}x{{> a}}{{> a}}' }],
  ['each other', { a: 'x{{> b}}', b: '{{> a}}{{> a}}' }],
] as const) {
  test(`partials that include ${title} are an error, not a hang`, async t => {
    await t.throwsAsync(importText('dotprompt', '{{> a}}', { partials }), {
      code: 'EIMPORT',
      message: /without end/,
    });
  });
}

for (const [source, message] of [
  ['a\n{{#if x}}b', /line 2: the block "if x" is never closed/],
  ['{{#if x}}b{{/each}}', /line 1: "{{\/each}}" closes "if"/],
  ['a\n\nb {{name', /line 3 is never closed/],
  ['{{/if}}', /no block to belong to/],
  ['{{a b=}}', /a name is missing/],
  [`${'{{#if a}}'.repeat(60)}`, /nested more than 50 deep/],
  [`{{${'('.repeat(60)}}}`, /nested too deeply/],
] as const) {
  test(`broken Handlebars ${JSON.stringify(source.slice(0, 30))} is an error that says where`, async t => {
    await t.throwsAsync(importText('dotprompt', source), { code: 'EIMPORT', message });
  });
}
