import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { npmClient } from '../../support/npm-clients.js';
import { jsonBody, startTestRegistry } from '../../support/registry.js';
import { startNotingRegistry } from './stage.js';

const FORM = 'application/x-www-form-urlencoded';

test('npm signs in by a page in the browser, and its logout ends the token', async t => {
  const registry = await startNotingRegistry(t);
  const token = await registry.tokenOf('jane', 'publish');
  const client = npmClient(t, { url: registry.url, token: 'prompd_ended_long_ago' });
  let confirmed: Promise<void> | undefined;
  await client.expect(['login', '--browser=false'], {
    onOutput(output) {
      const [address] = /http:\S+\/-\/v1\/login\/\S+/.exec(output) ?? [];
      if (address !== undefined) confirmed ??= confirm(address);
    },
  });
  await confirmed;
  t.true(readFileSync(path.join(client.home, '.npmrc'), 'utf8').includes(token));
  t.is((await client.expect(['whoami'])).trim(), 'jane');
  t.regex(await client.expect(['token', 'list', '--json']), /"user": ?"jane"/);
  await client.expect(['logout']);
  t.is((await registry.request('/whoami', { token })).status, 401);
  const told = registry.asked().join('\n');
  t.false(told.includes(token), 'no token stands in the log');
  t.regex(told, /DELETE \/npm\/-\/user\/token\/\*\*\* 200/);

  async function confirm(address: string): Promise<void> {
    const page = await fetch(address);
    t.is(page.status, 200);
    t.regex(
      page.headers.get('content-security-policy') ?? '',
      /^default-src 'none'; .*frame-ancestors 'none'/,
    );
    t.regex(await page.text(), /<form method="post">/);
    const wrong = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ token: 'prompd_wrong_one' }),
    });
    t.is(wrong.status, 401);
    const elsewhere = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { 'content-type': FORM, origin: 'https://example.com' },
    });
    t.is(elsewhere.status, 403);
    const done = await fetch(address, {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: { 'content-type': FORM, origin: registry.url, 'sec-fetch-site': 'same-origin' },
    });
    t.is(done.status, 200);
    t.regex(await done.text(), /signed in as <strong>jane<\/strong>/);
  }
});

test('npm signs in without a browser, a token of the user being the password', async t => {
  const registry = await startNotingRegistry(t);
  const token = await registry.tokenOf('jane', 'publish');
  const client = npmClient(t, { url: registry.url, token: undefined });
  const answers = async (user: string, password: string) => {
    const { code } = await client.run(['login', '--auth-type=legacy'], {
      answers: [
        [/username/i, user],
        [/password/i, password],
      ],
    });
    return code;
  };
  t.not(await answers('bob', token), 0, "another user's token is no password");
  t.is(await answers('jane', token), 0);
  t.true(readFileSync(path.join(client.home, '.npmrc'), 'utf8').includes(token));
});

test('a login is confirmed once, and its token given away once', async t => {
  let now = new Date('2026-01-01T00:00:00Z');
  const registry = await startTestRegistry(t, { now: () => now });
  const token = await registry.token('read');
  const { loginUrl, doneUrl } = await offer();
  t.is((await fetch(doneUrl)).status, 202);
  t.is((await fetch(doneUrl)).headers.get('retry-after'), '1');
  const confirm = (address: string) =>
    fetch(address, { method: 'POST', body: new URLSearchParams({ token }) });
  t.is((await confirm(loginUrl)).status, 200);
  t.is((await confirm(loginUrl)).status, 404);
  t.deepEqual(await (await fetch(doneUrl)).json(), { token });
  t.is((await fetch(doneUrl)).status, 404);
  t.is((await confirm(loginUrl)).status, 404);

  const late = await offer();
  now = new Date('2026-01-01T00:10:01Z');
  t.is((await fetch(late.loginUrl)).status, 404);
  t.is((await fetch(late.doneUrl)).status, 404);

  const swapped = await offer();
  t.is((await fetch(swapped.loginUrl.replace('/login/', '/done/'))).status, 404);
  t.is((await fetch(swapped.doneUrl.replace('/done/', '/login/'))).status, 404);
  t.is((await fetch(`${swapped.loginUrl}x`)).status, 404);

  const [, page = ''] =
    /<strong>(.*?)<\/strong>/.exec(await (await fetch((await offer('<b>"x"&')).loginUrl)).text()) ?? [];
  t.is(page, '&#60;b&#62;&#34;x&#34;&#38;');

  async function offer(hostname?: string): Promise<{ loginUrl: string; doneUrl: string }> {
    const answer = await registry.request('/npm/-/v1/login', {
      ...jsonBody('POST', { hostname }),
      token: null,
    });
    t.is(answer.status, 200);
    const body: unknown = await answer.json();
    const read = (key: string) => String(typeof body === 'object' && body !== null && Reflect.get(body, key));
    return { loginUrl: read('loginUrl'), doneUrl: read('doneUrl') };
  }
});
