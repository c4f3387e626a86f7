import test from 'ava';
import { z } from 'zod';
import { parseAuditLine } from '#prompd/verify/audit-line.js';
import { AuditVerifier } from '#prompd/verify/audit-verifier.js';
import { auditEventSchema, signedCheckpointSchema } from '#prompd/verify/index.js';
import { jsonBody } from '../support/registry.js';
import { testRegistries } from './databases.js';

const page = z.object({
  chain: z.string(),
  events: z.array(auditEventSchema),
  next: z.number().nullable(),
});
const listed = z.object({ checkpoints: z.array(signedCheckpointSchema) });

for (const { name: database, registry, start } of await testRegistries(test)) {
  const on = `(${database})`;
  let jane = '';
  let joe = '';
  test.before(`the users get their tokens ${on}`, async () => {
    jane = await registry.tokenOf('jane', 'publish');
    joe = await registry.tokenOf('joe', 'publish');
  });
  const ask = (path: string, init: RequestInit = {}, token = jane) =>
    registry.request(path, { ...init, token });
  const make = async (project: string) => ask('/projects', jsonBody('POST', { project }));
  const read = async (path: string, token = jane) => page.parse(await (await ask(path, {}, token)).json());
  const verify = (text: string) => {
    const verifier = new AuditVerifier({ known: [], publicKey: undefined });
    for (const line of text.trimEnd().split('\n')) verifier.push(parseAuditLine(line));
    return verifier.end();
  };

  test(`what was done in a project is there with who, by what, why, and found by each of these ${on}`, async t => {
    await make('told');
    const grant = jsonBody('POST', { user: 'joe', role: 'viewer', reason: 'joins the desk' });
    t.is((await ask('/projects/told/grants', grant)).status, 201);
    await ask('/projects/told/teams', jsonBody('POST', { name: 'risk' }));
    const { events, chain } = await read('/projects/told/audit');
    t.is(chain, '@told');
    t.deepEqual(
      events.map(({ seq, action, subject, after }) => [seq, action, subject, after]),
      [
        [1, 'project.create', 'project @told', null],
        [2, 'grant.add', 'user jane', 'admin'],
        [3, 'grant.add', 'user jane', 'editor'],
        [4, 'grant.add', 'user joe', 'viewer'],
        [5, 'team.create', 'team @told:risk', null],
      ],
    );
    const given = events[3];
    t.deepEqual([given?.actor, given?.reason], ['jane', 'joins the desk']);
    t.regex(given?.token ?? '', /^token \d+$/);
    t.truthy(given?.requestId);
    const seqs = async (query: string) =>
      (await read(`/projects/told/audit?${query}`, joe)).events.map(({ seq }) => seq);
    t.deepEqual(await seqs('action=grant.*'), [2, 3, 4]);
    t.deepEqual(await seqs('action=grant.*&after=2&limit=1'), [3]);
    t.deepEqual(await seqs('subject=user%20joe'), [4]);
    t.deepEqual(await seqs('actor=joe'), []);
    t.deepEqual(await seqs('to=2020-01-01'), []);
    t.deepEqual(
      await seqs(`from=2020-01-01&to=${new Date(Date.now() + 60_000).toISOString()}`),
      [1, 2, 3, 4, 5],
    );
    const first = await read('/projects/told/audit?limit=2');
    t.is(first.next, 2);
    t.is((await read(`/projects/told/audit?limit=3&after=${first.next}`)).next, null);
    t.is((await ask('/projects/told/audit?from=yesterday')).status, 400);
  });

  test(`an export verifies by itself, and as CSV holds no formulas ${on}`, async t => {
    await make('filed');
    const evil = { name: 'risk', description: '' };
    await ask('/projects/filed/teams', jsonBody('POST', evil));
    const grant = { team: 'risk', role: 'viewer', reason: '=HYPERLINK("https://example.com","x")' };
    await ask('/projects/filed/grants', jsonBody('POST', grant));
    const answer = await ask('/projects/filed/audit/export', {}, registry.adminToken);
    t.is(answer.headers.get('content-type'), 'application/jsonl');
    t.regex(answer.headers.get('content-disposition') ?? '', /filename="audit-filed\.jsonl"/);
    const verdict = verify(await answer.text());
    t.deepEqual(verdict.problems, []);
    t.deepEqual([verdict.events, verdict.checkpoints.length], [5, 1]);
    const csv = await (await ask('/projects/filed/audit/export?format=csv')).text();
    const lines = csv.trimEnd().split('\r\n');
    t.is(lines.length, 6);
    t.true(lines[0]?.startsWith('"chain","seq","at"'));
    t.true(csv.includes(`"'=HYPERLINK(""https://example.com"",""x"")"`));
    t.false(/(?:^|,|\n)"?[=+\-@\t\r]/m.test(csv), 'no cell begins as a formula does');
    const some = verify(await (await ask('/projects/filed/audit/export?action=grant.*')).text());
    t.deepEqual([some.filtered, some.faults, some.events], [true, 0, 3]);
  });

  test(`checkpoints are signed on demand, and now and then ${on}`, async t => {
    const own = await start(t, { limits: { checkpointInterval: 50 } });
    await own.request('/projects', jsonBody('POST', { project: 'signed' }));
    const known = async () =>
      listed.parse(await (await own.request('/projects/signed/audit/checkpoints')).json()).checkpoints;
    const deadline = Date.now() + 20_000;
    while ((await known()).length === 0 && Date.now() < deadline) await new Promise(r => setTimeout(r, 25));
    t.is((await known())[0]?.size, 3);
    await own.request('/projects/signed/teams', jsonBody('POST', { name: 'risk' }));
    const signed = await own.request('/projects/signed/audit/checkpoints', { method: 'POST' });
    t.is(signed.status, 201);
    t.like(signedCheckpointSchema.parse(await signed.json()), { chain: '@signed', size: 4 });
    t.deepEqual(
      (await known()).map(({ size }) => size),
      [4, 3],
    );
    const head = z
      .object({ head: z.object({ publicKey: z.string() }) })
      .or(z.object({ publicKey: z.string() }).transform(one => ({ head: one })))
      .parse(await (await own.request('/log')).json());
    t.is((await known())[0]?.publicKey, head.head.publicKey, 'the key by which the log is known');
  });

  test(`the audit of a project is for its members, that of the registry for its admins ${on}`, async t => {
    await make('closed');
    for (const rest of ['', '/export', '/checkpoints']) {
      t.is((await ask(`/projects/closed/audit${rest}`, {}, joe)).status, 404, rest);
      t.is((await ask(`/audit${rest}`)).status, 403, rest);
      t.is((await ask(`/audit${rest}`, {}, registry.adminToken)).status, 200, rest);
    }
    t.is((await ask('/projects/closed/audit/checkpoints', { method: 'POST' }, joe)).status, 404);
    t.is((await ask('/audit/checkpoints', { method: 'POST' })).status, 403);
  });

  test(`rows that many transactions add at once are numbered without gaps, and verify ${on}`, async t => {
    await make('busy');
    const names = Array.from({ length: 20 }, (_, at) => `team-${at}`);
    const made = await Promise.all(
      names.map(name => ask('/projects/busy/teams', jsonBody('POST', { name }))),
    );
    t.true(made.every(({ status }) => status === 201));
    const verdict = verify(await (await ask('/projects/busy/audit/export')).text());
    t.deepEqual(verdict.problems, []);
    t.deepEqual([verdict.first, verdict.last, verdict.events], [1, 23, 23]);
  });
}
