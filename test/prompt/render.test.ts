import test from 'ava';
import fc from 'fast-check';
import { PrompdError } from '#prompd/core/errors.js';
import { renderPrompt } from '#prompd/prompt/render.js';
import { loadOf, renderOf } from './support.js';

const front = (fields: string, body = '') => `---\nname: x\n${fields}\n---\n${body}`;

test('messages come in order: system with context, user with response, assistant examples', async t => {
  const body = '# Response\njson\n# Assistant\ne1\n# User\nu\n# Context\nc\n# Assistant\ne2\n# System\ns\n';
  const { messages, text } = await renderOf({
    'main.prompd': front('contexts: [a.py]', body),
    'a.py': 'x = 1\n',
  });
  t.deepEqual(messages, [
    { role: 'system', content: 's\n\nc\n\n```python\nx = 1\n```' },
    { role: 'user', content: 'u\n\njson' },
    { role: 'assistant', content: 'e1' },
    { role: 'assistant', content: 'e2' },
  ]);
  t.is(text, 's\n\nc\n\n```python\nx = 1\n```\n\nu\n\njson\n\ne1\n\ne2');
});

test('a message without text is left out', async t => {
  const body = '# System\n{% if false %}x{% endif %}\n# User\nu\n# Response\n';
  t.deepEqual((await renderOf(front('', body))).messages, [{ role: 'user', content: 'u' }]);
  t.deepEqual((await renderOf(front(''))).messages, []);
});

test('a body without roles is one user message, byte for byte', async t => {
  const body =
    '# IDENTITY\ntext  \n## Sub\n\n\n\n# STEPS\n- a\n- b { c }\n\n# EMPTY\n# LAST\n\n    code\n\nend  ';
  t.deepEqual((await renderOf(front('', body))).messages, [{ role: 'user', content: body }]);
});

test('blocks may span named sections of one message', async t => {
  const body = '# User\n{% if yes %}\n# A\na\n{% else %}\n# B\nb\n{% endif %}\n';
  const files = front('parameters: [{name: yes, type: boolean}]', body);
  t.is((await renderOf(files, { yes: true })).text, '\n# A\na\n');
  t.is((await renderOf(files, { yes: false })).text, '\n# B\nb\n');
});

test('contexts are data: nothing in them is a template, and no fence in them ends the block', async t => {
  const files = {
    'main.prompd': front('contexts: [./a.md, ./b.ts]'),
    'a.md': '````\n{{ x }}\n````',
    'b.ts': '{% if %}\r\n',
  };
  t.is(
    (await renderOf(files)).text,
    '`````markdown\n````\n{{ x }}\n````\n`````\n\n```typescript\n{% if %}\n```',
  );
});

test('an optional parameter without a value is false, empty in loops, and an error where it is printed', async t => {
  const files = (body: string) => front('parameters: [{name: focus}]', body);
  const body =
    '[{% if focus %}{focus}{% endif %}{% for f in focus %}x{% endfor %}{{ focus|default("d") }}{{ focus == "a" }}]';
  t.is((await renderOf(files(body))).text, '[dfalse]');
  const error = await t.throwsAsync(renderOf(files('a\n  {focus}')), { instanceOf: PrompdError });
  t.is(error?.code, 'EUNDEFINED');
  t.is(error?.message, 'main.prompd:6:4: The parameter "focus" has no value.');
  t.deepEqual(error?.facts, { file: 'main.prompd', line: 6, column: 4 });
  t.is(error?.exitCode, 2);
});

const PLACES: readonly [what: string, files: Record<string, string>, place: string][] = [
  ['in the body', { 'main.prompd': front('', '# User\n\nab {{ nope }}') }, 'main.prompd:7:7'],
  [
    'in the second section',
    { 'main.prompd': front('', '# User\na\n\n# Z\nab {{ nope }}') },
    'main.prompd:9:7',
  ],
  ['in an inline text', { 'main.prompd': front('user: "ab {{ nope }}"') }, 'main.prompd:3:14'],
  ['in a plain text', { 'main.prompd': front('user: ab {{ nope }}') }, 'main.prompd:3:13'],
  ['in a block text', { 'main.prompd': front('user: |\n  a\n  ab {{ nope }}') }, 'main.prompd:5:9'],
  ['in a list', { 'main.prompd': front('user:\n  - a\n  - ab {{ nope }}') }, 'main.prompd:5:11'],
  ['in a text file', { 'main.prompd': front('user: ./a.md'), 'a.md': '\n\nx\nab {{ nope }}' }, 'a.md:4:7'],
  [
    'in a parent',
    { 'main.prompd': front('inherits: ./a.prompd'), 'a.prompd': front('', 'ab {{ nope }}') },
    'a.prompd:5:7',
  ],
  [
    'with CRLF',
    { 'main.prompd': front('', '# User\n\nab {{ nope }}').replaceAll('\n', '\r\n') },
    'main.prompd:7:7',
  ],
  ['behind an emoji', { 'main.prompd': front('', '😀 {{ nope }}') }, 'main.prompd:5:7'],
];

for (const [what, files, place] of PLACES) {
  test(`an undefined variable ${what} is reported at its place`, async t => {
    const error = await t.throwsAsync(renderOf(files), { instanceOf: PrompdError });
    t.is(error?.code, 'EUNDEFINED');
    t.true(error?.message.startsWith(`${place}: `), error?.message);
  });
}

test('rendering checks the values', async t => {
  const files = front('parameters: [{name: a, required: true}, {name: b, type: integer}]', '{a}{b}');
  const error = await t.throwsAsync(renderOf(files, { b: 'x', c: 1 }), { instanceOf: PrompdError });
  t.is(error?.code, 'EPARAMETER');
  const problems = error?.facts['problems'];
  t.is(Array.isArray(problems) ? problems.length : 0, 3);
});

test('data that is not JSON inside a value is refused', async t => {
  const files = front('parameters: [{name: a, type: json}]', '{{ a }}');
  const circular: unknown[] = [];
  circular.push(circular);
  for (const a of [[1n], [() => 1], [Number.NaN], circular, { a: Symbol('s') }]) {
    const error = await t.throwsAsync(renderOf(files, { a }), { instanceOf: PrompdError });
    t.is(error?.code, 'EPARAMETER');
  }
});

test('any value comes out as it went in, between any sections', async t => {
  const prompt = await loadOf({
    'main.prompd': front('parameters: [{name: a}]', '# System\n[{a}]\n# User\n[{{ a }}]\n'),
  });
  const piece = fc.oneof(
    fc.constantFrom('{{', '}}', '{% raw %}', '{a}', '# User\n', '\r\n', '---\n', '#}'),
    fc.string(),
  );
  fc.assert(
    fc.property(
      fc.array(piece).map(parts => parts.join('')),
      a => {
        const { messages } = renderPrompt(prompt, { a });
        t.deepEqual(
          messages.map(({ content }) => content),
          [`[${a}]`, `[${a}]`],
        );
      },
    ),
  );
});

test('the same bytes and values give the same output, whatever the line ends and the order of values', async t => {
  const text = front(
    'parameters: [{name: a}, {name: b, type: object}]',
    '# System\n{a}\n\n# User\n{{ b }}\n',
  );
  const one = await renderOf(text, { a: 'x', b: { z: 1, y: [2.5, true, null] } });
  const two = await renderOf(text.replaceAll('\n', '\r\n'), { b: { z: 1, y: [2.5, true, null] }, a: 'x' });
  t.deepEqual(one, two);
  t.is(one.messages[1]?.content, '{"z": 1, "y": [2.5, true, null]}');
});

test('limits of the caller hold', async t => {
  const prompt = await loadOf({ 'main.prompd': front('', '{{ "x" * 100 }}') });
  t.throws(() => renderPrompt(prompt, {}, { fuel: 10_000, output: 50 }), {
    message: /main\.prompd:5:4: .* limit of 50/,
  });
});
