import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { z } from 'zod';
import { startReceiver } from '../support/receiver.js';
import { archiveBody, jsonBody, packTest } from '../support/registry.js';
import { ADMIN_TOKEN, startServerProcess } from '../support/server-process.js';
import { tempDir } from '../support/temp.js';

const ADVISORY = { package: '@acme/tone', vulnerable: '<2.0.0', severity: 'high' };
/** A server that died while it sent a message leaves it alone for a minute. */
const PATIENCE = 240_000;

test('kill -9 while messages are on their way loses none of them', async t => {
  t.timeout(600_000);
  const dataDir = tempDir(t);
  let holds = true;
  const held: (() => void)[] = [];
  const receiver = await startReceiver(t, response => {
    const answer = () => void response.writeHead(204).end();
    if (holds) held.push(answer);
    else answer();
  });
  const start = () => startServerProcess(t, dataDir, { PROMPD_WEBHOOK_HOSTS: '127.0.0.0/8' });
  const send = async (url: string, init: RequestInit) => {
    const headers = { ...init.headers, authorization: `Bearer ${ADMIN_TOKEN}` };
    const answer = await fetch(url, { ...init, headers });
    t.is(answer.status, 201, await answer.clone().text());
    return answer;
  };
  const told: string[] = [];
  const warn = async (url: string, title: string) => {
    const answer = await send(`${url}/advisories`, jsonBody('POST', { ...ADVISORY, title }));
    told.push(z.object({ id: z.string() }).parse(await answer.json()).id);
  };

  let server = await start();
  const { bytes } = await packTest({ name: '@acme/tone', version: '1.0.0' });
  await send(`${server.url}/packages`, archiveBody(bytes));
  await send(`${server.url}/webhooks`, jsonBody('POST', { url: receiver.url, packages: ['@acme/tone'] }));
  for (let round = 0; round < 3; round++) {
    for (let at = 0; at < 6; at++) await warn(server.url, `Round ${round}, warning ${at}`);
    // The first time nothing is sent yet, then something is, and nothing of it is noted.
    await delay(round * 400);
    server.process.kill('SIGKILL');
    await server.exit;
    server = await start();
  }
  holds = false;
  for (const answer of held) answer();

  const message = z.object({ data: z.object({ advisory: z.object({ id: z.string() }) }) });
  const arrived = () =>
    new Set(receiver.received.map(({ body }) => message.parse(JSON.parse(body)).data.advisory.id));
  for (const end = Date.now() + PATIENCE; Date.now() < end && arrived().size < told.length; )
    await delay(250);
  t.deepEqual([...arrived()].sort(), told.sort());
});
