import type { IncomingMessage } from 'node:http';
import test from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import { SILENT } from '#prompd/core/progress.js';
import { parseVersion } from '#prompd/core/version.js';
import type { Context } from '#prompd/ops/context.js';
import { addTag } from '#prompd/ops/registry/dist-tag.js';
import { connect } from '#prompd/registry/index.js';
import { hostileServer, json } from '../../registry/hostile-server.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';

const PACKAGE = '@acme/tone';
const TOKEN = 'npm_secret';
const RIGHT = '123456';
const NOBODY_ASKS = async (question: string): Promise<string> => {
  throw new Error(`nobody was to be asked "${question}"`);
};

for (const how of ['--otp', 'PROMPD_OTP']) {
  test(`a one-time password given by ${how} goes along with what changes something, and with nothing else`, async t => {
    const { url, requests } = await guardedRegistry(t);
    const args = ['dist-tag', 'add', `${PACKAGE}@1.0.0`, 'next', '--registry', url];
    const run = await runCli(how === '--otp' ? [...args, '--otp', RIGHT] : args, {
      env: { PROMPD_TOKEN: TOKEN, PROMPD_OTP: how === '--otp' ? 'another' : RIGHT },
    });
    t.is(run.code, 0, run.stderr);
    t.deepEqual(passwordsOf(requests, 'PUT'), [RIGHT]);
    t.true(requests.some(({ method }) => method === 'GET'));
    t.deepEqual(
      passwordsOf(requests, 'GET').filter(value => value !== undefined),
      [],
    );
  });
}

test('whoever is there is asked for it by the name of the registry, and may mistype it', async t => {
  const { url, requests } = await guardedRegistry(t);
  const questions: string[] = [];
  const typed = ['000000', '１２３', '123 456'];
  const context = await contextFor(t, url, {
    ask: async question => {
      questions.push(question);
      return typed.shift() ?? '';
    },
  });
  t.is((await addTag(context, `${PACKAGE}@1.0.0`, 'next')).to?.toString(), '1.0.0');
  t.deepEqual(questions, Array(3).fill(`One-time password for ${url}: `));
  t.deepEqual(passwordsOf(requests, 'PUT'), [undefined, '000000', RIGHT]);
});

test('who gives none, or a wrong one each time, is refused with the ways to give one', async t => {
  for (const [answer, sent] of [
    ['', 1],
    ['000000', 4],
  ] as const) {
    const { url, requests } = await guardedRegistry(t);
    const context = await contextFor(t, url, { ask: async () => answer });
    const error = await t.throwsAsync<PrompdError>(addTag(context, `${PACKAGE}@1.0.0`, 'next'), {
      code: 'EAUTH',
      message: /one-time password/,
    });
    t.regex(error?.hint ?? '', /--otp.*PROMPD_OTP/);
    t.is(passwordsOf(requests, 'PUT').length, sent);
  }
});

test('where nobody is there the refusal stands at once', async t => {
  const { url, requests } = await guardedRegistry(t);
  const context = await contextFor(t, url, { ask: undefined, askSecret: undefined });
  await t.throwsAsync(addTag(context, `${PACKAGE}@1.0.0`, 'next'), {
    code: 'EAUTH',
    message: /one-time password/,
  });
  t.is(passwordsOf(requests, 'PUT').length, 1);
});

test('a question for advisories is a POST that changes nothing, and carries none', async t => {
  const { url, requests } = await guardedRegistry(t);
  const context = { ...(await contextFor(t, url, {})), oneTimePassword: RIGHT };
  const installed = new Map([[parsePackageName(PACKAGE), [parseVersion('1.0.0')]]]);
  await connect(context, 'default')
    .advisories(installed)
    .catch(() => undefined);
  t.deepEqual(passwordsOf(requests, 'POST'), [undefined]);
});

for (const source of ['--otp', 'PROMPD_OTP']) {
  test(`what cannot stand in a header is not sent, and ${source} named for it`, async t => {
    const { url, requests } = await guardedRegistry(t);
    const world = await contextFor(t, url, {});
    const given = '12\r\nx-evil: 1';
    const context =
      source === '--otp'
        ? { ...world, oneTimePassword: given }
        : { ...world, env: { ...world.env, PROMPD_OTP: given } };
    await t.throwsAsync(addTag(context, `${PACKAGE}@1.0.0`, 'next'), {
      code: 'EUSAGE',
      message: `${source} holds no one-time password.`,
    });
    t.deepEqual(passwordsOf(requests, 'PUT'), []);
  });
}

test('the end of a line behind it is no part of it', async t => {
  const { url, requests } = await guardedRegistry(t);
  await addTag(
    { ...(await contextFor(t, url, {})), oneTimePassword: `${RIGHT}\n` },
    `${PACKAGE}@1.0.0`,
    'next',
  );
  t.deepEqual(passwordsOf(requests, 'PUT'), [RIGHT]);
});

test('a registry that has a page for it is waited for, and what the page gives is the password', async t => {
  const { url, requests } = await guardedRegistry(t, own => `${own}-/v1/done/1`);
  const shown: string[] = [];
  const context = await contextFor(t, url, {
    progress: { ...SILENT, say: message => void shown.push(message) },
  });
  await addTag(context, `${PACKAGE}@1.0.0`, 'next');
  t.deepEqual(shown, ['Sign in at https://example.com/auth/1']);
  t.deepEqual(passwordsOf(requests, 'PUT'), [undefined, RIGHT]);
  t.deepEqual(
    requests.filter(({ method }) => method === 'PUT').map(({ headers }) => headers['npm-auth-type']),
    ['web', 'web'],
  );
});

test('a page whose answer would come from another host is refused', async t => {
  const { url } = await guardedRegistry(t, () => 'https://example.com/done');
  const context = await contextFor(t, url, {});
  await t.throwsAsync(addTag(context, `${PACKAGE}@1.0.0`, 'next'), {
    code: 'EBADRESPONSE',
    message: /another host/,
  });
});

/**
 * An npm registry that wants a one-time password for each change, as npmjs does of accounts with a second factor.
 * @param doneAt where the answer of its page is to be had; without it, it has no page
 */
async function guardedRegistry(t: Teardown, doneAt?: (own: string) => string) {
  const server = await hostileServer(
    t,
    (request, response) => {
      if (request.url === '/-/v1/done/1') return json(response, { token: RIGHT });
      if (request.method === 'GET') return json(response, PACKUMENT);
      if (request.headers['npm-otp'] === RIGHT) return json(response, {}, 201);
      const page = doneAt && { authUrl: 'https://example.com/auth/1', doneUrl: doneAt(server.url) };
      json(response, { error: 'You must provide a one-time pass.', ...page }, 401, {
        'www-authenticate': 'OTP',
      });
    },
    'npm',
  );
  return server;
}

const PACKUMENT = {
  name: PACKAGE,
  'dist-tags': { latest: '1.0.0' },
  versions: {
    '1.0.0': { name: PACKAGE, version: '1.0.0', dist: { integrity: 'sha512-x', tarball: 'http://x/x.tgz' } },
  },
};

function passwordsOf(requests: readonly IncomingMessage[], method: string) {
  return requests.filter(request => request.method === method).map(({ headers }) => headers['npm-otp']);
}

function contextFor(
  t: Teardown,
  url: string,
  terminal: Partial<Pick<Context, 'ask' | 'askSecret' | 'progress'>>,
): Promise<Context> {
  const env = { PROMPD_REGISTRY: url, PROMPD_TOKEN: TOKEN };
  return testContext({ cwd: tempDir(t), env, ask: NOBODY_ASKS, askSecret: NOBODY_ASKS, ...terminal });
}
