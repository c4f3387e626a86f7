import type { IncomingMessage, ServerResponse } from 'node:http';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import type { TokenRequest } from '#prompd/registry/registry.js';
import { hostileServer, json } from './hostile-server.js';

const NAME = parsePackageName('@acme/reviews');
const V1 = parseVersion('1.0.0');

function client(url: string) {
  return npmRegistry({
    alias: 'default',
    registryUrl: url,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 2 },
    userAgent: 'prompd/0.0.0-test',
    token: async () => 'secret-token',
    needsTimes: false,
    backoffLimitMs: 4,
  });
}

test('a refusal ends in one full stop, also where the registry wrote one', async t => {
  for (const error of ['This takes an owner.', 'This takes an owner']) {
    const server = await hostileServer(t, (_request, response) => json(response, { error }, 403));
    await t.throwsAsync(client(server.url).changes.moveTag(NAME, 'next', V1), {
      code: 'EFORBIDDEN',
      message: 'The registry does not allow this: This takes an owner.',
    });
  }
});

/** The document of a package with two versions and a member that prompd does not know. */
function documentOf(more: object = {}) {
  return {
    _id: NAME,
    _rev: '3-abc',
    name: NAME,
    custom: { kept: true },
    'dist-tags': { latest: '1.1.0' },
    versions: {
      '1.0.0': { name: NAME, version: '1.0.0', odd: 1, dist: { tarball: 'https://example.com/evil.tgz' } },
      '1.1.0': { name: NAME, version: '1.1.0', dist: {} },
    },
    ...more,
  };
}

/** A registry that keeps one document; `refuse` may answer in its place. */
async function registryOf(
  t: Parameters<typeof hostileServer>[0],
  document: object,
  refuse: (line: string, response: ServerResponse) => boolean = () => false,
) {
  const log: { line: string; body: unknown; authorization: string | undefined }[] = [];
  const server = await hostileServer(t, (request, response) => {
    void bodyOf(request).then(body => {
      const line = `${request.method} ${request.url}`;
      log.push({ line, body, authorization: request.headers.authorization });
      if (refuse(line, response)) return;
      const user = /^\/-\/user\/org\.couchdb\.user:(jane|ann)$/.exec(request.url ?? '')?.[1];
      if (user !== undefined) json(response, { name: user });
      else if (request.url?.startsWith('/-/user/')) json(response, { error: 'no such user' }, 404);
      else json(response, request.method === 'GET' ? document : { ok: true });
    });
  });
  return { url: server.url, log, sent: () => log.filter(({ line }) => !line.startsWith('GET ')) };
}

test('a deprecation sends the whole document back, with what prompd does not know of it', async t => {
  const { url, sent } = await registryOf(t, documentOf());
  await client(url).changes.configure(NAME, { deprecated: new Map([[V1, 'Old.']]) });
  const [put, ...more] = sent();
  t.is(put?.line, 'PUT /@acme%2freviews');
  const document = documentOf();
  const versions = { ...document.versions, '1.0.0': { ...document.versions['1.0.0'], deprecated: 'Old.' } };
  t.deepEqual(put?.body, { ...document, versions });
  t.is(more.length, 0);
});

test('what of a document is not as prompd knows it is sent back all the same', async t => {
  const odd = { maintainers: ['jane <jane@example.com>', { email: 'x@example.com' }] };
  const before = documentOf(odd);
  const versions = { ...before.versions, '1.1.0': { name: NAME, version: '1.1.0', dist: 'none' } };
  const { url, sent } = await registryOf(t, { ...before, versions });
  await client(url).changes.configure(NAME, { deprecated: new Map([[V1, 'Old.']]) });
  t.like(sent()[0]?.body, { ...odd, versions: { '1.1.0': { dist: 'none' } } });
  await t.throwsAsync(client(url).changes.owners(NAME), { code: 'EUNSUPPORTED' });
});

test('a document that somebody changed in between is read again, a few times', async t => {
  let conflicts = 0;
  const refuse = (line: string, response: ServerResponse) => {
    if (!line.startsWith('PUT') || conflicts === 2) return false;
    conflicts += 1;
    json(response, { error: 'conflict', reason: 'Document update conflict.' }, 409);
    return true;
  };
  const { url, log } = await registryOf(t, documentOf(), refuse);
  await client(url).changes.configure(NAME, { deprecated: new Map([[V1, 'Old.']]) });
  t.deepEqual(
    log.map(({ line }) => line.slice(0, 3)),
    ['GET', 'PUT', 'GET', 'PUT', 'GET', 'PUT'],
  );
  const never = await registryOf(t, documentOf(), (line, response) => {
    if (line.startsWith('PUT')) json(response, { error: 'conflict' }, 409);
    return line.startsWith('PUT');
  });
  const endless = client(never.url).changes.configure(NAME, { deprecated: new Map([[V1, 'Old.']]) });
  await t.throwsAsync(endless, { code: 'EREGISTRY' });
  t.is(never.sent().length, 3);
});

for (const status of [404, 405, 501]) {
  test(`a registry that answers ${status} to a document it showed takes no deprecations: EUNSUPPORTED`, async t => {
    const { url } = await registryOf(t, documentOf(), (line, response) => {
      if (line.startsWith('PUT')) json(response, { error: 'no route' }, status);
      return line.startsWith('PUT');
    });
    const change = client(url).changes.configure(NAME, { deprecated: new Map([[V1, 'Old.']]) });
    await t.throwsAsync(change, { code: 'EUNSUPPORTED', message: /deprecate versions/ });
  });
}

test('an archive is deleted at the registry itself, whatever host its document names', async t => {
  const { url, sent } = await registryOf(t, documentOf());
  await client(url).changes.unpublish(NAME, V1);
  t.deepEqual(
    sent().map(({ line }) => line),
    ['PUT /@acme%2freviews/-rev/3-abc', 'DELETE /@acme/reviews/-/reviews-1.0.0.tgz/-rev/3-abc'],
  );
});

test('a revision that would change the address is no revision', async t => {
  const { url, sent } = await registryOf(t, documentOf({ _rev: '../../-/user/token' }));
  await t.throwsAsync(client(url).changes.unpublish(NAME, undefined), { code: 'EBADRESPONSE' });
  t.deepEqual(sent(), []);
});

test('a document of another package changes nothing', async t => {
  const { url, sent } = await registryOf(t, documentOf({ name: '@acme/other' }));
  await t.throwsAsync(client(url).changes.unpublish(NAME, V1), { code: 'EOTHERPACKAGE' });
  t.deepEqual(sent(), []);
});

test('owners are the maintainers of the document; one is added and taken away by sending them alone', async t => {
  const maintainers = [{ name: 'ann', email: 'ann@example.com' }, { name: 'bob' }];
  const { url, sent } = await registryOf(t, documentOf({ maintainers }));
  const { changes } = client(url);
  t.deepEqual(
    (await changes.owners(NAME)).map(({ user }) => user),
    ['ann', 'bob'],
  );
  await changes.addOwner(NAME, 'jane');
  await changes.removeOwner(NAME, 'bob');
  await changes.addOwner(NAME, 'ann');
  t.deepEqual(
    sent().map(({ line, body }) => [line, body]),
    [
      [
        'PUT /@acme%2freviews/-rev/3-abc',
        { _id: NAME, _rev: '3-abc', maintainers: [...maintainers, { name: 'jane' }] },
      ],
      ['PUT /@acme%2freviews/-rev/3-abc', { _id: NAME, _rev: '3-abc', maintainers: [maintainers[0]] }],
    ],
  );
  await t.throwsAsync(changes.addOwner(NAME, 'nobody'), { code: 'ENOUSER' });
  await t.throwsAsync(changes.removeOwner(NAME, 'nobody'), { code: 'ENOUSER' });
  t.is(sent().length, 2);
});

test('the last owner stays', async t => {
  const { url, sent } = await registryOf(t, documentOf({ maintainers: [{ name: 'ann' }] }));
  await t.throwsAsync(client(url).changes.removeOwner(NAME, 'ann'), { code: 'EUSAGE' });
  t.deepEqual(sent(), []);
});

const REQUEST: TokenRequest = {
  name: 'ci',
  user: undefined,
  scopes: ['read'],
  cidr: ['10.0.0.0/8'],
  expiresAt: undefined,
  password: async () => 'a password',
};

test('a token is asked for with the password, once, and the answer is told whole', async t => {
  const issued = { key: 'k1', token: 'npm_1', readonly: true, created: '2026-01-01T00:00:00.000Z' };
  const { url, log } = await registryOf(t, {}, (_, response) => {
    json(response, issued);
    return true;
  });
  t.like(await client(url).tokens.create(REQUEST), {
    id: 'k1',
    token: 'npm_1',
    name: 'ci',
    scopes: ['read'],
    createdAt: issued.created,
  });
  t.deepEqual(log[0]?.body, {
    name: 'ci',
    password: 'a password',
    readonly: true,
    cidr_whitelist: ['10.0.0.0/8'],
  });
  const broken = await registryOf(t, {}, (_, response) => {
    json(response, {}, 503);
    return true;
  });
  const failed = await t.throwsAsync(client(broken.url).tokens.create(REQUEST), { code: 'EREGISTRY' });
  t.is(broken.log.length, 1, 'each time would make another token');
  t.notRegex(JSON.stringify(failed) + failed?.stack, /a password/);
});

for (const [title, more] of [
  ['for somebody else', { user: 'jane' }],
  ['of an administrator', { scopes: ['read', 'admin'] }],
  ['that expires', { expiresAt: '2030-01-01T00:00:00.000Z' }],
] satisfies [string, Partial<TokenRequest>][]) {
  test(`a token ${title} is EUNSUPPORTED at npm registries, before anybody is asked for a password`, async t => {
    const { url, log } = await registryOf(t, {});
    const password = async () => t.fail() as never;
    await t.throwsAsync(client(url).tokens.create({ ...REQUEST, ...more, password }), {
      instanceOf: PrompdError,
      code: 'EUNSUPPORTED',
    });
    t.deepEqual(log, []);
  });
}

test('pages of tokens are read to the last, from the registry alone, and never in circles', async t => {
  const { url, log } = await registryOf(t, {}, (line, response) => {
    const page = Number(/page=(\d+)/.exec(line)?.[1] ?? 0);
    const next = `https://example.com/-/npm/v1/tokens?page=${Math.min(page + 1, 2)}`;
    json(response, { objects: [{ key: `k${page}` }], urls: { next } });
    return true;
  });
  t.deepEqual(
    (await client(url).tokens.list()).map(({ id }) => id),
    ['k0', 'k1', 'k2'],
  );
  t.deepEqual([...new Set(log.map(({ authorization }) => authorization))], ['Bearer secret-token']);
});

test('a token is revoked by its id or the beginning of one, and only when that names one token', async t => {
  const { url, sent } = await registryOf(t, {}, (line, response) => {
    json(
      response,
      line.startsWith('GET') ? { objects: [{ key: 'abc1' }, { key: 'abc2' }, { key: 'abc' }] } : {},
    );
    return true;
  });
  const { tokens } = client(url);
  for (const id of ['ab', 'x', 'abc12']) await t.throwsAsync(tokens.revoke(id), { code: 'ENOTFOUND' });
  await tokens.revoke('abc2');
  await tokens.revoke('abc');
  t.deepEqual(
    sent().map(({ line }) => line),
    ['DELETE /-/npm/v1/tokens/token/abc2', 'DELETE /-/npm/v1/tokens/token/abc'],
  );
});

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}
