import test from 'ava';
import { anthropicAnswer } from '../support/model-servers/anthropic.js';
import { chatAnswer } from '../support/model-servers/chat-completions.js';
import { responsesAnswer } from '../support/model-servers/openai-responses.js';
import { startModelServer } from '../support/model-servers/server.js';
import { answer, KEY, provider } from './ask.js';

const request = { temperature: 0.3, maxTokens: 40 };
const CHAT_BODY = {
  model: 'some-model',
  max_tokens: 40,
  temperature: 0.3,
  messages: [
    { role: 'system', content: 'Be kind.' },
    { role: 'user', content: 'Greet Ada.' },
    { role: 'assistant', content: 'Hello Ada!' },
    { role: 'user', content: 'Again.' },
  ],
};
const CASES = [
  {
    kind: 'openai',
    reply: responsesAnswer('Hello again, Ada.'),
    path: '/v1/responses',
    headers: { authorization: `Bearer ${KEY}` },
    body: {
      model: 'some-model',
      input: [
        { role: 'system', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Greet Ada.' }] },
        { role: 'assistant', content: [{ type: 'output_text', text: 'Hello Ada!' }] },
        { role: 'user', content: [{ type: 'input_text', text: 'Again.' }] },
      ],
      temperature: 0.3,
      max_output_tokens: 40,
      store: false,
    },
    streamed: {},
    answered: {
      model: 'gpt-4o-2024-08-06',
      usage: { inputTokens: 12, outputTokens: 5, totalTokens: 17, estimated: false },
    },
  },
  {
    kind: 'anthropic',
    reply: anthropicAnswer('Hello again, Ada.'),
    path: '/v1/messages',
    headers: { 'x-api-key': KEY, 'anthropic-version': '2023-06-01' },
    body: {
      model: 'some-model',
      max_tokens: 40,
      temperature: 0.3,
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Greet Ada.' }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Hello Ada!' }] },
        { role: 'user', content: [{ type: 'text', text: 'Again.' }] },
      ],
    },
    streamed: {},
    answered: {
      model: 'claude-sonnet-4-5-20250929',
      usage: { inputTokens: 11, outputTokens: 6, totalTokens: 17, estimated: false },
    },
  },
  ...(['openai-compatible', 'ollama'] as const).map(kind => ({
    kind,
    reply: chatAnswer('Hello again, Ada.'),
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${KEY}` },
    body: CHAT_BODY,
    streamed: { stream_options: { include_usage: true } },
    answered: {
      model: 'llama-3',
      usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13, estimated: false },
    },
  })),
] as const;

for (const { kind, reply, path, headers, body, streamed, answered } of CASES) {
  test(`${kind}: a request has the messages, the parameters and the key where the protocol has them`, async t => {
    const server = await startModelServer(t, reply);
    const who = provider(kind, server.url, { 'x-team': 'reviews' });
    t.like(await answer(who, { request }), { ...answered, text: 'Hello again, Ada.', finishReason: 'stop' });
    const [sent] = server.received;
    t.is(sent?.method, 'POST');
    t.is(sent?.path, path);
    t.deepEqual(sent?.body, body);
    t.like(sent?.headers, { ...headers, 'user-agent': 'prompd/test', 'x-team': 'reviews' });
  });

  test(`${kind}: a stream asks for one, and gives the parts as they arrive`, async t => {
    const server = await startModelServer(t, reply);
    const parts: string[] = [];
    const result = await answer(provider(kind, server.url), { request, onText: part => parts.push(part) });
    t.like(result, { ...answered, text: 'Hello again, Ada.', finishReason: 'stop' });
    t.deepEqual(parts, ['Hello ', 'again, ', 'Ada.']);
    t.deepEqual(server.received[0]?.body, { ...body, stream: true, ...streamed });
  });

  test(`${kind}: parameters that nobody gave are not sent`, async t => {
    const server = await startModelServer(t, reply);
    await answer(provider(kind, server.url));
    const sent = Object.keys(Object(server.received[0]?.body));
    t.false(sent.includes('temperature'));
    // Anthropic's protocol does not do without a limit.
    t.is(sent.includes('max_tokens'), kind === 'anthropic');
  });
}

for (const kind of ['openai-compatible', 'ollama'] as const) {
  test(`${kind}: without a key no authorization is sent`, async t => {
    const server = await startModelServer(t, chatAnswer('Hi'));
    await answer(provider(kind, server.url), { key: undefined });
    t.is(server.received[0]?.headers.authorization, undefined);
  });
}

for (const [kind, reply] of [
  ['openai', responsesAnswer('Hello', { incomplete: 'max_output_tokens' })],
  ['anthropic', anthropicAnswer('Hello', 'max_tokens')],
  ['openai-compatible', chatAnswer('Hello', { finishReason: 'length' })],
] as const) {
  test(`${kind}: an answer that was cut at the limit says so, streamed and whole`, async t => {
    const server = await startModelServer(t, reply);
    const who = provider(kind, server.url);
    t.is((await answer(who)).finishReason, 'length');
    t.is((await answer(who, { onText: () => {} })).finishReason, 'length');
  });
}

test('an endpoint that reports no usage gets the simple count, marked as estimated', async t => {
  const server = await startModelServer(t, chatAnswer('Hello again, Ada.', { usage: false }));
  const { usage } = await answer(provider('openai-compatible', server.url));
  t.deepEqual(usage, { inputTokens: 10, outputTokens: 5, totalTokens: 15, estimated: true });
});

test('echo answers with the messages it was sent and a stated count of tokens, streamed or not', async t => {
  const text =
    '--- system ---\nBe kind.\n\n--- user ---\nGreet Ada.\n\n--- assistant ---\nHello Ada!\n\n--- user ---\nAgain.';
  const whole = await answer(provider('echo'));
  let streamed = '';
  await answer(provider('echo'), {
    onText: part => {
      streamed += part;
    },
  });
  t.is(whole.text, text);
  t.is(streamed, text);
  t.deepEqual(whole.usage, {
    inputTokens: 2 + 3 + 3 + 2,
    outputTokens: Math.ceil(text.length / 4),
    totalTokens: 10 + Math.ceil(text.length / 4),
    estimated: true,
  });
});
