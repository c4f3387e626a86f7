import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import { OPEN_POLICY } from '../support/policy.js';
import { jsonBody, type TestRegistry } from '../support/registry.js';

export const SUMMARY = `---
name: summary
parameters:
  - name: topic
    required: true
---
# User
Summarise {topic}.
`;
export const BASE = '/projects/bank/modules';

interface Sent {
  readonly status: number;
  readonly etag: string;
  readonly body: Record<string, unknown>;
}

type Assertions = Pick<ExecutionContext, 'is'>;

/** A project, in which `ed` is admin, `eve` writes and `viewer` reads, and what these tests do in it. */
export async function draftsScene(registry: TestRegistry) {
  const ed = await registry.tokenOf('ed', 'publish');
  const viewer = await registry.tokenOf('vera', 'publish');
  const eve = await registry.tokenOf('eve', 'publish');
  const outsider = await registry.tokenOf('otto', 'publish');
  await send('POST', '/projects', { project: 'bank' }, {});
  // These tests are about drafts: nobody has to approve.
  await send('PUT', '/projects/bank/policy', { policy: OPEN_POLICY }, {});
  await send('POST', '/projects/bank/grants', { user: 'eve', role: 'editor' }, {});
  await send('POST', '/projects/bank/grants', { user: 'vera', role: 'viewer' }, {});

  /** Sends as `ed`, unless another token is named; everything else in the last parameter is a header. */
  async function send(
    method: string,
    path: string,
    body: object | undefined,
    { token = ed, ...headers }: { token?: string } & Record<string, string>,
  ): Promise<Sent> {
    const init = body === undefined ? { method } : jsonBody(method, body);
    const answer = await registry.request(path, { ...init, headers: { ...init.headers, ...headers }, token });
    const text = await answer.text();
    return {
      status: answer.status,
      etag: answer.headers.get('etag') ?? '',
      body: text === '' ? {} : z.record(z.string(), z.unknown()).parse(JSON.parse(text)),
    };
  }
  const tagOf = async (path: string) => (await send('GET', path, undefined, {})).etag;
  const draftTag = (module: string) => tagOf(`${module}/draft`);

  return {
    ed,
    eve,
    viewer,
    outsider,
    send,
    tagOf,
    draftTag,
    promptTag: (module: string, prompt: string) => tagOf(`${module}/prompts/${prompt}`),
    fileTag: (module: string) => tagOf(`${module}/draft/files/prompd.json`),

    async newModule(t: Assertions, module: string, notes: object = {}): Promise<string> {
      const made = await send('POST', BASE, { module, ...notes }, {});
      t.is(made.status, 201, JSON.stringify(made.body));
      return `${BASE}/${module}`;
    },

    async write(
      t: Assertions,
      module: string,
      prompt: string,
      source: string,
      headers: Record<string, string>,
    ): Promise<Sent> {
      const written = await send('PUT', `${module}/prompts/${prompt}`, { source }, headers);
      t.is(written.status, 200, JSON.stringify(written.body));
      return written;
    },

    async commit(module: string): Promise<Record<string, unknown>> {
      const seen = { 'if-match': await draftTag(module) };
      const { status, body } = await send('POST', `${module}/draft/commit`, {}, seen);
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body;
    },

    async read(module: string, prompt: string): Promise<Record<string, unknown>> {
      return (await send('GET', `${module}/prompts/${prompt}`, undefined, {})).body;
    },

    async versionsIn(module: string, path: string, member: string): Promise<string[]> {
      const { body } = await send('GET', `${module}${path}`, undefined, {});
      return z
        .array(z.object({ version: z.string() }))
        .parse(body[member])
        .map(({ version }) => version);
    },

    async changesIn(module: string, prompt: string): Promise<[string, string][]> {
      const { body } = await send('GET', `${module}/prompts/${prompt}/history`, undefined, {});
      const { changes } = z
        .object({
          changes: z.array(z.object({ version: z.object({ version: z.string() }), change: z.string() })),
        })
        .parse(body);
      return changes.map(({ version, change }) => [version.version, change]);
    },
  };
}
