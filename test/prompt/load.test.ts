import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { loadPrompt } from '#prompd/prompt/load.js';
import { listReferences } from '#prompd/prompt/references.js';
import { brief, fileOf, loadOf, renderOf, resolverOf } from './support.js';

const front = (fields: string, body = '') => `---\nname: x\n${fields}\n---\n${body}`;

async function findings(files: Record<string, string>): Promise<string[]> {
  const { problems } = await loadPrompt(fileOf(files['main.prompd'] ?? ''), resolverOf(files));
  return brief(problems);
}

const BASE = front(
  'parameters:\n  - {name: a, default: base}\n  - {name: b, default: b}\ninputs: {k: 1, l: 2}\nmodel: m1\nprovider: p',
  '# System\nbase system\n\n# Rules\nbase rules\n\n# User\nbase {a} {b}\n',
);

test('a child overrides parameters by name and sections by id, in the places of the parent', async t => {
  const prompt = await loadOf({
    'base.prompd': BASE,
    'main.prompd': front(
      'inherits: ./base.prompd\nparameters: [{name: a, default: child}, {name: c, default: c}]\ninputs: {k: 9}\nmodel: m2',
      '# Rules\nchild rules {{ c }}\n\n# More\nmore {inputs.k} {inputs.l}\n',
    ),
  });
  t.deepEqual(
    prompt.parameters.map(({ definition, origin }) => [definition.name, origin.file, origin.line]),
    [
      ['a', 'main.prompd', 4],
      ['b', 'base.prompd', 5],
      ['c', 'main.prompd', 4],
    ],
  );
  t.deepEqual(
    prompt.sections.map(({ id, origin, slot }) => [id, origin.file, origin.line, slot]),
    [
      ['system', 'base.prompd', 10, 'system'],
      ['rules', 'main.prompd', 8, 'system'],
      ['user', 'base.prompd', 16, 'user'],
      ['more', 'main.prompd', 11, 'user'],
    ],
  );
  t.deepEqual(prompt.inputs, { k: 9, l: 2 });
  t.deepEqual(prompt.execution, { model: 'm2', provider: 'p' });
  t.deepEqual(prompt.ancestors, ['base.prompd']);
});

test('override replaces or removes sections of the parent', async t => {
  const { messages } = await renderOf({
    'base.prompd': BASE,
    'new.md': '\n\n  new rules {a}\n\n',
    'main.prompd': front('inherits: ./base.prompd\noverride: {rules: ./new.md, system: null}'),
  });
  t.deepEqual(messages, [
    { role: 'system', content: '# Rules\n  new rules base' },
    { role: 'user', content: 'base base b' },
  ]);
});

test('inheritance goes over several steps', async t => {
  const { text } = await renderOf({
    'a.prompd': front('', '# One\n1\n\n# Two\n2\n\n# Three\n3\n'),
    'sub/b.prompd': front('inherits: ../a.prompd', '# Two\nzwei\n'),
    'main.prompd': front('inherits: ./sub/b.prompd', '# Three\ndrei\n'),
  });
  t.is(text, '# One\n1\n\n# Two\nzwei\n\n# Three\ndrei');
});

test('assistant examples of a child replace all those of the parent', async t => {
  const base = front('assistant: [a, b, c]', '# User\nu\n');
  for (const child of [
    front('inherits: ./base.prompd', '# Assistant\nz\n'),
    front('inherits: ./base.prompd\nassistant: z'),
  ]) {
    const { messages } = await renderOf({ 'base.prompd': base, 'main.prompd': child });
    t.deepEqual(
      messages.map(({ content }) => content),
      ['u', 'z'],
    );
  }
});

const REFERENCES: readonly [what: string, fields: string, system: string][] = [
  ['inline text', 'system: "You are {{ 1 + 1 }}"', 'You are 2'],
  ['several texts', 'system: ["a", "b"]', 'a\n\nb'],
  ['a section', 'system: "#tone"', 'be kind'],
  ['sections and text', 'system: ["#tone", and, "#rules"]', 'be kind\n\nand\n\nr1'],
  ['a relative file', 'system: ./lib/s.md', 'from file'],
  ['a relative prompt', 'system: ./lib/p.prompd', 'system of p\n\n# Extra\nx'],
  ['a prompt with one section', 'system: ./lib/one.prmd', 'only text'],
  ['a prompt of a package', 'system: "@acme/persona:engineer"', 'engineer'],
  ['a file of a package', 'system: "@acme/persona@^1/text/a.md"', 'text a'],
  ['a prefix', 'using: [{name: "@acme/persona@^1", prefix: p}]\nsystem: "p:engineer"', 'engineer'],
  [
    'a prefix with a path',
    'using: [{name: "@acme/persona", prefix: "@p"}]\nsystem: "@p/text/a.md"',
    'text a',
  ],
];

for (const [what, fields, system] of REFERENCES) {
  test(`system can be ${what}`, async t => {
    const { messages } = await renderOf({
      'lib/s.md': '\nfrom file\n',
      'lib/p.prompd': front('', '# System\nsystem of p\n\n# Extra\nx\n\n# User\nuser of p\n'),
      'lib/one.prmd': front('', 'only text\n'),
      '@acme/persona/engineer.prompd': front('', 'engineer'),
      '@acme/persona/text/a.md': 'text a',
      'main.prompd': front(fields, '# User\nu\n\n# Tone\nbe kind\n\n# Rules\nr1\n'),
    });
    t.is(messages[0]?.content, system);
    t.is(messages[0]?.role, 'system');
  });
}

test('text that only looks like a reference is inline', async t => {
  for (const text of ['@ann please look', '# Heading', './x and more', 'note:this', 'a/b', '@ann']) {
    const { messages } = await renderOf(front(`user: ${JSON.stringify(text)}`));
    t.is(messages[0]?.content, text);
  }
});

test('a section that the front matter places does not also stand in its message', async t => {
  const { text } = await renderOf(front('response: "#format"', '# User\nu\n\n# Format\njson\n'));
  t.is(text, 'u\n\njson');
});

test('system: "#system" means the section of the body', async t => {
  const { prompt, problems } = await loadPrompt(
    fileOf(front('system: "#system"', '# System\ns\n')),
    resolverOf({}),
  );
  t.deepEqual(problems, []);
  t.is(prompt?.sections[0]?.from, 'body');
});

const FAULTS: readonly [what: string, files: Record<string, string>, findings: string[]][] = [
  ['a missing file', { 'main.prompd': front('system: ./no.md') }, ['main.prompd:3:9 ENOFILE']],
  [
    'a missing file in a list',
    { 'main.prompd': front('system:\n  - ok\n  - ./no.md') },
    ['main.prompd:5:5 ENOFILE'],
  ],
  [
    'a missing prompt of a package',
    { 'main.prompd': front('user: "@acme/x:y"') },
    ['main.prompd:3:7 ENOPROMPT'],
  ],
  ['a broken reference', { 'main.prompd': front('user: "@acme/x:a/b"') }, ['main.prompd:3:7 EBADSPEC']],
  ['a missing parent', { 'main.prompd': front('inherits: ./no.prompd') }, ['main.prompd:3:11 ENOFILE']],
  [
    'a parent that is no prompt',
    { 'main.prompd': front('inherits: ./a.md'), 'a.md': 'x' },
    ['main.prompd:3:11 EREFERENCE'],
  ],
  [
    'a fault of the parent',
    { 'main.prompd': front('inherits: ./a.prompd'), 'a.prompd': 'x' },
    ['a.prompd:1:1 EPROMPT'],
  ],
  ['a missing context', { 'main.prompd': front('contexts: [./no.ts]') }, ['main.prompd:3:12 ENOFILE']],
  ['a missing section', { 'main.prompd': front('user: "#nope"') }, ['main.prompd:3:7 ESECTION']],
  [
    'sections in a circle',
    { 'main.prompd': front('user: "#system"\nsystem: "#user"') },
    ['main.prompd:3:7 ESECTION', 'main.prompd:4:9 ESECTION'],
  ],
  [
    'an override of no section',
    { 'main.prompd': front('inherits: ./a.prompd\noverride: {z: null}'), 'a.prompd': front('', 'x') },
    ['main.prompd:4:12 ESECTION'],
  ],
  [
    'a prompt without the section',
    { 'main.prompd': front('system: ./a.prompd'), 'a.prompd': front('', '# User\nx\n# Response\ny') },
    ['main.prompd:3:9 EREFERENCE'],
  ],
  [
    'a prompt that inherits from itself',
    { 'main.prompd': front('inherits: ./main.prompd') },
    ['main.prompd:3:11 EINHERIT'],
  ],
  [
    'prompts that inherit in a circle',
    { 'main.prompd': front('inherits: ./a.prompd'), 'a.prompd': front('inherits: ./main.prompd') },
    ['a.prompd:3:11 EINHERIT'],
  ],
  [
    'prompts that take text in a circle',
    { 'main.prompd': front('user: ./a.prompd'), 'a.prompd': front('user: ./main.prompd') },
    ['a.prompd:3:7 EINHERIT'],
  ],
];

for (const [what, files, expected] of FAULTS) {
  test(`reports ${what}`, async t => {
    t.deepEqual(await findings(files), expected);
  });
}

test('a circle is shown with its path', async t => {
  const files = {
    'main.prompd': front('inherits: ./a.prompd'),
    'a.prompd': front('inherits: ./b.prompd'),
    'b.prompd': front('inherits: ./a.prompd'),
  };
  const { problems } = await loadPrompt(fileOf(files['main.prompd']), resolverOf(files));
  t.is(problems[0]?.message, 'The prompt inherits from itself: a.prompd -> b.prompd -> a.prompd.');
});

test('a chain that is too deep is refused', async t => {
  const files: Record<string, string> = { 'main.prompd': front('inherits: ./0.prompd') };
  for (let index = 0; index < 30; index += 1)
    files[`${index}.prompd`] = front(`inherits: ./${index + 1}.prompd`);
  t.deepEqual(
    (await findings(files)).map(line => line.split(' ')[1]),
    ['EINHERIT'],
  );
});

test('a prompt made of too many files is refused', async t => {
  const list = Array.from({ length: 300 }, () => './a.md').join(', ');
  const lines = await findings({ 'main.prompd': front(`contexts: [${list}]`), 'a.md': 'x' });
  t.true(lines.length > 0 && lines.every(line => line.endsWith('EREFERENCE')));
});

test('what a resolver refuses is a finding at the reference', async t => {
  const refuse = async () => {
    throw new PrompdError('ENOTINSTALLED', 'Not installed.', { hint: 'Run install.' });
  };
  const { problems } = await loadPrompt(fileOf(front('user: "@acme/x:y"')), {
    relative: refuse,
    reference: refuse,
  });
  t.like(problems[0], { code: 'ENOTINSTALLED', line: 3, column: 7, hint: 'Run install.' });
});

test('a fault of a resolver itself is not hidden', async t => {
  const fail = async () => {
    throw new TypeError('bug');
  };
  await t.throwsAsync(loadPrompt(fileOf(front('user: ./x.md')), { relative: fail, reference: fail }), {
    instanceOf: TypeError,
  });
});

test('lists every file and package that a prompt names', async t => {
  const { document } = await loadOf({
    'main.prompd': front(
      'using: [{name: "@acme/persona@^1", prefix: p}]\nrequires: ["@acme/other@^2"]\nsystem: "p:a"\nuser: [inline, ./u.md]\ncontexts: [c.ts]',
      '# System\nx\n',
    ),
    '@acme/persona/a.prompd': front('', 'x'),
    'u.md': 'u',
    'c.ts': 'c',
  });
  t.deepEqual(
    listReferences(document).map(({ field, line, target }) => [
      field,
      line,
      target.kind === 'relative' ? target.path : `${target.reference.name} ${target.reference.range ?? ''}`,
    ]),
    [
      ['system', 5, '@acme/persona ^1'],
      ['user', 6, './u.md'],
      ['contexts', 7, './c.ts'],
      ['using', 3, '@acme/persona ^1'],
      ['requires', 4, '@acme/other ^2'],
    ],
  );
});
