import test from 'ava';
import { renderText } from './support.js';

const VALUES = {
  x: 'val',
  d: { b: 2, a: 1 },
  u: [
    { n: '1', c: 'x' },
    { n: '2', c: 'y' },
    { n: '3', c: 'x' },
  ],
  t: [
    {
      v: 1,
      k: [
        { v: 2, k: [] },
        { v: 3, k: [] },
      ],
    },
  ],
};

// Checked one by one against Jinja 3.1.6, which writes True, None and 'a' where a prompt gets JSON.
const CASES: readonly [source: string, output: string][] = [
  ['a{{ 1 }}b\n', 'a1b\n'],
  ['{% if true %}\n x\n{% endif %}\n', '\n x\n\n'],
  ['{%- for i in [1,2] -%} {{ i }} {%- endfor -%} z', '12z'],
  ['{% for i in [] %}x{% else %}none{% endfor %}', 'none'],
  ["{{ 'a' if x else 'b' }}", 'a'],
  ["{{ [1,2,3]|sum }} {{ [3,1,2]|sort|join(',') }}", '6 1,2,3'],
  ["{{ 'hello world'|title }} {{ 'hELLO'|capitalize }}", 'Hello World Hello'],
  [
    "{{ 'foo bar baz qux'|truncate(9) }}|{{ 'foo bar baz qux'|truncate(9, true) }}|{{ 'foo bar baz qux'|truncate(11) }}|{{ 'foo bar baz qux'|truncate(11, False, '...', 0) }}",
    'foo...|foo ba...|foo bar baz qux|foo bar...',
  ],
  [
    "{{ 'a\nb\n\nc'|indent }}|{{ 'a\nb'|indent(2, true) }}|{{ 'a\n\nb'|indent(2, blank=true) }}",
    'a\n    b\n\n    c|  a\n  b|a\n  \n  b',
  ],
  ["{{ 'abc'|center(9) }}|", '   abc   |'],
  ["{{ 'a b  c'|wordcount }}", '3'],
  ["{{ 'the quick brown fox jumps'|wordwrap(10) }}", 'the quick\nbrown fox\njumps'],
  ['{{ \'<a href="x">\'|escape }}', '&lt;a href=&#34;x&#34;&gt;'],
  ["{{ 'a b&c/d'|urlencode }}", 'a%20b%26c/d'],
  ['{{ [1,2,3,4,5]|batch(2)|list }}', '[[1, 2], [3, 4], [5]]'],
  ["{{ [1,2,3,4,5]|batch(2, 'x')|list }}", '[[1, 2], [3, 4], [5, "x"]]'],
  ['{{ [1,2,3,4,5]|slice(3)|list }}', '[[1, 2], [3, 4], [5]]'],
  ["{{ [1,2,3,4,5]|slice(3,'x')|list }}", '[[1, 2], [3, 4], [5, "x"]]'],
  ["{% for g, l in u|groupby('c') %}{{ g }}:{{ l|map(attribute='n')|join('+') }};{% endfor %}", 'x:1+3;y:2;'],
  ['{{ d|dictsort }}', '[["a", 1], ["b", 2]]'],
  ["{{ d|dictsort(by='value', reverse=true) }}", '[["b", 2], ["a", 1]]'],
  ["{{ 2.7|round }} {{ 2.4|round|int }} {{ 2.345|round(2) }} {{ 2.1|round(0,'ceil') }}", '3 2 2.35 3'],
  ["{{ '42'|int + 1 }} {{ 'x'|int(7) }} {{ '3.7'|int }}", '43 7 3'],
  ['{{ -7 // 2 }} {{ -7 % 3 }} {{ 7 % -3 }} {{ 2 ** 3 ** 2 }} {{ -2 ** 2 }}', '-4 2 -2 64 4'],
  ['{{ 1 + 2 * 3 - 4 / 2 }}', '5'],
  ["{{ 'a' ~ 1 ~ 2.5 }}", 'a12.5'],
  ["{{ 'a' * 3 }} {{ [1,2] * 2 }}", 'aaa [1, 2, 1, 2]'],
  ["{{ 1 < 2 < 3 }} {{ 1 < 3 < 2 }} {{ 'a' in 'abc' }} {{ 1 not in [1,2] }}", 'true false true false'],
  [
    "{{ x is defined }} {{ nope is defined }} {{ 3 is odd }} {{ 4 is divisibleby 2 }} {{ 'a' is string }} {{ [] is iterable }} {{ d is mapping }} {{ 3 is not even }}",
    'true false true true true true true true',
  ],
  ['{% set a = 1 %}{% for i in [1,2] %}{% set a = a + i %}{{ a }}{% endfor %}{{ a }}', '231'],
  ['{% set a, b = 1, 2 %}{{ a }}{{ b }}', '12'],
  ['{% set q %}hi {{ x }}{% endset %}[{{ q }}]', '[hi val]'],
  [
    "{% macro m(a, b='z') %}<{{ a }}{{ b }}>{% endmacro %}{{ m('q') }}{{ m('q','w') }}{{ m(b='e', a='r') }}",
    '<qz><qw><re>',
  ],
  ['{% macro m() %}[{{ caller(1) }}]{% endmacro %}{% call(n) m() %}n={{ n }}{% endcall %}', '[n=1]'],
  ['{% filter upper %}abc {{ x }}{% endfilter %}', 'ABC VAL'],
  ['{% with a=1, b=2 %}{{ a + b }}{% endwith %}', '3'],
  [
    '{% for i in range(5) if i is odd %}{{ loop.index }}:{{ i }}/{{ loop.length }} {% endfor %}',
    '1:1/2 2:3/2 ',
  ],
  [
    "{% for i in 'abc' %}{{ loop.cycle('x','y') }}{{ loop.first }}{{ loop.last }}{{ loop.revindex }}{% endfor %}",
    'xtruefalse3yfalsefalse2xfalsetrue1',
  ],
  ['{% for i in [1,1,2] %}{% if loop.changed(i) %}{{ i }}{% endif %}{% endfor %}', '12'],
  ['{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}', 'b=2;a=1;'],
  ['{% for k in d %}{{ k }}{% endfor %}', 'ba'],
  ["{{ u[0].n }} {{ u[-1]['n'] }} {{ u|map(attribute='n')|list }}", '1 3 ["1", "2", "3"]'],
  [
    "{{ u|selectattr('c','equalto','x')|map(attribute='n')|join }} {{ u|rejectattr('c','eq','x')|list|length }}",
    '13 1',
  ],
  [
    "{{ [1,2,3,4]|select('odd')|list }} {{ [1,0,2]|select|list }} {{ [1,2]|reject('odd')|list }}",
    '[1, 3] [1, 2] [2]',
  ],
  [
    "{{ 'abc'[1] }}{{ 'abc'[-1] }}{{ 'abcdef'[1:4] }}{{ 'abcdef'[::2] }}{{ 'abcdef'[::-1] }}{{ [1,2,3][:2] }}",
    'bcbcdacefedcba[1, 2]',
  ],
  [
    "{{ 'a,b,c'.split(',') }} {{ ' x '.strip() }} {{ 'abc'.upper() }} {{ 'x'.join(['a','b']) }}",
    '["a", "b", "c"] x ABC axb',
  ],
  ["{{ nope|default('d') }} {{ ''|default('d') }} {{ ''|default('d', true) }}", 'd  d'],
  ["{{ [1,2,2,'a','A']|unique|list }}", '[1, 2, "a"]'],
  [
    "{{ ['b','A','c']|sort }} {{ ['b','A','c']|sort(case_sensitive=true) }} {{ [1,3,2]|sort(reverse=true) }}",
    '["A", "b", "c"] ["A", "b", "c"] [3, 2, 1]',
  ],
  [
    "{{ [1,2,3]|first }} {{ [1,2,3]|last }} {{ [1,2,3]|length }} {{ 'abc'|reverse }} {{ [1,2]|reverse|list }}",
    '1 3 3 cba [2, 1]',
  ],
  ["{{ [3,1,2]|min }} {{ [3,1,2]|max }} {{ ['b','a']|min }}", '1 3 a'],
  ["{{ 'aXbXc'|replace('X','-') }} {{ 'aXbXc'|replace('X','-',1) }}", 'a-b-c a-bXc'],
  ["{{ '%s is %d and %.2f'|format('a', 3, 1.5) }}", 'a is 3 and 1.50'],
  ['{{ d|tojson }}', '{"b": 2, "a": 1}'],
  ["{{ ' a '|trim }}|{{ 'xxaxx'|trim('x') }}|", 'a|a|'],
  ["{{ (1, 2) }} {{ [1, 'a', {'k': 1.5}] }}", '[1, 2] [1, "a", {"k": 1.5}]'],
  ['{# c #}a{#- d -#}  b', 'ab'],
  ['{% raw %}{{ x }}{% if %}{% endraw %}', '{{ x }}{% if %}'],
  ['a\n  {%- if true %} b {% endif -%}\n c', 'a b c'],
  ['{{ "a\\nb\\"c" }}{{ \'it\\\'s\' }}', 'a\nb"cit\'s'],
  ['{{ not true or true and false }} {{ not (1 == 2) }}', 'false true'],
  ["{{ x or 'z' }} {{ '' or 'z' }} {{ x and 'w' }}", 'val z w'],
  ["{% if x == 'val' and 3 in [1,3] %}y{% elif false %}n{% else %}m{% endif %}", 'y'],
  ["{{ dict(a=1)['a'] }} {{ range(2, 8, 3)|list }}", '1 [2, 5]'],
  ['{% set ns = namespace(c=0) %}{% for i in [1,2,3] %}{% set ns.c = ns.c + i %}{% endfor %}{{ ns.c }}', '6'],
  ['{% for n in t recursive %}{{ n.v }}{% if n.k %}({{ loop(n.k) }}){% endif %}{% endfor %}', '1(23)'],
  ["{{ 'abc'|list }} {{ 5|string ~ 'x' }} {{ '1.5'|float + 1 }} {{ -3|abs }}", '["a", "b", "c"] 5x 2.5 3'],
  ["{{ 'Hello'|lower|upper|length }}", '5'],
  ['{{ [[1,2],[3,4]]|sum(start=[])|length if false else 0 }}', '0'],
  ["{{ {'a':{'b':[1,2]}}.a.b[1] }}", '2'],
  ["{{ 'x' 'y' }}", 'xy'],
  ['{{ 1_000 + 1 }} {{ 1e3 }} {{ 1.5e-1 }}', '1001 1000 0.15'],
  ["{{ 'a-b c'|title }} {{ \"it's ok\"|title }}", "A-B C It's Ok"],
  ['{{ 10|batch(1) if false }}x', 'x'],
  ["{% if 0 or '' or [] or {} or none %}t{% else %}f{% endif %}", 'f'],
  [
    "{{ 'A' < 'a' }} {{ [1,2] < [1,3] }} {{ 1 == 1.0 }} {{ 'a' == 1 }} {{ [1] == [1] }}",
    'true true true false true',
  ],
];

for (const [source, output] of CASES) {
  test(`renders ${JSON.stringify(source)} as Jinja does`, t => {
    t.is(renderText(source, VALUES, []), output);
  });
}
