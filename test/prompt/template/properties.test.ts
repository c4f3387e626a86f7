import test from 'ava';
import fc from 'fast-check';
import { Environment } from 'minijinja-js';
import { literalTemplate } from '#prompd/prompt/template/literal.js';
import { TemplateError } from '#prompd/prompt/template/template-error.js';
import { renderText } from './support.js';

/** Texts that are likely to be taken for templates. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        '{%',
        '%}',
        '{#',
        '#}',
        '{x}',
        '{',
        '}',
        '{{ x }}',
        '{% raw %}',
        '{% endraw %}',
      ),
      fc.constantFrom(
        '{%-endraw-%}',
        '-%}',
        '{{-',
        '"',
        "'",
        '\\',
        '\n',
        ' ',
        '|upper',
        '$',
        'endraw',
        '{% if x %}',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map(parts => parts.join(''));

const FORMS = [
  '{{ x }}',
  '{x}',
  '{{ o.x }}',
  '{o.x}',
  '{{ l[0] }}',
  '{l[0]}',
  '{% for i in l %}{i}{% endfor %}',
];

for (const form of FORMS) {
  test(`any text passed to ${form} comes out as it went in`, t => {
    fc.assert(
      fc.property(nasty, value => {
        t.is(renderText(`[${form}]`, { x: value, o: { x: value }, l: [value] }), `[${value}]`);
      }),
      { numRuns: 200 },
    );
  });
}

test('a text that goes through set, macro and filter comes out as it went in', t => {
  const source =
    '{% set a %}{{ x }}{% endset %}{% macro m(p) %}{{ p }}{% endmacro %}{{ m(a)|string|trim("") }}';
  fc.assert(fc.property(nasty, value => void t.is(renderText(source, { x: value }), value)));
});

test('a text without template syntax renders byte for byte', t => {
  const plain = nasty.map(text => text.replace(/\{(?=[{%#])/g, '(').replaceAll('{x}', '(x)'));
  fc.assert(fc.property(plain, text => void t.is(renderText(text, { x: 'no' }), text)));
});

test('literalTemplate makes a template that renders to the text', t => {
  fc.assert(
    fc.property(nasty, text => {
      t.is(renderText(literalTemplate(text), { x: 'no' }), text);
    }),
    { numRuns: 500 },
  );
});

test('any source either renders or has a fault with a place in it', t => {
  fc.assert(
    fc.property(nasty, source => {
      try {
        t.is(typeof renderText(source, { x: 'v' }), 'string');
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        t.true(error.at !== undefined && error.at >= 0 && error.at <= source.length, error.message);
      }
    }),
    { numRuns: 500 },
  );
});

test('numbers of JSON come out as JSON writes them', t => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.oneof(finite, fc.maxSafeInteger()), value => {
      t.is(renderText('{{ x }}', { x: value }), JSON.stringify(value));
    }),
  );
});

test('any JSON value survives being rendered and parsed', t => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
      if (typeof value === 'string') return;
      t.deepEqual(JSON.parse(renderText('{{ x }}', { x: value })), JSON.parse(JSON.stringify(value)));
    }),
  );
});

/** Expressions over whole numbers and texts, where all Jinja engines agree. */
const expression = fc.letrec<{ number: string; text: string; truth: string }>(tie => ({
  number: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 20 }).map(String),
    fc
      .tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number'))
      .map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('number').map(a => `-(${a})`),
    tie('text').map(a => `(${a})|length`),
    fc.tuple(tie('truth'), tie('number'), tie('number')).map(([c, a, b]) => `(${a} if ${c} else ${b})`),
  ),
  text: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('"ab c"', "'x'", '""', 's', '"A-b"'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a} ~ ${b})`),
    fc
      .tuple(tie('text'), fc.constantFrom('upper', 'lower', 'trim', 'capitalize'))
      .map(([a, f]) => `(${a})|${f}`),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${a})|default(${b}, true)`),
  ),
  truth: fc.oneof(
    { maxDepth: 4 },
    fc
      .tuple(tie('number'), fc.constantFrom('<', '<=', '==', '!=', '>'), tie('number'))
      .map(p => `(${p.join(' ')})`),
    fc.tuple(tie('text'), fc.constantFrom('==', '!=', 'in'), tie('text')).map(p => `(${p.join(' ')})`),
    fc.tuple(tie('truth'), fc.constantFrom('and', 'or'), tie('truth')).map(p => `(${p.join(' ')})`),
    tie('truth').map(a => `(not ${a})`),
  ),
}));

test('expressions have the value that minijinja gives them', t => {
  const environment = new Environment();
  environment.undefinedBehavior = 'strict';
  const source = fc.oneof(expression.number, expression.text, expression.truth).map(text => `{{ ${text} }}`);
  fc.assert(
    fc.property(source, template => {
      t.is(renderText(template, { s: 'sS' }, []), environment.renderStr(template, { s: 'sS' }), template);
    }),
    { numRuns: 300 },
  );
  environment.free();
});
