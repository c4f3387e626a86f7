import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { problemDocument, RequestError } from '#server/domain/problem-document.js';

test('what went wrong inside is not told outside', t => {
  const document = problemDocument(new Error('password of the database is hunter2'), 'id-1');
  t.like(document, { status: 500, code: 'EINTERNAL', instance: 'id-1', facts: {} });
  t.false(JSON.stringify(document).includes('hunter2'));
});

test("a user's error keeps its code, facts and hint", t => {
  const error = new PrompdError('ENOTFOUND', 'There is no package x.', {
    facts: { name: 'x' },
    hint: 'Search.',
  });
  t.like(problemDocument(error, 'id'), {
    type: 'urn:prompd:error:ENOTFOUND',
    title: 'The registry has no such package.',
    status: 404,
    detail: 'There is no package x.',
    facts: { name: 'x' },
    hint: 'Search.',
  });
});

test('credentials in a message are removed', t => {
  const document = problemDocument(
    new RequestError('EBADREQUEST', 'no route for prompd_0123456789abcdef'),
    'id',
  );
  t.is(document.detail, 'no route for prompd_***');
});

for (const code of ['ECONNREFUSED', '57P01']) {
  test(`a database that answers ${code} makes the registry unavailable, not broken`, t => {
    const error = Object.assign(new Error('at 10.0.0.7'), { code });
    const document = problemDocument(error, 'id');
    t.like(document, { status: 503, code: 'EUNAVAILABLE' });
    t.false(JSON.stringify(document).includes('10.0.0.7'));
  });
}

for (const [what, error] of [
  ['a socket that is not there', Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'connect' })],
  ['a host without a name', Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
  ['a connection that broke', new Error('Connection terminated unexpectedly')],
  ['a full disk', Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' })],
] as const) {
  test(`${what} makes the registry unavailable, not broken`, t => {
    t.like(problemDocument(error, 'id'), { status: 503, code: 'EUNAVAILABLE' });
  });
}

test('a file that is missing is a fault of the registry, not of its database', t => {
  const error = Object.assign(new Error('x'), { code: 'ENOENT', syscall: 'open' });
  t.is(problemDocument(error, 'id').status, 500);
});
