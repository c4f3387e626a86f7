/** A project with two prompts of its own and one package that is installed. */
export const BASE = `---
name: base
parameters:
  - name: topic
    type: string
    required: true
    description: What it is about
  - name: tone
    enum: [calm, bold]
---
# System

Write about {{ topic }} in a {{ tone }} tone.

# Rules

Be {tone}.
`;
export const CHILD = `---
name: child
inherits: ./base.prompd
parameters:
  - name: depth
    type: integer
override:
  rules: null
---
# Context

Go {{ depth }} deep into {{ topic }}.
`;
export const MANIFEST = {
  name: '@acme/writing',
  version: '1.0.0',
  prompts: { base: 'base.prompd', child: 'child.prompd' },
  dependencies: { '@acme/tone': '^1.0.0' },
  tests: [
    {
      name: 'one',
      prompt: 'child',
      parameters: { topic: 'rivers', depth: 2 },
      assert: [{ type: 'contains', value: 'x' }],
    },
  ],
};

export const CHILD_HEAD =
  '---\nname: a\ninherits: ./base.prompd\nparameters:\n  - name: depth\n    type: object\n    properties:\n      km: integer\n';

/** Where something is completed, the text with the cursor at `¦`, and what is offered there. */
export const PLACES: readonly [string, string, string][] = [
  ['in a condition', `${CHILD_HEAD}---\n{% if ¦ %}`, 'topic'],
  ['in what a loop goes through', `${CHILD_HEAD}---\n{% for x in ¦ %}`, 'topic'],
  ['in the single-brace form', `${CHILD_HEAD}---\nGo {to¦`, 'topic'],
  ['behind a bar', `${CHILD_HEAD}---\n{{ topic | ¦ }}`, 'upper'],
  ['behind "is"', `${CHILD_HEAD}---\n{{ topic is ¦ }}`, 'defined'],
  ['behind the opening of a statement', `${CHILD_HEAD}---\n{% ¦ %}`, 'endfor'],
  ['behind a parameter and a dot', `${CHILD_HEAD}---\n{{ depth.¦ }}`, 'km'],
  ['behind "inputs."', '---\nname: a\ninputs:\n  city: Oslo\n---\n{{ inputs.¦ }}', 'city'],
  ['in a tag of the front matter', `${CHILD_HEAD}user: "On {{ ¦ }}"\n---\n`, 'topic'],
  ['for a key of the front matter', '---\nname: a\ndes¦\n---\n', 'description'],
  ['for a key before the front matter is closed', '---\nname: a\ndes¦', 'description'],
  ['for a key of a parameter', '---\nname: a\nparameters:\n  - name: x\n    ty¦\n---\n', 'type'],
  ['for the first key of a parameter', '---\nname: a\nparameters:\n- na¦\n---\n', 'name'],
  ['for a type', '---\nname: a\nparameters:\n  - name: x\n    type: ¦\n---\n', 'integer'],
  ['for the parent', '---\nname: a\ninherits: ./¦\n---\n', './base.prompd'],
  [
    'for a prompt of an installed package',
    '---\nname: a\ninherits: "@acme/tone:¦"\n---\n',
    '@acme/tone:calm',
  ],
  ['for a package', '---\nname: a\nrequires:\n  - ¦\n---\n', '@acme/tone'],
  ['for a file of the context', '---\nname: a\ncontexts:\n  - ./no¦\n---\n', './notes.md'],
  ['for a section to override', '---\nname: a\ninherits: ./base.prompd\noverride:\n  ru¦\n---\n', 'rules'],
  ['for a message that is a section', '---\nname: a\nuser: "#¦"\n---\n# Task\n\nx\n', '#task'],
  ['for a heading', '---\nname: a\n---\n# Sy¦', 'System'],
];

/** What a name is that a parameter cannot get, the name, why it is refused, and where it was asked for. */
export const REFUSED: readonly [string, string, RegExp, string][] = [
  ['not a name', 'Sub-Ject', /lowercase letters/, BASE.replace('{{ topic', '{{ top¦ic')],
  [
    'a word of the template language',
    'loop',
    /word of the template language/,
    BASE.replace('{{ topic', '{{ top¦ic'),
  ],
  ['taken', 'tone', /has a parameter "tone" already/, BASE.replace('{{ topic', '{{ top¦ic')],
  [
    'bound by a loop',
    'x',
    /use the name "x" for something else/,
    `${BASE.replace('{{ topic', '{{ top¦ic')}{% for x in tone %}{{ x }}{% endfor %}`,
  ],
  [
    'of a function that is called',
    'range',
    /use the name "range" for something else/,
    `${BASE.replace('{{ topic', '{{ top¦ic')}{{ range(3) }}`,
  ],
  [
    'of a package',
    'feeling',
    /belongs to an installed package/,
    '---\nname: a\ninherits: "@acme/tone:calm"\n---\n# Context\n\n{{ mo¦od }}\n',
  ],
];

const HEAD = '---\nname: a\nparameters:\n  - name: word\n---\n';

/** What a code action does, to which text, by which title, and what comes of it. */
export const FIXES: readonly [string, string, string, string][] = [
  [
    'declares an unknown name',
    `${HEAD}{{ word }} {{ city }}`,
    'Declare the parameter "city"',
    '---\nname: a\nparameters:\n  - name: city\n  - name: word\n---\n{{ word }} {{ city }}',
  ],
  [
    'declares the first parameter, with the line ends of the file',
    '---\r\nname: a\r\n---\r\n{{ city }}',
    'Declare the parameter "city"',
    '---\r\nname: a\r\nparameters:\r\n  - name: city\r\n---\r\n{{ city }}',
  ],
  ['corrects a name', `${HEAD}{{ wrod }}{{ word }}`, 'Change to "word"', `${HEAD}{{ word }}{{ word }}`],
  [
    'corrects a field',
    '---\nname: a\ndescripton: x\n---\nx',
    'Change to "description"',
    '---\nname: a\ndescription: x\n---\nx',
  ],
  [
    'removes a parameter',
    '---\nname: a\nparameters:\n  - name: x\n    type: string\n  - name: y\n---\n{{ y }}',
    'Remove the parameter "x"',
    '---\nname: a\nparameters:\n  - name: y\n---\n{{ y }}',
  ],
  [
    'removes the last parameter with its list',
    `${HEAD}x`,
    'Remove the parameter "word"',
    '---\nname: a\n---\nx',
  ],
  [
    'removes hidden characters and not the lines behind them',
    '---\nname: a\n---\na\u200b\u200b\u200b\n\nb',
    'Remove the hidden characters',
    '---\nname: a\n---\na\n\nb',
  ],
  [
    'removes hidden characters',
    '---\nname: a\n---\na\u200b\u200b\u200bb',
    'Remove the hidden characters',
    '---\nname: a\n---\nab',
  ],
  [
    'quotes a version',
    '---\nname: a\nversion: 1.2\n---\nx',
    'Write "1.2.0"',
    '---\nname: a\nversion: "1.2.0"\n---\nx',
  ],
  [
    'adds a name',
    '---\ndescription: x\n---\nx',
    'Add "name: nameless"',
    '---\nname: nameless\ndescription: x\n---\nx',
  ],
  ['adds a front matter', 'x', 'Add a front matter', '---\nname: nameless\nversion: "1.0.0"\n---\n\nx'],
];
