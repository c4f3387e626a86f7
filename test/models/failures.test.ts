import { inspect } from 'node:util';
import test from 'ava';
import type { ProviderKind } from '#prompd/config/config.js';
import type { ErrorCode } from '#prompd/core/error-table.js';
import { anthropicAnswer, anthropicBroken, anthropicError } from '../support/model-servers/anthropic.js';
import { chatAnswer, chatBroken, chatError } from '../support/model-servers/chat-completions.js';
import { responsesAnswer, responsesBroken } from '../support/model-servers/openai-responses.js';
import {
  events,
  hangUp,
  html,
  json,
  type Reply,
  silence,
  startModelServer,
} from '../support/model-servers/server.js';
import { answer, ask, KEY, provider, refusal } from './ask.js';

const unavailable: Reply = response => {
  response.writeHead(503).end();
};
const RESPONSES = responsesAnswer('Hello');
const TOO_LONG =
  "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.";

const REFUSALS: readonly (readonly [string, ProviderKind, Reply, ErrorCode])[] = [
  [
    'a wrong key',
    'openai',
    chatError(401, { message: `Incorrect API key: ${KEY}`, code: 'invalid_api_key' }),
    'EPROVIDERKEY',
  ],
  [
    'a wrong key',
    'anthropic',
    anthropicError(401, 'authentication_error', 'invalid x-api-key'),
    'EPROVIDERKEY',
  ],
  [
    'a key without the right',
    'anthropic',
    anthropicError(403, 'permission_error', 'Your key may not'),
    'EPROVIDERKEY',
  ],
  [
    'an unknown model',
    'openai',
    chatError(404, {
      message: 'The model `x` does not exist or you do not have access to it.',
      code: 'model_not_found',
    }),
    'EUNKNOWNMODEL',
  ],
  [
    'an unknown model',
    'anthropic',
    anthropicError(404, 'not_found_error', 'model: some-model'),
    'EUNKNOWNMODEL',
  ],
  [
    'an unknown model',
    'ollama',
    chatError(404, { message: 'model "some-model" not found, try pulling it first', type: 'api_error' }),
    'EUNKNOWNMODEL',
  ],
  [
    'a model as FastAPI refuses it',
    'openai-compatible',
    json({ detail: 'Model not found' }, { status: 404 }),
    'EUNKNOWNMODEL',
  ],
  [
    'an unsupported parameter',
    'openai',
    chatError(400, {
      message: "Unsupported parameter: 'temperature' is not supported with this model.",
      code: 'unsupported_parameter',
    }),
    'EMODELREQUEST',
  ],
  [
    'a bad request',
    'anthropic',
    anthropicError(400, 'invalid_request_error', 'messages: roles must alternate'),
    'EMODELREQUEST',
  ],
  [
    'a context that is too long',
    'openai',
    chatError(400, { message: TOO_LONG, code: 'context_length_exceeded' }),
    'ECONTEXTLENGTH',
  ],
  [
    'a context that is too long',
    'anthropic',
    anthropicError(400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    'ECONTEXTLENGTH',
  ],
  [
    'a request that is too large',
    'anthropic',
    anthropicError(413, 'request_too_large', 'Too large'),
    'ECONTEXTLENGTH',
  ],
  [
    'a filtered prompt',
    'openai',
    chatError(400, { message: 'filtered', code: 'content_filter' }),
    'ECONTENTFILTER',
  ],
  [
    'no credit',
    'openai',
    chatError(429, { message: 'You exceeded your current quota', code: 'insufficient_quota' }),
    'ERATELIMIT',
  ],
  [
    'no credit',
    'anthropic',
    anthropicError(400, 'invalid_request_error', 'Your credit balance is too low'),
    'ERATELIMIT',
  ],
  [
    'an address without its /v1',
    'openai-compatible',
    json({ error: 'not here' }, { status: 404 }),
    'EMODELANSWER',
  ],
  ['a web page instead of an answer', 'openai', html(), 'EMODELANSWER'],
  ['a web page instead of an answer', 'anthropic', html(), 'EMODELANSWER'],
  ['a web page that forbids', 'openai-compatible', html(403), 'EMODELANSWER'],
  ['JSON of another protocol', 'openai-compatible', json({ hello: 'world' }), 'EMODELANSWER'],
  ['JSON of another protocol', 'anthropic', json([1, 2]), 'EMODELANSWER'],
  ['a dropped connection', 'openai', hangUp, 'EMODELNETWORK'],
];
for (const [title, kind, reply, code] of REFUSALS) {
  test(`${kind}: ${title} is ${code}, not asked again, whole and streamed`, async t => {
    const server = await startModelServer(t, reply);
    for (const onText of [undefined, () => {}]) {
      const { error, pauses } = await refusal(provider(kind, server.url), { onText });
      t.is(error.code, code);
      t.is(error.exitCode, 3);
      t.deepEqual(pauses, []);
      t.false(inspect(error, { depth: 9, showHidden: true }).includes(KEY), 'the key');
    }
    t.is(server.received.length, 2);
  });
}

test('a connection that is refused is EMODELNETWORK with the reason, and a hint for Ollama', async t => {
  const { error } = await refusal(provider('ollama', 'http://127.0.0.1:49151/v1'));
  t.like(error, { code: 'EMODELNETWORK', facts: { ...error.facts, reason: 'ECONNREFUSED' } });
  t.regex(error.hint, /ollama serve/);
});

test('a redirect is not followed: key and prompt stay with the address', async t => {
  const other = await startModelServer(t, anthropicAnswer('caught'));
  const server = await startModelServer(t, response => {
    response.writeHead(307, { location: `${other.url}/messages` }).end();
  });
  const { error } = await refusal(provider('anthropic', server.url));
  t.is(error.code, 'EMODELANSWER');
  t.regex(error.message, /redirects/);
  t.is(other.received.length, 0);
});

for (const [title, kind, reply, success] of [
  ['429 of OpenAI', 'openai', chatError(429, { message: 'Rate limit reached' }), RESPONSES],
  [
    '529 of Anthropic',
    'anthropic',
    anthropicError(529, 'overloaded_error', 'Overloaded'),
    anthropicAnswer('Hello'),
  ],
  ['500', 'openai-compatible', json({ error: { message: 'oops' } }, { status: 500 }), chatAnswer('Hello')],
  ['502 with a web page', 'openai-compatible', html(502), chatAnswer('Hello')],
  ['503 without a body', 'ollama', unavailable, chatAnswer('Hello')],
] as const) {
  test(`${title} is asked again after growing pauses, and the answer counts`, async t => {
    const server = await startModelServer(t, reply, reply, success);
    const outcome = await ask(provider(kind, server.url));
    t.is('answer' in outcome ? outcome.answer.text : outcome.error.code, 'Hello');
    t.deepEqual(outcome.pauses, [375, 750]);
    t.is(server.received.length, 3);
  });

  test(`${title} for ever is an error that says how often it was tried`, async t => {
    const server = await startModelServer(t, reply);
    const { error } = await refusal(provider(kind, server.url));
    t.is(error.code, title.startsWith('429') ? 'ERATELIMIT' : 'EMODELSERVER');
    t.is(error.facts['attempts'], 3);
    t.is(server.received.length, 3);
  });
}

for (const [title, headers, pause] of [
  ['in seconds', { 'retry-after': '7' }, 7000],
  ['in milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1500],
  ['as a date', { 'retry-after': new Date(1_760_000_003_000).toUTCString() }, 3000],
  ['as a date that has passed', { 'retry-after': new Date(1_700_000_000_000).toUTCString() }, 0],
  ['that makes no sense', { 'retry-after': 'soon' }, 375],
] as const) {
  test(`a pause that the provider asks for ${title} is kept`, async t => {
    const server = await startModelServer(
      t,
      chatError(429, { message: 'slow down' }, headers),
      chatAnswer('Hello'),
    );
    const { pauses } = await ask(provider('openai-compatible', server.url));
    t.deepEqual(pauses, [pause]);
  });
}

test('a pause of more than a minute is not waited for, and told', async t => {
  const reply = chatError(429, { message: 'slow down' }, { 'retry-after': '3600' });
  const server = await startModelServer(t, reply);
  const { error, pauses } = await refusal(provider('openai-compatible', server.url));
  t.is(error.facts['retryAfterSeconds'], 3600);
  t.deepEqual(pauses, []);
});

const BROKEN: readonly (readonly [string, ProviderKind, Reply, ErrorCode])[] = [
  ['is cut', 'openai', responsesBroken('Hello again Ada', { finish: 'cut' }), 'EBROKENSTREAM'],
  ['is cut', 'anthropic', anthropicBroken('Hello again Ada', { finish: 'cut' }), 'EBROKENSTREAM'],
  ['is cut', 'openai-compatible', chatBroken('Hello again Ada', { finish: 'cut' }), 'EBROKENSTREAM'],
  ['ends too early', 'openai', responsesBroken('Hello again Ada'), 'EBROKENSTREAM'],
  ['ends too early', 'anthropic', anthropicBroken('Hello again Ada'), 'EBROKENSTREAM'],
  ['ends too early', 'ollama', chatBroken('Hello again Ada'), 'EBROKENSTREAM'],
  [
    'has an event that is no JSON',
    'openai-compatible',
    chatBroken('Hello again Ada', { last: 'data: {"choices":[{' }),
    'EMODELANSWER',
  ],
  [
    'tells of an overload',
    'anthropic',
    anthropicBroken('Hello again Ada', { error: 'overloaded_error' }),
    'ERATELIMIT',
  ],
  [
    'tells of a failure',
    'openai-compatible',
    chatBroken('Hello again Ada', {
      last: 'data: {"error":{"message":"CUDA out of memory","type":"server_error"}}',
    }),
    'EMODELSERVER',
  ],
  [
    'tells of a failure in the word for an overload',
    'openai-compatible',
    chatBroken('Hello again Ada', {
      last: 'data: {"error":{"message":"overloaded","type":"server_error","code":500}}',
    }),
    'EMODELSERVER',
  ],
  [
    'tells of an overload by a status',
    'openai-compatible',
    chatBroken('Hello again Ada', {
      last: 'data: {"error":{"message":"Try again later.","type":"server_error","code":429}}',
    }),
    'ERATELIMIT',
  ],
];
for (const [title, kind, reply, code] of BROKEN) {
  test(`${kind}: a stream that ${title} is ${code}, keeps what arrived, and is not asked for again`, async t => {
    const server = await startModelServer(t, reply);
    let arrived = '';
    const { error } = await refusal(provider(kind, server.url), {
      onText: part => {
        arrived += part;
      },
    });
    t.is(error.code, code);
    t.is(arrived, 'Hello again Ada');
    t.is(server.received.length, 1);
  });
}

test('a stream of something else is EMODELANSWER or EBROKENSTREAM, never an empty answer', async t => {
  for (const reply of [events(['data: not json']), events([': comment']), events([])]) {
    const server = await startModelServer(t, reply);
    const { error } = await refusal(provider('openai-compatible', server.url), { onText: () => {} });
    t.true(['EMODELANSWER', 'EBROKENSTREAM'].includes(error.code));
  }
});

for (const [kind, reply] of [
  ['openai', responsesAnswer('I cannot', { incomplete: 'content_filter' })],
  ['anthropic', anthropicAnswer('I cannot', 'refusal')],
  ['openai-compatible', chatAnswer('I cannot', { finishReason: 'content_filter' })],
] as const) {
  test(`${kind}: an answer that the filter stopped is ECONTENTFILTER, whole and streamed`, async t => {
    const server = await startModelServer(t, reply);
    for (const onText of [undefined, () => {}]) {
      const { error } = await refusal(provider(kind, server.url), { onText });
      t.is(error.code, 'ECONTENTFILTER');
    }
  });
}

test('a model that stays silent is EMODELTIMEOUT after the time that was given', async t => {
  const server = await startModelServer(t, silence);
  const { error } = await refusal(provider('openai', server.url), { timeoutMs: 150 });
  t.is(error.code, 'EMODELTIMEOUT');
  t.is(error.facts['timeoutMs'], 150);
});

test.serial('a stream that falls silent is EMODELTIMEOUT, and one that goes on slowly is not', async t => {
  const hanging = await startModelServer(t, chatBroken('Hello again Ada', { finish: 'hang' }));
  const { error } = await refusal(provider('openai-compatible', hanging.url), {
    timeoutMs: 300,
    onText: () => {},
  });
  t.is(error.code, 'EMODELTIMEOUT');
  const delta = (content: string) =>
    `data: {"id":"c","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}`;
  const end = 'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}';
  const slow = await startModelServer(t, events([...'abcdef'].map(delta).concat(end), { every: 500 }));
  const result = await answer(provider('openai-compatible', slow.url), { timeoutMs: 2500, onText: () => {} });
  t.true(result.latencyMs > 2500);
  t.is(result.text, 'abcdef');
});

test('stopping aborts the request at the server, also during a pause', async t => {
  let closed: () => void = () => {};
  const gone = new Promise<void>(resolve => {
    closed = resolve;
  });
  const controller = new AbortController();
  const server = await startModelServer(t, response => {
    response.once('close', closed);
    controller.abort();
  });
  const { error } = await refusal(provider('openai', server.url), { signal: controller.signal });
  t.is(error.code, 'ECANCELLED');
  await gone;
  const limited = await startModelServer(t, chatError(429, { message: 'slow down' }));
  const pausing = new AbortController();
  const stopped = await refusal(provider('openai', limited.url), {
    signal: pausing.signal,
    onRetry: () => pausing.abort(),
  });
  t.is(stopped.error.code, 'ECANCELLED');
  t.is(limited.received.length, 1);
});
