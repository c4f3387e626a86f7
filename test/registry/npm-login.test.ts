import { randomUUID } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { type Answer, type HostileServer, hostileServer, json } from './hostile-server.js';

const NAME = 'ann';
const PASSWORD = randomUUID();
const OTP = '123456';

/** A user in front of a clock of their own, which only pauses and `slowBy` move. */
function user() {
  let time = 0;
  const slowBy = (ms: number) => {
    time += ms;
  };
  const prompts = {
    visit() {},
    ask: async () => NAME,
    askSecret: async () => PASSWORD,
    pause: async (ms: number) => slowBy(ms),
    now: () => time,
  };
  return { prompts, slowBy };
}

function loginTo({ url }: HostileServer, { prompts }: ReturnType<typeof user>, password?: string) {
  return npmRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 0 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => undefined,
    needsTimes: false,
    secondFactor: {
      given: password === undefined ? undefined : { password, source: '--otp' },
      prompts: undefined,
    },
  }).login(prompts);
}

for (const [what, retryAfter, slowness, most] of [
  ['asks to be asked at once', '1e-300', 0, 3001],
  ['asks to be asked in a year', '31536000', 0, 11],
  ['takes long for each answer', '1', 19_000, 16],
] as const) {
  test(`a registry that ${what} is waited for five minutes all the same`, async t => {
    const waiting = user();
    const server = await withPage(t, (_request, response) => {
      waiting.slowBy(slowness);
      json(response, {}, 202, { 'retry-after': retryAfter });
    });
    await t.throwsAsync(loginTo(server, waiting), { code: 'EAUTH', message: /five minutes/ });
    t.true(server.requests.length - 1 <= most, `${server.requests.length}`);
  });
}

test('a token that comes along a redirect, from another host, is not taken', async t => {
  const elsewhere = await hostileServer(t, (_request, response) => json(response, { token: 'of-another' }));
  const server = await withPage(t, (_request, response) =>
    response.writeHead(307, { location: `${elsewhere.url}done` }).end(),
  );
  await t.throwsAsync(loginTo(server, user()), { code: 'EBADRESPONSE', message: /another host/ });
});

test('a token that would be sent as a name and a password is not taken', async t => {
  const server = await withPage(t, (_request, response) => json(response, { token: 'basic:YTpi' }));
  await t.throwsAsync(loginTo(server, user()), { code: 'EBADRESPONSE' });
});

for (const [what, status, body] of [
  ['has no route for it', 404, { error: 'Not Found' }],
  ['had a route for it', 410, { error: 'Gone' }],
  ['does not let users be made', 405, {}],
  ['has not built it', 501, {}],
  ['makes an account and no token', 201, { ok: true, id: 'org.couchdb.user:ann' }],
] as const) {
  test(`where a registry ${what}, who signs in is told of tokens and of "basic:"`, async t => {
    const server = await hostileServer(
      t,
      (request, response) => json(response, body, request.method === 'POST' ? 404 : status),
      'npm',
    );
    const error = await t.throwsAsync<PrompdError>(loginTo(server, user()), { code: 'EUNSUPPORTED' });
    t.regex(error?.hint ?? '', /--token -.*basic:/);
  });
}

for (const [given, outcome] of [
  [OTP, 'in'],
  ['000000', 'refused for the code'],
  [undefined, 'refused for the code'],
] as const) {
  test(`who has an account with a second factor and gives ${given ?? 'none'} is ${outcome}`, async t => {
    const server = await hostileServer(
      t,
      (request, response) => {
        if (request.method === 'POST') return json(response, { error: 'Not Found' }, 404);
        if (request.headers.authorization === undefined) return json(response, { error: 'conflict' }, 409);
        if (request.headers['npm-otp'] !== OTP)
          return json(response, { error: 'You must provide a one-time pass.' }, 401, {
            'www-authenticate': 'OTP',
          });
        if (request.method === 'GET') return json(response, { _rev: '1-a' });
        return json(response, { token: 'npm_1' }, 201);
      },
      'npm',
    );
    const login = loginTo(server, user(), given);
    if (outcome === 'in') t.is(await login, 'npm_1');
    else await t.throwsAsync(login, { code: 'EAUTH', message: /asks for a one-time password/ });
  });
}

test('neither the password nor the one-time password goes along a redirect', async t => {
  const elsewhere = await hostileServer(t, (_request, response) => json(response, { _rev: '1-a' }), 'npm');
  const server = await hostileServer(
    t,
    (request, response) => {
      if (request.method === 'GET') response.writeHead(307, { location: `${elsewhere.url}user` }).end();
      else json(response, { error: 'conflict' }, request.method === 'POST' ? 404 : 409);
    },
    'npm',
  );
  await t.throwsAsync(loginTo(server, user(), OTP));
  const [asked] = elsewhere.requests;
  t.is(asked?.headers['npm-otp'], undefined);
  t.is(asked?.headers.authorization, undefined);
  const [, , own] = server.requests;
  t.is(own?.headers['npm-otp'], OTP);
});

/** A registry that signs users in by a page of its own. */
function withPage(t: ExecutionContext, done: Answer): Promise<HostileServer> {
  const server = hostileServer(
    t,
    async (request, response, count) => {
      if (request.url === '/-/v1/done/1') return done(request, response, count);
      const { url } = await server;
      json(response, { loginUrl: 'https://example.com/login/1', doneUrl: `${url}-/v1/done/1` });
    },
    'npm',
  );
  return server;
}
