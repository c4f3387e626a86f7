import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { z } from 'zod';
import { PrompdError } from '#prompd/core/errors.js';
import { whoami } from '#prompd/ops/registry/account.js';
import {
  createUser,
  disableUser,
  endUserSessions,
  listUsers,
  setUserAdmin,
  setUserPassword,
  showUser,
} from '#prompd/ops/registry/user.js';
import { styleFor } from '#prompd/output/style.js';
import { endedSessionsText, shownUserText, userChangeText, usersText } from '#prompd/output/user.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async () => {});
const plain = styleFor(false);
const undo: (() => void | Promise<void>)[] = [];
test.after.always('folders are gone', async () => {
  for (const step of undo) await step();
});

const as = (token: string, more: { stdin?: string; askSecret?: () => Promise<string> } = {}) =>
  testContext({
    cwd: tempDir({ teardown: step => void undo.push(step) }),
    env: { PROMPD_REGISTRY: registry().url, PROMPD_TOKEN: token },
    ...more,
  });

async function signIn(name: string, password: string): Promise<Response> {
  return registry().request('/auth/sign-in', {
    method: 'POST',
    token: null,
    headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ name, password }),
  });
}

const code = async (work: Promise<unknown>) =>
  work.then(
    () => 'nothing',
    (error: unknown) => (error instanceof PrompdError ? error.code : String(error)),
  );

test.serial('an administrator makes users, gives them a new password, and ends their sessions', async t => {
  const admin = await as(registry().adminToken, { stdin: 'correct horse battery\n' });
  const made = await createUser(
    admin,
    { name: 'jane', displayName: 'Jane Low', email: undefined, reason: 'joins the team' },
    true,
  );
  t.is(userChangeText(made, 'made', plain), 'made jane (user)');
  t.is((await signIn('jane', 'correct horse battery')).status, 200);
  t.is(await code(createUser(admin, { name: 'Jane' }, false)), 'EUSAGE');
  const shown = await showUser(admin, 'jane');
  t.is(shown.sessions.length, 1);
  t.regex(
    shownUserText(shown, plain),
    /name +jane\ncalled +Jane Low\nstate +user\npassword +set\n.*\nsession +/s,
  );

  const typed = ['another horse battery', 'another horse battery'];
  const terminal = await as(registry().adminToken, { askSecret: async () => typed.shift() ?? '' });
  await setUserPassword(terminal, 'jane', 'forgot the old one');
  t.is((await signIn('jane', 'correct horse battery')).status, 401);
  t.is((await signIn('jane', 'another horse battery')).status, 200);
  t.is(await code(setUserPassword(await as(registry().adminToken), 'jane')), 'EUSAGE', 'nothing came in');
  const mistyped = ['one horse battery', 'two horse battery'];
  const clumsy = await as(registry().adminToken, { askSecret: async () => mistyped.shift() ?? '' });
  t.is(await code(setUserPassword(clumsy, 'jane')), 'EUSAGE');

  t.is(
    endedSessionsText(await endUserSessions(admin, 'jane', 'lost a laptop'), plain),
    'jane: 1 session is over',
  );
  t.deepEqual((await showUser(admin, 'jane')).sessions, []);
});

test.serial('a disabled user gets nowhere until they are let in again', async t => {
  const admin = await as(registry().adminToken);
  const token = await registry().tokenOf('kim', 'read');
  const kim = await as(token);
  t.is((await whoami(kim)).name, 'kim');
  await disableUser(admin, 'kim', { disabled: true, reason: 'left the bank' });
  t.is(await code(whoami(kim)), 'EAUTH');
  t.regex(usersText(await listUsers(admin, 'kim'), plain), /^kim +user, disabled \d{4}-\d\d-\d\d$/);
  await disableUser(admin, 'kim', { disabled: false });
  t.is((await whoami(kim)).name, 'kim');
  t.like(await setUserAdmin(admin, 'kim', { admin: true, reason: 'stands in for Joe' }), {
    user: { name: 'kim', admin: true },
  });
  t.is(await code(disableUser(admin, 'admin', { disabled: true })), 'EUSAGE', 'nobody shuts themselves out');
});

test.serial('why a user was made, changed or signed out stands in the audit', async t => {
  const rows = await (await registry().request('/audit?limit=250')).json();
  const { events } = z
    .object({ events: z.array(z.object({ action: z.string(), reason: z.string().nullish() }).loose()) })
    .parse(rows);
  const said = events.flatMap(({ action, reason }) => (reason ? [`${action}: ${reason}`] : []));
  for (const why of [
    'user.create: joins the team',
    'user.change: forgot the old one',
    'session.end: lost a laptop',
    'user.change: left the bank',
    'user.change: stands in for Joe',
  ])
    t.true(said.includes(why), why);
});

test.serial('who does not administer the registry learns nothing of its users', async t => {
  const user = await as(await registry().tokenOf('lee', 'read', 'publish'));
  t.is(await code(listUsers(user, undefined)), 'EFORBIDDEN');
  t.is(await code(showUser(user, 'kim')), 'EFORBIDDEN');
  t.is(await code(endUserSessions(user, 'kim')), 'EFORBIDDEN');
  t.is(await code(showUser(await as(registry().adminToken), 'nobody-of-that-name')), 'ENOUSER');
});

test('more users than one answer holds are all listed', async t => {
  const names = Array.from({ length: 260 }, (_, at) => `many-${at}`);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://registry');
    const [offset, limit] = [Number(url.searchParams.get('offset')), Number(url.searchParams.get('limit'))];
    const users = names.slice(offset, offset + limit).map(name => ({
      ...{ name, displayName: '', email: null, admin: false, hasPassword: false },
      ...{ disabledAt: null, createdAt: '2026-01-01T00:00:00Z' },
    }));
    const answers: Record<string, unknown> = {
      '/users': { users },
      '/.well-known/registry.json': { kind: 'prompd', capabilities: [] },
    };
    const answer = answers[url.pathname];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>(resolve => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const context = await testContext({
    cwd: tempDir(t),
    env: { PROMPD_REGISTRY: url, PROMPD_TOKEN: 'prompd_of-nobody' },
  });
  t.is((await listUsers(context, undefined)).users.length, 260);
  names.length = 0;
  t.is(usersText(await listUsers(context, 'x'), plain), `There is no such user at ${url}.`);
});
