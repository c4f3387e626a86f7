import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { SILENT } from '#prompd/core/progress.js';
import { redact } from '#prompd/core/redact.js';
import { login, whoami } from '#prompd/ops/registry/account.js';
import { connect } from '#prompd/registry/index.js';
import { hostileServer, json } from '../../registry/hostile-server.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';
import { startVerdaccio } from '../../support/verdaccio.js';

const NOT_ASKED = async (question: string): Promise<string> => {
  throw new Error(`nobody was to be asked "${question}"`);
};

test('where there is no login in the browser, user name and password get a token that is kept', async t => {
  const npm = await startVerdaccio(t);
  const password = randomUUID();
  const answers: Record<string, string> = { 'User name: ': 'ann', 'Password: ': password };
  const context = await contextFor(t, npm.url, {
    ask: async question => answers[question] ?? NOT_ASKED(question),
    askSecret: async question => answers[question] ?? NOT_ASKED(question),
  });
  t.is((await login(context, undefined)).name, 'ann');
  t.is((await whoami(context)).name, 'ann');

  answers['Password: '] = 'another one';
  await t.throwsAsync(login(context, undefined), { code: 'EAUTH' });
  t.is((await whoami(context)).name, 'ann', 'a login that failed takes nothing away');

  answers['Password: '] = password;
  const elsewhere = await contextFor(t, npm.url, {
    ask: async question => answers[question] ?? NOT_ASKED(question),
    askSecret: async question => answers[question] ?? NOT_ASKED(question),
  });
  t.is((await login(elsewhere, undefined)).name, 'ann');
  t.is((await whoami(elsewhere)).name, 'ann', 'who has an account logs in from other machines');
});

test('where there are no tokens, a name and a password in base64 go along, as _auth of npm', async t => {
  const npm = await startVerdaccio(t);
  const password = randomUUID();
  const ask = async (question: string) => (question === 'User name: ' ? 'ann' : password);
  await login(await contextFor(t, npm.url, { ask, askSecret: ask }), undefined);

  const basic = (text: string) => `basic:${Buffer.from(text).toString('base64')}`;
  const context = await contextFor(t, npm.url, {});
  t.is((await login(context, basic(`ann:${password}`))).name, 'ann');
  t.is((await whoami(context)).name, 'ann');
  await t.throwsAsync(login(context, basic('ann:another')), { code: 'EAUTH' });
  t.is((await login(context, basic(`ann:${password}`).replace('basic', 'BASIC'))).name, 'ann');
  const broken = ['basic:', 'basic:%%%', 'basic:YTpi=', 'basic:YTpiY', basic('no colon'), basic('ann:')];
  for (const credentials of broken)
    await t.throwsAsync(login(context, credentials), { code: 'EAUTH', message: /a name and a password/ });
  t.is(redact(`sent ${basic(`ann:${password}`)} along`), 'sent basic:*** along');
});

test('a registry that does not say whose a token is gets it kept untried, and then sent', async t => {
  const server = await npmServer(t, (path, _request, response) =>
    json(
      response,
      path === '/-/whoami' ? { error: 'Not Found' } : PACKUMENT,
      path === '/-/whoami' ? 404 : 200,
    ),
  );
  const warnings: string[] = [];
  const context = await contextFor(t, server.url, {
    progress: { ...SILENT, warn: message => void warnings.push(message) },
  });
  t.deepEqual(await login(context, 'glpat-1'), { name: null, scopes: undefined, registry: server.url });
  t.deepEqual(warnings, [`${server.url} does not say whose token this is: it is kept untried.`]);
  await connect(context, 'default').packument(PACKUMENT.name);
  t.is(server.requests.at(-1)?.headers.authorization, 'Bearer glpat-1');
  await t.throwsAsync(whoami(context), { code: 'EUNSUPPORTED' });
});

test('a 404 that is not of an npm registry keeps no token', async t => {
  const server = await npmServer(t, (_path, _request, response) => response.writeHead(404).end('<html>'));
  const context = await contextFor(t, server.url, {});
  await t.throwsAsync(login(context, 'glpat-1'), { code: 'EBADRESPONSE' });
});

test('whom a registry takes somebody for along a redirect, where no token goes, is not believed', async t => {
  const elsewhere = await npmServer(t, (_path, _request, response) => json(response, { username: 'eve' }));
  const server = await npmServer(t, (_path, _request, response) =>
    response.writeHead(307, { location: `${elsewhere.url}-/whoami` }).end(),
  );
  const context = await contextFor(t, server.url, {});
  await t.throwsAsync(login(context, 'npm_1'), { code: 'EREDIRECT', message: /tokens are sent along none/ });
  await t.throwsAsync(whoami(context), { code: 'EAUTH', message: /not logged in/ }, 'and it is not kept');
});

for (const status of [401, 403])
  test(`a registry that tells strangers nothing but ${status} is logged in to with a token that is typed`, async t => {
    const server = await closedServer(t, 'art-1', { status, identity: { username: 'ann' } });
    const questions: string[] = [];
    const context = await contextFor(t, server.url, {
      ask: NOT_ASKED,
      askSecret: async question => {
        questions.push(question);
        return 'art-1';
      },
    });
    t.is((await login(context, undefined)).name, 'ann');
    t.deepEqual(questions, ['Token: ']);
  });

test('a login in the browser shows its address, waits as long as it is told, and keeps the token', async t => {
  const token = `npm_${randomUUID().replaceAll('-', '')}`;
  let polls = 0;
  const server = await npmServer(t, (path, request, response) => {
    if (path === '/-/v1/login')
      json(response, { loginUrl: 'https://example.com/login/1', doneUrl: `${server.url}-/v1/done/1` });
    else if (path === '/-/v1/done/1') {
      polls += 1;
      if (polls < 3) json(response, {}, 202, { 'retry-after': '0.01' });
      else json(response, { token });
    } else if (path === '/-/whoami')
      json(response, request.headers.authorization === `Bearer ${token}` ? { username: 'ann' } : {});
  });
  const shown: string[] = [];
  const context = await contextFor(t, server.url, {
    ask: NOT_ASKED,
    askSecret: NOT_ASKED,
    progress: { ...SILENT, say: message => void shown.push(message) },
  });
  t.is((await login(context, undefined)).name, 'ann');
  t.deepEqual(shown, ['Sign in at https://example.com/login/1']);
  t.is(polls, 3);
});

test('a login whose token would come from another host is refused', async t => {
  const server = await npmServer(t, (_path, _request, response) =>
    json(response, { loginUrl: 'https://example.com/login', doneUrl: 'https://example.com/done' }),
  );
  const context = await contextFor(t, server.url, { ask: NOT_ASKED, askSecret: NOT_ASKED });
  await t.throwsAsync(login(context, undefined), { code: 'EBADRESPONSE', message: /another host/ });
});

test('who did not come back to a page that wants a one-time password is told that, and not asked for a token', async t => {
  const server = await npmServer(t, (path, _request, response) =>
    path === '/-/v1/login'
      ? json(
          response,
          {
            error: 'You must provide a one-time pass.',
            authUrl: 'https://example.com/auth/1',
            doneUrl: `${server.url}-/v1/done/1`,
          },
          401,
        )
      : json(response, { error: 'There is no such login.' }, 404),
  );
  const context = await contextFor(t, server.url, { ask: NOT_ASKED, askSecret: NOT_ASKED });
  await t.throwsAsync(login(context, undefined), { code: 'EAUTH', message: /ended before/ });
});

test('a token that cannot be sent in a header is the fault of the registry that gave it', async t => {
  const server = await npmServer(t, (path, _request, response) =>
    path === '/-/v1/login'
      ? json(response, { loginUrl: 'https://example.com/login', doneUrl: `${server.url}-/v1/done/1` })
      : json(response, { token: 'two\r\nlines' }),
  );
  const context = await contextFor(t, server.url, { ask: NOT_ASKED, askSecret: NOT_ASKED });
  await t.throwsAsync(login(context, undefined), { code: 'EBADRESPONSE' });
});

test('a login that the registry knows no more, as after it started again, is to be begun anew', async t => {
  const server = await npmServer(t, (path, _request, response) =>
    path === '/-/v1/login'
      ? json(response, { loginUrl: 'https://example.com/login', doneUrl: `${server.url}-/v1/done/1` })
      : json(response, { error: 'There is no such login.' }, 404),
  );
  const context = await contextFor(t, server.url, { ask: NOT_ASKED, askSecret: NOT_ASKED });
  const error = await t.throwsAsync(login(context, undefined), { code: 'EAUTH', message: /ended before/ });
  t.like(error, { hint: 'Run the command again.' });
});

const PACKUMENT = { name: parsePackageName('@acme/tone'), 'dist-tags': {}, versions: {} };

type Handler = (path: string, ...rest: Parameters<Parameters<typeof hostileServer>[1]>) => void;

/** A server that says it is an npm registry, and for the rest what the test says. */
function npmServer(t: Teardown, answer: Handler) {
  return hostileServer(
    t,
    (request, response, count) => answer(request.url ?? '', request, response, count),
    'npm',
  );
}

/** An npm registry that refuses whatever comes without the token, as Artifactory where nobody is anonymous. */
async function closedServer(
  t: Teardown,
  token: string,
  { status, identity }: { readonly status: number; readonly identity: object },
): Promise<{ readonly url: string }> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`)
      json(response, { error: 'Unauthorized' }, status);
    else if (request.url === '/-/whoami') json(response, identity);
    else json(response, {}, request.url === '/-/ping' ? 200 : 404);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/` };
}

function contextFor(t: Teardown, url: string, prompts: Partial<Parameters<typeof testContext>[0]>) {
  return testContext({ cwd: tempDir(t), env: { PROMPD_REGISTRY: url }, ...prompts });
}
