import test, { type ExecutionContext } from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { hostileServer, json } from './hostile-server.js';

const NAME = parsePackageName('@acme/tone');
const VERSION = parseVersion('1.1.0');
const GIVEN = '123456';
const TYPED = '654321';
const archive = Buffer.from('archive');
const integrity = integrityOf(archive);
const versionOf = (version: string) => ({
  name: NAME,
  version,
  dist: { integrity, tarball: 'http://example.com/x.tgz' },
});
const PACKUMENT = {
  name: NAME,
  _rev: '1-a',
  'dist-tags': { latest: '1.1.0' },
  versions: { '1.0.0': versionOf('1.0.0'), '1.1.0': versionOf('1.1.0') },
};
const PUBLICATION = {
  name: NAME,
  version: VERSION,
  archive,
  integrity,
  packageJson: {},
  readme: '',
  tag: 'latest',
  access: undefined,
};
const ASKS = { error: 'You must provide a one-time pass.' };

for (const typed of [undefined, TYPED]) {
  const who = typed === undefined ? 'nobody is there' : 'another is typed';
  test(`a publication whose answer got lost, its one-time password used up, is found where ${who}`, async t => {
    const { sent, registry } = await scene(t, typed, (method, otp, response) => {
      if (method === 'GET') return json(response, PACKUMENT);
      if (sent.length === 1) return response.writeHead(503).end();
      if (otp === TYPED)
        return json(response, { error: 'You cannot publish over it: previously published.' }, 403);
      json(response, ASKS, 401);
    });
    const receipt = await registry.publish(PUBLICATION);
    t.true(receipt.alreadyThere);
    const attempts = [`PUT ${GIVEN}`, `PUT ${GIVEN}`, ...(typed === undefined ? [] : [`PUT ${TYPED}`])];
    t.deepEqual(sent.slice(0, -1), attempts);
  });
}

for (const [what, status, body, isThere, code] of [
  ['two publications at once, as npmjs', 409, { error: 'Failed to save packument.' }, false, 'EREGISTRY'],
  ['a conflict without a word', 409, {}, true, 'ECONFLICT'],
  ['Nexus', 400, { error: 'Repository does not allow updating assets: npm-hosted' }, true, 'ECONFLICT'],
  ['Azure', 403, { message: "The feed already contains file 'tone-1.1.0.tgz'." }, true, 'ECONFLICT'],
  [
    'Artifactory',
    403,
    { errors: [{ message: 'Not enough permissions to delete/overwrite artifact' }] },
    true,
    'ECONFLICT',
  ],
] as const) {
  test(`what is said of ${what} is ${code}`, async t => {
    const { registry } = await scene(t, undefined, (method, _otp, response) => {
      if (method === 'PUT') return json(response, body, status);
      if (isThere) json(response, PACKUMENT);
      else json(response, { errors: [{ status: 404, message: 'File not found.' }] }, 404);
    });
    await t.throwsAsync(registry.publish(PUBLICATION), { code });
  });
}

for (const status of [201, 203, 204]) {
  test(`a publication that is answered by ${status} is one`, async t => {
    const { registry } = await scene(t, undefined, (_method, _otp, response) =>
      response.writeHead(status).end(),
    );
    t.is((await registry.publish(PUBLICATION)).status, 'published');
  });
}

test('of an unpublished version whose archive could not be deleted is said that it is listed no more', async t => {
  const { sent, registry } = await scene(t, undefined, (method, _otp, response) => {
    if (method === 'DELETE') return json(response, ASKS, 401);
    json(response, method === 'GET' ? PACKUMENT : {}, method === 'GET' ? 200 : 201);
  });
  await t.throwsAsync(registry.changes.unpublish(NAME, VERSION), {
    code: 'EAUTH',
    message: /@acme\/tone@1\.1\.0 is no longer listed, but its archive may still be there.*one-time password/,
  });
  t.deepEqual(
    sent.map(line => line.split(' ')[0]),
    ['GET', 'PUT', 'GET', 'DELETE'],
  );
});

test('a token that is not made for want of a one-time password is not put down to the login', async t => {
  const { registry } = await scene(t, undefined, (_method, _otp, response) => json(response, ASKS, 401));
  const made = registry.tokens.create({
    name: 'ci',
    user: undefined,
    scopes: ['read'],
    cidr: [],
    expiresAt: undefined,
    password: async () => 'secret',
  });
  await t.throwsAsync(made, { code: 'EAUTH', message: /asks for a one-time password/ });
});

type Handler = (method: string, otp: string | undefined, response: Parameters<typeof json>[0]) => void;

/** @param typed what the user types when the registry asks for more than what came with the command */
async function scene(t: ExecutionContext, typed: string | undefined, answer: Handler) {
  const sent: string[] = [];
  const { url } = await hostileServer(
    t,
    ({ method = '', headers }, response) => {
      const otp = headers['npm-otp'];
      sent.push(`${method} ${String(otp)}`);
      answer(method, typeof otp === 'string' ? otp : undefined, response);
    },
    'npm',
  );
  const nobody = () => Promise.reject(new Error('nobody was to be asked'));
  const registry = npmRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
    backoffLimitMs: 10,
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'secret-token',
    needsTimes: false,
    secondFactor: {
      given: { password: GIVEN, source: '--otp' },
      prompts:
        typed === undefined
          ? undefined
          : { visit() {}, ask: async () => typed, askSecret: nobody, pause: nobody, now: () => 0 },
    },
  });
  return { sent, registry };
}
