import { createHash } from 'node:crypto';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { hostileServer, json } from './hostile-server.js';
import { client, NAME, problem, VERSION } from './prompd-client.js';

const archive = Buffer.from('archive');
const request = {
  name: NAME,
  version: VERSION,
  archive,
  integrity: integrityOf(archive),
  packageJson: {},
  readme: '',
  tag: 'beta',
  access: 'private' as const,
};
const receipt = {
  name: NAME,
  version: VERSION,
  integrity: request.integrity,
  tag: 'beta',
  status: 'published',
};

test('publishing sends the bytes, their integrity, tag and access', async t => {
  let hash = '';
  const server = await hostileServer(t, (incoming, response) => {
    const sum = createHash('sha512');
    incoming
      .on('data', chunk => sum.update(chunk))
      .on('end', () => {
        hash = `sha512-${sum.digest('base64')}`;
        json(response, receipt, 201);
      });
  });
  t.like(await client(server.url).publish(request), receipt);
  t.is(hash, request.integrity);
  t.is(server.requests[0]?.url, '/packages?tag=beta&access=private');
  t.is(server.requests[0]?.headers['integrity'], request.integrity);
});

for (const [title, change] of [
  ['another name', { name: '@acme/other' }],
  ['another version', { version: '9.9.9' }],
  ['another integrity', { integrity: integrityOf(Buffer.from('else')) }],
  ['no integrity', { integrity: '' }],
  ['an unknown status', { status: 'perhaps' }],
] satisfies [string, object][]) {
  test(`a registry that confirms ${title} did not publish what was sent`, async t => {
    const server = await hostileServer(t, (_, response) => json(response, { ...receipt, ...change }, 201));
    const error = await t.throwsAsync(client(server.url).publish(request), { instanceOf: PrompdError });
    t.true(['EBADRESPONSE', 'EBADINTEGRITY'].includes(error?.code ?? ''));
  });
}

test('a conflict at the first attempt is a conflict, also with the same bytes', async t => {
  const server = await hostileServer(t, (_, response) =>
    json(response, problem('ECONFLICT', { identical: true }), 409),
  );
  const error = await t.throwsAsync(client(server.url).publish(request), {
    instanceOf: PrompdError,
    code: 'ECONFLICT',
  });
  t.regex(error?.hint ?? '', /raise "version"/);
});

test('a conflict with the same bytes after a lost answer means that the first attempt arrived', async t => {
  const server = await hostileServer(t, (_, response, count) =>
    count === 1 ? response.destroy() : json(response, problem('ECONFLICT', { identical: true }), 409),
  );
  t.true((await client(server.url).publish(request)).alreadyThere);
});

for (const [status, found] of [
  ['published', 'published'],
  ['pending', 'pending'],
  ['rejected', 'ECONFLICT'],
] as const) {
  test(`a version whose answer got lost and that is ${status} since is ${found} for who published it`, async t => {
    const conflict = problem('ECONFLICT', { identical: true, facts: { status } });
    const server = await hostileServer(t, (_, response, count) =>
      count === 1 ? response.destroy() : json(response, conflict, 409),
    );
    const outcome = client(server.url)
      .publish(request)
      .then(
        receipt => receipt.status,
        (error: unknown) => (error instanceof PrompdError ? error.code : String(error)),
      );
    t.is(await outcome, found);
  });
}

test('a conflict with other bytes after a lost answer stays a conflict', async t => {
  const server = await hostileServer(t, (_, response, count) =>
    count === 1 ? response.destroy() : json(response, problem('ECONFLICT', { identical: false }), 409),
  );
  await t.throwsAsync(client(server.url).publish(request), { code: 'ECONFLICT' });
});

test('publishing does not follow redirects, as they could take the package elsewhere', async t => {
  const other = await hostileServer(t, (_, response) => json(response, receipt, 201));
  const server = await hostileServer(t, (_, response) =>
    response.writeHead(307, { location: other.url }).end(),
  );
  const error = await t.throwsAsync(client(server.url).publish(request), {
    instanceOf: PrompdError,
    code: 'EBADRESPONSE',
  });
  t.is(error?.facts['location'], other.url);
  t.is(other.requests.length, 0);
});

test('what a registry finds wrong with a package reaches the user whole', async t => {
  const problems = [
    {
      code: 'EMANIFEST',
      message: '"license" is odd.',
      file: 'prompd.json',
      line: 3,
      column: 5,
      severity: 'error',
    },
    { code: 'EMANIFEST', message: 'No README.', file: 'README.md', severity: 'error' },
  ];
  const server = await hostileServer(t, (_, response) =>
    json(response, problem('EMANIFEST', { problems, hint: 'Mend it.' }), 422),
  );
  const error = await t.throwsAsync(client(server.url).publish(request), {
    instanceOf: PrompdError,
    code: 'EMANIFEST',
  });
  t.is(error?.exitCode, 2);
  t.is(error?.hint, 'Mend it.');
  t.deepEqual(error?.facts['problems'], [
    'prompd.json:3:5 EMANIFEST "license" is odd.',
    'README.md: EMANIFEST No README.',
  ]);
});
