import { inspect } from 'node:util';
import test from 'ava';
import { chatAnswer, chatError } from '../support/model-servers/chat-completions.js';
import { responsesAnswer } from '../support/model-servers/openai-responses.js';
import { events, startModelServer } from '../support/model-servers/server.js';
import { answer, ask, KEY, provider, refusal } from './ask.js';

test('an endpoint that repeats the key shows it in no answer, name of a model, or error', async t => {
  const said = `You sent ${KEY}. sk-test-01 is how it begins.`;
  const hidden = 'You sent ***. sk-test-01 is how it begins.';
  const server = await startModelServer(t, chatAnswer(said, { model: `m-${KEY}` }));
  const who = provider('openai-compatible', server.url);
  const whole = await answer(who);
  t.is(whole.text, hidden);
  t.is(whole.model, 'm-***');
  const delta = (content: string) =>
    `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}`;
  const pieces = [`a${KEY.slice(0, 9)}`, KEY.slice(9, 20), `${KEY.slice(20)}b`, KEY.slice(0, 5)];
  const end = 'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}';
  const streaming = await startModelServer(t, events(pieces.map(delta).concat(end)));
  const parts: string[] = [];
  const streamed = await answer(provider('openai-compatible', streaming.url), {
    onText: part => parts.push(part),
  });
  t.is(parts.join(''), `a***b${KEY.slice(0, 5)}`);
  t.is(streamed.text, parts.join(''));
  const broken = await startModelServer(t, events([`data: {"a":${KEY}`]));
  const { error } = await refusal(provider('openai-compatible', broken.url), { onText: () => {} });
  t.notRegex(inspect(error, { depth: 9 }), /sk-test-01/);
});

test('no error shows the key in base64, in hex, or escaped for an address', async t => {
  const key = 'sk-a+very/secret?key=of_16_letters_and_more';
  const forms = [
    Buffer.from(key).toString('hex'),
    encodeURIComponent(key),
    ...['', ':', 'me:'].map(before => Buffer.from(`${before}${key}`).toString('base64')),
    ...['', ':', 'me:'].map(before => Buffer.from(`${before}${key} and more`).toString('base64url')),
  ];
  for (const form of forms) {
    const server = await startModelServer(t, chatError(401, { message: `Not allowed: ${form}.` }));
    const { error } = await refusal(provider('openai-compatible', server.url), { key });
    const shown = inspect(error, { depth: 9, showHidden: true });
    t.regex(shown, /Not allowed: /);
    for (let at = 4; at + 12 < form.length - 12; at++) t.false(shown.includes(form.slice(at, at + 12)), form);
  }
});

test('a key that is a word is no reason to hide the word in answers', async t => {
  const server = await startModelServer(t, chatAnswer('I run in ollama.'));
  const { text } = await answer(provider('openai-compatible', server.url), { key: 'ollama' });
  t.is(text, 'I run in ollama.');
});

test('a provider that needs a key and has none is not asked', async t => {
  for (const kind of ['openai', 'anthropic'] as const) {
    const server = await startModelServer(t, responsesAnswer('Hello'));
    await t.throwsAsync(ask(provider(kind, server.url), { key: undefined }), { code: 'EPROVIDERKEY' });
    t.is(server.received.length, 0);
  }
});
