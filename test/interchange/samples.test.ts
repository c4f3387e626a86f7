import test from 'ava';
import type { ForeignFormat } from '#prompd/interchange/index.js';
import { importText, noted, sample } from './support.js';

interface Sample {
  readonly file: string;
  readonly format: ForeignFormat;
  readonly values: Record<string, unknown>;
  readonly messages: readonly [role: string, content: string][];
  /** Line and subject of every note. */
  readonly notes: readonly string[];
  readonly partials?: Readonly<Record<string, string>>;
}

const SAMPLES: readonly Sample[] = [
  {
    file: 'prompty/support-reply.prompty',
    format: 'prompty',
    values: { first_name: 'Ada', question: ' Why? ', sessions: [{ place: 'Harbour', kwh: 31.5 }] },
    messages: [
      [
        'system',
        'You answer for a network of charging stations. Write in English.\n' +
          'Placeholders such as {firstName} in old letters are text; leave them alone.\n\n' +
          '# Sessions\n\n- Harbour: 31.5 kWh\n',
      ],
      ['user', 'My name is Ada. Why?'],
      ['assistant', 'Hello Ada, thank you for your message.'],
    ],
    notes: [
      '37 outputs',
      '58 attributes of "user"',
      'parameter "firstName"',
      '4 authors',
      '15 configuration "azure_endpoint"',
      '20 model setting "top_p"',
      '21 model setting "tools"',
    ],
  },
  {
    file: 'prompty/translate-v2.prompty',
    format: 'prompty',
    values: { text: 'Guten {tag}' },
    messages: [
      ['system', 'Translate into German. Keep names, numbers and {curly words} as they are.\n'],
      ['user', 'Guten {tag}'],
    ],
    notes: [
      '8 metadata "reviewed"',
      '28 kind "thread" of "conversation"',
      'parameter "targetLanguage"',
      '15 connection "apiKey"',
      '19 model setting "topP"',
    ],
  },
  {
    file: 'dotprompt/menu.prompt',
    format: 'dotprompt',
    partials: { house_rules: 'dotprompt/_house_rules.prompt' },
    values: {
      guests: 2,
      dishes: [
        { name: 'Soup', price: 7 },
        { name: 'Curry', price: 12.5, spicy: true },
      ],
      host: { firstName: 'Ada' },
    },
    messages: [
      [
        'system',
        'You are a waiter. Your tone is warm.\nOffer dishes for a guest who eats everything.\nThe guest said nothing else.\n\n' +
          '0. Soup (7) for 2\n1. Curry (12.5), spicy for 2\nWrite placeholders as {{dish}} and never as {dish}.',
      ],
      ['user', 'Dear Ada, what shall we eat?\nCheese is fine.\n\nAda'],
      [
        'assistant',
        'Let me see: [{"name": "Soup", "price": 7}, {"name": "Curry", "price": 12.5, "spicy": true}]',
      ],
    ],
    notes: ['21 output', '25 tools', '43 history', '47 media', '48 helper "shout"', '6 config "topK"'],
  },
  {
    file: 'chat/review-request.json',
    format: 'chat',
    values: {},
    messages: [
      [
        'system',
        'You review pull requests.\n\nTemplates such as {{ title }} and {% if x %} are code, not yours.\n',
      ],
      ['user', 'Here is the diff:\n```diff\n- a = {"k": 1}\n+ a = {{k}}\n```\n\n# User\nNow the verdict.'],
    ],
    notes: [
      '11 image_url',
      '13 "tool_calls" of a message',
      '14 message of the role "tool"',
      '5 response_format',
      '6 tools',
      '15 user messages',
    ],
  },
  {
    file: 'chat/greeting.yaml',
    format: 'chat',
    values: { customer: 'Ada' },
    messages: [
      ['system', 'Greet a regular customer. JSON like {"a": {b}} stays.\n'],
      ['user', 'I am Ada.'],
      ['assistant', 'Welcome back!'],
    ],
    notes: [],
  },
  {
    file: 'chat/messages.json',
    format: 'chat',
    values: {},
    messages: [['user', '  Say {hello} in three languages.\n\n']],
    notes: [],
  },
  {
    file: 'markdown/tagline.md',
    format: 'markdown',
    values: {},
    messages: [
      ['system', 'You write taglines.\n\n```sh\n# User\necho "not a heading"\n```'],
      ['user', 'One line for a bakery, please.'],
    ],
    notes: ['5 field "mode"'],
  },
  {
    file: 'skill/expense-report/SKILL.md',
    format: 'skill',
    values: {},
    messages: [
      [
        'system',
        '# Expense report\n\n1. Read the receipts.\n2. Fill in `{{ amount }}` and `{% total %}` of the form in [the form](references/form.md).\n' +
          '3. Check the sum with `scripts/sum.py`.\n\n# User\n\nNever show the account number.',
      ],
    ],
    notes: ['5 allowed-tools', '6 metadata'],
  },
  {
    file: 'text/haiku.txt',
    format: 'text',
    values: {},
    messages: [['user', 'Write a haiku about {{ season }}.\n# Not a heading for anybody']],
    notes: [],
  },
];

for (const { file, format, values, messages, notes, partials = {} } of SAMPLES) {
  test(`the sample ${file} renders as its own program would, and every loss is noted`, async t => {
    const texts = Object.fromEntries(Object.entries(partials).map(([name, path]) => [name, sample(path)]));
    const imported = await importText(format, sample(file), { partials: texts });
    t.deepEqual(
      imported.render(values).map(({ role, content }) => [role, content]),
      messages.map(message => [...message]),
    );
    t.deepEqual(noted(imported.notes), [...notes]);
    for (const { why } of imported.notes) t.regex(why, /^[A-Z].*\.$/);
  });
}

test('types, rules and defaults of parameters come from schemas', async t => {
  const { prompt } = await importText('dotprompt', sample('dotprompt/menu.prompt'));
  const byName = Object.fromEntries(prompt.parameters.map(({ definition }) => [definition.name, definition]));
  t.like(byName['diet'], {
    type: 'string',
    enum: ['everything', 'vegetarian', 'vegan'],
    default: 'everything',
  });
  t.like(byName['guests'], { type: 'integer', required: true, description: 'how many sit at the table' });
  t.like(byName['note'], { type: 'string', required: false, default: '' });
  t.deepEqual(byName['dishes']?.items?.properties?.['spicy'], { type: 'boolean', required: false });
});

test('without a schema, use says the type: a loop a list, members an object, a test alone a boolean', async t => {
  const { prompt } = await importText('dotprompt', '{{#each xs}}{{.}}{{/each}}{{o.a}}{{#if b}}{{s}}{{/if}}');
  t.deepEqual(
    prompt.parameters.map(({ definition: { name, type } }) => [name, type]),
    [
      ['xs', 'array'],
      ['o', 'object'],
      ['b', 'boolean'],
      ['s', 'string'],
    ],
  );
});

test('names that differ only in case become different parameters, each of them said', async t => {
  const imported = await importText(
    'prompty',
    '---\nname: x\n---\nuser:\n{{ userName }} {{ user_name }} {{ loop }}',
  );
  t.deepEqual(imported.render({ user_name: 'a', user_name_2: 'b', loop_: 'c' }), [
    { role: 'user', content: 'b a c' },
  ]);
  t.deepEqual(noted(imported.notes), ['parameter "userName"', 'parameter "loop"']);
});

test('a conversation of several turns keeps its last question, and the earlier ones as a transcript', async t => {
  const roles = ['system', 'user', 'assistant', 'user', 'assistant'];
  const text = JSON.stringify(roles.map((role, index) => ({ role, content: `${index}` })));
  const imported = await importText('chat', text);
  t.deepEqual(imported.render(), [
    { role: 'system', content: '0\n\nThe conversation so far:\n\nUser: 1\n\nAssistant: 2' },
    { role: 'user', content: '3' },
    { role: 'assistant', content: '4' },
  ]);
  t.deepEqual(noted(imported.notes), ['1 earlier turns']);
});

test('braces of a conversation are values only when that is asked for', async t => {
  const text = JSON.stringify([{ role: 'user', content: 'Hi {name}, {{literal}} {a.b} {"k": 1}' }]);
  t.deepEqual((await importText('chat', text)).render()[0]?.content, 'Hi {name}, {{literal}} {a.b} {"k": 1}');
  const asked = await importText('chat', text, { fStrings: true });
  t.is(asked.render({ name: 'Ada' })[0]?.content, 'Hi Ada, {literal} {a.b} {"k": 1}');
  t.deepEqual(noted(asked.notes), ['1 placeholder "{a.b}"']);
});

for (const [title, body, messages] of [
  ['a request to the Responses API', { model: 'm', instructions: 's', input: 'u' }, ['system s', 'user u']],
  [
    'a request to Anthropic',
    { model: 'm', system: [{ type: 'text', text: 's' }], messages: [{ role: 'user', content: 'u' }] },
    ['system s', 'user u'],
  ],
  [
    'roles of LangChain',
    [
      { role: 'human', content: 'u' },
      { role: 'ai', content: 'a' },
    ],
    ['user u', 'assistant a'],
  ],
] as const) {
  test(`${title} is read`, async t => {
    const imported = await importText('chat', JSON.stringify(body));
    t.deepEqual(
      imported.render().map(({ role, content }) => `${role} ${content}`),
      [...messages],
    );
  });
}
