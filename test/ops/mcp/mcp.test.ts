import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpError, PromptListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import test, { type ExecutionContext } from 'ava';
import { type McpHttpOptions, serveMcpOnHttp } from '#prompd/ops/mcp/mcp.js';
import { eventually } from '../../client/support.js';
import { testContext } from '../../support/context.js';
import { type DeliveryServer, startDeliveryServer } from '../../support/delivery-server.js';
import { tempDir } from '../../support/temp.js';

const GREETING = `---
name: greeting
version: 1.0.0
description: Greets somebody
parameters:
  - name: who
    type: string
    required: true
    description: Whom to greet
  - name: times
    type: integer
    default: 1
---

# System

Be kind.

# User

Greet {who} {times} times.

# Assistant

Hello!
`;

const manifest = (prompts: Record<string, string>) =>
  JSON.stringify({ name: '@acme/greetings', version: '1.0.0', description: 'Greets', prompts });

/** A folder with one package that is being written. */
function project(t: ExecutionContext): string {
  const dir = tempDir(t);
  writeFileSync(path.join(dir, 'prompd.json'), manifest({ greeting: 'greeting.prompd' }));
  writeFileSync(path.join(dir, 'greeting.prompd'), GREETING);
  return dir;
}

const newClient = (t: ExecutionContext): Client => {
  const client = new Client({ name: 'test', version: '1.0.0' });
  t.teardown(() => client.close());
  return client;
};

async function overStdio(t: ExecutionContext, cwd: string, ...args: string[]): Promise<Client> {
  const client = newClient(t);
  const command = path.join(import.meta.dirname, '../../../../bin/prompd.js');
  const env = { PATH: process.env['PATH'] ?? '', PROMPD_HOME: path.join(cwd, '.prompd') };
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [command, 'mcp', ...args],
      cwd,
      env,
      stderr: 'ignore',
    }),
  );
  return client;
}

async function overHttp(
  t: ExecutionContext,
  options: Partial<McpHttpOptions> & { server: DeliveryServer; cwd?: string },
): Promise<{ client: Client; url: string; stop: () => Promise<void> }> {
  const { server, cwd = tempDir(t), ...rest } = options;
  const context = await testContext({ cwd, env: { PROMPD_REGISTRY: server.url } });
  let interrupt = () => {};
  const interrupted = new Promise<void>(resolve => {
    interrupt = resolve;
  });
  const { url, stopped } = await serveMcpOnHttp(
    { ...context, interrupted: () => interrupted },
    { port: 0, references: ['@bank/kyc:summary'], project: false, deadlineMs: 5_000, ...rest },
  );
  const stop = async () => {
    interrupt();
    await stopped;
  };
  t.teardown(stop);
  const client = newClient(t);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return { client, url, stop };
}

test("the project's prompts are listed and filled in over stdio, with texts read by their types", async t => {
  const client = await overStdio(t, project(t));
  t.deepEqual(await client.listPrompts(), {
    prompts: [
      {
        name: '@acme/greetings:greeting',
        description: 'Greets somebody',
        arguments: [
          { name: 'who', required: true, description: 'Whom to greet' },
          { name: 'times', required: false },
        ],
      },
    ],
  });
  const { messages } = await client.getPrompt({
    name: '@acme/greetings:greeting',
    arguments: { who: 'Ada {{ x }}', times: '3' },
  });
  t.deepEqual(messages, [
    { role: 'user', content: { type: 'text', text: 'Be kind.' } },
    { role: 'user', content: { type: 'text', text: 'Greet Ada {{ x }} 3 times.' } },
    { role: 'assistant', content: { type: 'text', text: 'Hello!' } },
  ]);
  const error = await t.throwsAsync(
    client.getPrompt({ name: '@acme/greetings:greeting', arguments: { times: 'x' } }),
    {
      instanceOf: McpError,
    },
  );
  t.regex(error?.message ?? '', /who/);
  await t.throwsAsync(client.getPrompt({ name: '@acme/greetings:none' }), { instanceOf: McpError });
});

test('a client is told when the project changes', async t => {
  const dir = project(t);
  const client = await overStdio(t, dir);
  let changes = 0;
  client.setNotificationHandler(PromptListChangedNotificationSchema, () => {
    changes += 1;
  });
  await client.listPrompts();
  writeFileSync(path.join(dir, 'second.prompd'), readFileSync(path.join(dir, 'greeting.prompd')));
  writeFileSync(
    path.join(dir, 'prompd.json'),
    manifest({ greeting: 'greeting.prompd', second: 'second.prompd' }),
  );
  await eventually('it is told', () => changes > 0);
  t.is((await client.listPrompts()).prompts.length, 2);
});

test('prompts of a channel are offered over HTTP, with where they come from, and a move is told', async t => {
  const server = await startDeliveryServer(t);
  const { client } = await overHttp(t, { server });
  let changes = 0;
  client.setNotificationHandler(PromptListChangedNotificationSchema, () => {
    changes += 1;
  });
  const { prompts } = await client.listPrompts();
  t.deepEqual(prompts, [{ name: '@bank/kyc:summary', arguments: [{ name: 'name', required: true }] }]);
  const filled = await client.getPrompt({ name: '@bank/kyc:summary', arguments: { name: 'Ada' } });
  t.deepEqual(filled.messages[1]?.content, { type: 'text', text: 'Summarise Ada.' });
  t.like(filled._meta, { prompd: { version: '1.0.0', tag: 'production', stale: false } });
  await eventually('it listens', () => server.listeners === 1);
  server.move('production', '2.0.0');
  await eventually('it is told', () => changes > 0);
  const next = await client.getPrompt({ name: '@bank/kyc:summary', arguments: { name: 'Ada' } });
  t.deepEqual(next.messages[0]?.content, { type: 'text', text: 'You are version 2.0.0.' });
});

test('prompts of a channel and of the project stand side by side, and a revoked one is not given', async t => {
  const server = await startDeliveryServer(t);
  const { client } = await overHttp(t, { server, cwd: project(t), project: true });
  const { prompts } = await client.listPrompts();
  t.deepEqual(
    prompts.map(({ name }) => name),
    ['@bank/kyc:summary', '@acme/greetings:greeting'],
  );
  server.revoke('1.0.0');
  await eventually('it is refused', async () => {
    const given = await client
      .getPrompt({ name: '@bank/kyc:summary', arguments: { name: 'x' } })
      .catch(() => undefined);
    return given === undefined;
  });
  t.is((await client.listPrompts()).prompts.length, 1);
});

test('a request without a session, for another host or to another path is refused', async t => {
  const { url } = await overHttp(t, { server: await startDeliveryServer(t) });
  t.is((await fetch(url, { headers: { accept: 'text/event-stream' } })).status, 400);
  t.is((await fetch(url, { headers: { 'mcp-session-id': 'made-up' } })).status, 404);
  t.is((await fetch(new URL('/', url))).status, 404);
});

test('it stops while a client listens', async t => {
  const { client, stop } = await overHttp(t, { server: await startDeliveryServer(t) });
  await client.listPrompts();
  await stop();
  await t.throwsAsync(client.listPrompts());
});
