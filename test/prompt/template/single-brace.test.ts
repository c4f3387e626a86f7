import test from 'ava';
import { cpuTime } from '../../support/cpu-time.js';
import { renderText } from './support.js';

const VALUES = {
  name: 'Ann',
  items: ['a', 'b'],
  user: { first: 'Bo', tags: ['x'] },
  inputs: { team: { lead: 'Cy' } },
};

const SUBSTITUTED: readonly [source: string, output: string][] = [
  ['{name}', 'Ann'],
  ['Hi {name}!', 'Hi Ann!'],
  ['{name}{name}', 'AnnAnn'],
  ['{items[0]}{items[-1]}', 'ab'],
  ['{user.first} {user["first"]} {user.tags[0]} {user.tags.0}', 'Bo Bo x x'],
  ['{inputs.team.lead}', 'Cy'],
  ['{name|upper}', 'ANN'],
  ['{name | lower | upper}', 'ANN'],
  ['{name|replace("n", "m")}', 'Amm'],
  ['{name|truncate(length=2, end="")}', 'Ann'],
  ['{items|join(", ")}', 'a, b'],
  ['{"key": {name}}', '{"key": Ann}'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable is what the case is about.
  ['${name}', '$Ann'],
  ['{% for item in items %}{item}{loop.index}{% endfor %}', 'a1b2'],
  ['{% set q = 1 %}{q}', '1'],
  ['{% with w = 2 %}{w}{% endwith %}{w}', '2{w}'],
  ['{% macro m(a) %}<{a}>{% endmacro %}{{ m("z") }}{a}', '<z>{a}'],
];

for (const [source, output] of SUBSTITUTED) {
  test(`${source} is substituted`, t => {
    t.is(renderText(source, VALUES), output);
  });
}

const TEXT = [
  '{other}',
  '{ name }',
  '{name }',
  '{}',
  '{ }',
  '{"name": "x"}',
  "{'name'}",
  '{name: 1}',
  '{name, items}',
  '{name;}',
  '.a{color:red}',
  'a { b: c; }',
  '{name',
  'name}',
  '{name.}',
  '{name..first}',
  '{name|}',
  '{name|upper(}',
  '{name|upper(name)}',
  '{name|upper(1+1)}',
  '{name\n}',
  '{1name}',
  '{name-first}',
  '{name + 1}',
  '{name()}',
  '{items[name]}',
  '{items[0}',
  '{items[1.5]}',
  '{na me}',
  '{item}{loop.index}',
  'if (x) { return {a: {b: 1}}; }',
  '\\{other\\}',
];

for (const source of TEXT) {
  test(`${JSON.stringify(source)} stays as it is`, t => {
    t.is(renderText(source, VALUES), source);
  });
}

test('nothing is substituted in raw blocks, comments, strings and values', t => {
  t.is(renderText('{% raw %}{name}{% endraw %}', VALUES), '{name}');
  t.is(renderText('{# {name} #}', VALUES), '');
  t.is(renderText('{{ "{name}" }}', VALUES), '{name}');
  t.is(renderText('{name}', { name: '{name}{{ name }}{% if %}' }), '{name}{{ name }}{% if %}');
});

test('a variable of a loop is no substitution behind the loop', t => {
  t.is(renderText('{% for i in items %}{i}{% endfor %}{i}', VALUES), 'ab{i}');
});

test('a text of braces only costs no more than its length', t => {
  const source = '{name|f("{a|'.repeat(50_000);
  const spent = cpuTime();
  t.is(renderText(source, VALUES), source);
  t.true(spent() < 10_000);
});
