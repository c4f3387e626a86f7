import { Writable } from 'node:stream';
import test from 'ava';
import { pino } from 'pino';
import { authorize } from '#server/domain/authorize.js';
import { startTestRegistry } from '../support/registry.js';

test('the log tells where a request failed, and nothing that went into the database', async t => {
  let log = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      log += String(chunk);
      done();
    },
  });
  // As the drivers of databases make them: the statement, its parameters, and values in the details.
  const broken = Object.assign(new Error('relation "tokens" does not exist'), {
    code: '42P01',
    query: 'select * from tokens where hash = $1',
    params: ['hash-of-a-token'],
    detail: 'Key (hash)=(hash-of-a-token) exists.',
    cause: Object.assign(new Error('inner'), { parameters: ['hash-of-a-token'] }),
  });
  const registry = await startTestRegistry(t, {
    logger: pino({ level: 'info' }, sink),
    authorize(actor, action, subject) {
      if (action === 'registry.search') throw broken;
      authorize(actor, action, subject);
    },
  });
  const answer = await registry.request('/packages?q=x&token=of-somebody');
  t.is(answer.status, 500);
  t.notRegex(await answer.text(), /tokens|hash/);
  t.regex(log, /relation \\"tokens\\" does not exist/);
  t.regex(log, /42P01/);
  t.regex(log, /log\.test/);
  t.notRegex(log, /hash-of-a-token|select \*|of-somebody/);
  t.false(log.includes(registry.adminToken));
});
