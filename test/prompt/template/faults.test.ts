import test from 'ava';
import type { TemplateError } from '#prompd/prompt/template/template-error.js';
import { cpuTime } from '../../support/cpu-time.js';
import { faultOf, renderText } from './support.js';

const FAULTS: readonly [source: string, code: TemplateError['code'], at: number, message: RegExp][] = [
  ['{{ x', 'ETEMPLATE', 0, /never closed/],
  ['ab {# x', 'ETEMPLATE', 3, /comment is never closed/],
  ['{% if x %}y', 'ETEMPLATE', 0, /"\{% endif %\}" is missing/],
  ['{% raw %}y', 'ETEMPLATE', 0, /"\{% endraw %\}" is missing/],
  ['a {% endif %}', 'ETEMPLATE', 2, /nothing to belong to/],
  ['{% if x %}{% endfor %}', 'ETEMPLATE', 10, /nothing to belong to here inside/],
  ['{% if x y %}', 'ETEMPLATE', 8, /Unexpected "y"/],
  ['{{ x y }}', 'ETEMPLATE', 5, /Unexpected "y"/],
  ['{{ (x }}', 'ETEMPLATE', 6, /Unexpected "}"/],
  ['{{ "x }}', 'ETEMPLATE', 3, /string is never closed/],
  ['{{ 1 $ 2 }}', 'ETEMPLATE', 5, /"\$" has no meaning/],
  ['{{ 12abc }}', 'ETEMPLATE', 5, /cannot be followed/],
  ['{{ }}', 'ETEMPLATE', 3, /a value was expected/],
  ['{% include "/etc/passwd" %}', 'ETEMPLATE', 0, /not available/],
  ['{% import "x" as y %}', 'ETEMPLATE', 0, /not available/],
  ['{% extends "x" %}', 'ETEMPLATE', 0, /not available/],
  ['{% nonsense %}', 'ETEMPLATE', 0, /not a statement/],
  ['{{ nope }}', 'EUNDEFINED', 3, /"nope" is not defined/],
  ['{{ x.y.z }}', 'EUNDEFINED', 3, /"x.y" is not defined/],
  ['{{ l[7] }}', 'EUNDEFINED', 3, /"l\[7\]" is not defined/],
  ['{% if nope %}{% endif %}', 'EUNDEFINED', 0, /"nope"/],
  ['{% for a in nope %}{% endfor %}', 'EUNDEFINED', 0, /"nope"/],
  ['{{ "a" + 1 }}', 'ERENDER', 3, /cannot be applied to a string and a number/],
  ['{{ 1 / 0 }}', 'ERENDER', 3, /division by zero/],
  ['{{ 9 ** 999 }}', 'ERENDER', 3, /too large/],
  ['{{ x() }}', 'ERENDER', 3, /cannot be called/],
  ['{{ x|nope }}', 'ERENDER', 5, /no filter "nope"/],
  ['{{ x is nope }}', 'ERENDER', 8, /no test "nope"/],
  ['{{ x|replace("a") }}', 'ERENDER', 5, /needs the argument "new"/],
  ['{{ x|upper(1) }}', 'ERENDER', 5, /at most 0 arguments/],
  ['{{ x|indent(depth=1) }}', 'ERENDER', 5, /no argument "depth"/],
  ['{{ l < "a" }}', 'ERENDER', 3, /have no order/],
  ['{% set x.y = 1 %}', 'ERENDER', 0, /not a namespace/],
  ['{% for a, b in [1] %}{% endfor %}', 'ERENDER', 0, /need a list of 2 items/],
];

for (const [source, code, at, message] of FAULTS) {
  test(`${JSON.stringify(source)} is ${code} at ${at}`, t => {
    const fault = faultOf(source, { x: 'text', l: [1] });
    t.is(fault.code, code);
    t.regex(fault.message, message);
    if (code !== 'ERENDER') t.is(fault.at, at);
  });
}

const REACHING = [
  'x.constructor',
  'x.__proto__',
  'x.length',
  'x["constructor"]',
  'o.constructor',
  'o.__proto__',
  'o.toString',
  'o["hasOwnProperty"]',
  'l.length',
  'l.map',
  'l.constructor.constructor',
  'range.constructor',
  'range.call',
  'namespace().constructor',
  'loop',
  'self',
  'process',
  'globalThis',
  'x.upper.constructor',
];

for (const path of REACHING) {
  test(`{{ ${path} }} reaches nothing`, t => {
    const fault = faultOf(`{{ ${path} }}`, { x: 'text', o: { a: 1 }, l: [1] });
    t.true(fault.code === 'EUNDEFINED' || fault.code === 'ERENDER', fault.message);
  });
}

const GREEDY: readonly [what: string, source: string][] = [
  ['repeats a text', '{{ "x" * 4000000000 }}'],
  ['repeats a list', '{{ [1] * 4000000000 }}'],
  ['makes a range', '{{ range(4000000000) }}'],
  ['nests loops', '{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}'],
  [
    'nests loops without output',
    '{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}',
  ],
  [
    'doubles a text',
    '{% set n = namespace(s="x") %}{% for i in range(99) %}{% set n.s = n.s ~ n.s %}{% endfor %}',
  ],
  [
    'doubles a list',
    '{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}',
  ],
  [
    'nests lists',
    '{% set n = namespace(s=[]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}',
  ],
  ['calls itself', '{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}'],
  [
    'calls another way round',
    '{% macro f() %}{{ g() }}{% endmacro %}{% macro g() %}{{ f() }}{% endmacro %}{{ f() }}',
  ],
  ['grows by replacing', `{{ x${'|replace("a","aaaaaaaaaa")'.repeat(50)} }}`],
  ['pads', '{{ x|center(1000000)|replace(" ", "          ") }}'],
  [
    'searches over and over',
    '{% set s = "a" * 4000000 %}{% for i in range(100000) %}{{ "b" in s }}{% endfor %}',
  ],
  [
    'compares over and over',
    '{% set s = "a" * 4000000 %}{% for i in range(100000) %}{{ s == s ~ "" }}{% endfor %}',
  ],
  ['finds unique items', '{{ range(100000)|unique|length }}'],
  ['formats', '{{ "%s%s"|format("a" * 4000000, "a" * 4000000) }}'],
];

for (const [what, source] of GREEDY) {
  test(`a template that ${what} is stopped within seconds`, t => {
    const spent = cpuTime();
    const fault = faultOf(source, { x: 'a' });
    t.true(fault.code === 'ERENDERLIMIT' || fault.code === 'ERENDER', `${fault.code} ${fault.message}`);
    t.true(spent() < 10_000, `${spent()} ms`);
  });
}

const DEEP: readonly [what: string, source: string][] = [
  ['minus signs', `{{ ${'- '.repeat(4000)}1 }}`],
  ['nots', `{{ ${'not '.repeat(4000)}1 }}`],
  ['parentheses', `{{ ${'('.repeat(2000)}1${')'.repeat(2000)} }}`],
  ['lists', `{{ ${'['.repeat(2000)}${']'.repeat(2000)} }}`],
  ['attributes', `{{ x${'.a'.repeat(2000)} }}`],
  ['filters', `{{ x${'|abs'.repeat(2000)} }}`],
  ['sums', `{{ 1${'+1'.repeat(2000)} }}`],
  ['conditions', `{{ ${'1 if 1 else '.repeat(1000)}1 }}`],
  ['tokens', `{{ [${'1,'.repeat(100_000)}] }}`],
  ['blocks', '{% if 1 %}'.repeat(5000)],
  ['branches', `{% if 1 %}${'{% for a in b %}'.repeat(5000)}`],
];

for (const [what, source] of DEEP) {
  test(`a template with endless ${what} is refused, not crashed upon`, t => {
    t.is(faultOf(source, { x: 1 }).code, 'ETEMPLATE');
    t.is(renderText('{{ 1 }}'), '1');
  });
}

test('the output limit counts the whole output', t => {
  const limits = { fuel: 1_000_000, output: 10 };
  t.is(renderText('{% for i in range(10) %}x{% endfor %}', {}, [], limits), 'x'.repeat(10));
  t.is(faultOf('{% for i in range(11) %}x{% endfor %}', {}, limits).code, 'ERENDERLIMIT');
});

test('a fault inside a loop or macro has the place of the expression that failed', t => {
  t.is(faultOf('{% for i in [1] %}{{ i + "a" }}{% endfor %}').at, 21);
  t.is(faultOf('{% macro m() %}{{ nope }}{% endmacro %}{{ m() }}').at, 18);
});

test('a default goes through an undefined path of any length, and only through it', t => {
  t.is(renderText('{{ a.b.c|default("z") }}{{ a is defined }}'), 'zfalse');
  t.is(faultOf('{{ (a ~ "x")|default("z") }}').code, 'EUNDEFINED');
});
