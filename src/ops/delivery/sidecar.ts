import type { IncomingMessage, ServerResponse } from 'node:http';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { PromptAnswer } from '../../client/index.js';
import { PrompdError } from '../../core/errors.js';
import type { DeliveryClients } from './delivery-clients.js';
import { deliveryProblem, sendProblem } from './delivery-problem.js';
import { readJsonRequest } from './local-server.js';
import type { SidecarEvents } from './sidecar-events.js';

/** Prompts of a batch that are looked up at once. */
const AT_ONCE = 16;

const selection = {
  tag: z.string().optional(),
  version: z.string().optional(),
  model: z.string().optional(),
  key: z.string().optional(),
};
const renderSchema = z.object({ ...selection, parameters: z.record(z.string(), z.unknown()).default({}) });
const batchSchema = z.object({
  prompts: z
    .array(z.object({ ...selection, package: z.string(), prompt: z.string() }))
    .min(1)
    .max(100),
});
const feedbackSchema = z.strictObject({
  package: z.string(),
  prompt: z.string(),
  version: z.string(),
  key: z.string().optional(),
  outcome: z.string(),
  score: z.number().optional(),
  note: z.string().optional(),
});

/** Answers the requests of the delivery protocol from runtime clients. */
export class Sidecar {
  constructor(
    private readonly clients: DeliveryClients,
    private readonly events: SidecarEvents,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response, new URL(request.url ?? '/', 'http://localhost'));
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendProblem(response, deliveryProblem(error));
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { method = 'GET' } = request;
    const parts = partsOf(url.pathname);
    const [first, ...rest] = parts;
    if (method === 'GET' && parts.join('/') === 'health') return sendJson(response, { status: 'ok' });
    if (first !== 'delivery') throw noRoute(url);
    const [name, prompt, action, ...more] = packageFirst(rest);
    if (name === undefined || more.length > 0) throw noRoute(url);
    if (prompt === undefined) {
      if (method === 'GET' && name === 'events') return this.events.open(request, response, url);
      if (method === 'POST' && name === 'batch') return this.#batch(request, response);
      if (method === 'POST' && name === 'feedback') return this.#feedback(request, response);
      throw noRoute(url);
    }
    const reference = `${name}:${prompt}`;
    const client = await this.clients.of(reference);
    if (method === 'POST' && action === 'render') {
      const { parameters, ...selected } = checked(renderSchema, await readJsonRequest(request));
      return sendJson(response, await client.render(reference, parameters, selected));
    }
    if (method !== 'GET' || action !== undefined) throw noRoute(url);
    const answer = await client.get(reference, selectionOf(url));
    const etag = etagOf(answer);
    const headers = {
      etag,
      'cache-control': 'private, max-age=0',
      'prompd-delivery': `${answer.stale ? 'stale' : 'fresh'};source="${answer.source}";age=${Math.floor(answer.age)}`,
    };
    if (request.headers['if-none-match'] === etag) response.writeHead(304, headers).end();
    else sendJson(response, answer, headers);
  }

  async #batch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompts } = checked(batchSchema, await readJsonRequest(request));
    const turn = pLimit(AT_ONCE);
    const one = async ({ package: name, prompt, ...selected }: (typeof prompts)[number]) => {
      try {
        const reference = `${name}:${prompt}`;
        const client = await this.clients.of(reference);
        return { status: 200, ...(await client.get(reference, selected)) };
      } catch (error) {
        const problem = deliveryProblem(error);
        return { status: problem.status, problem };
      }
    };
    sendJson(response, { results: await Promise.all(prompts.map(entry => turn(() => one(entry)))) });
  }

  async #feedback(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const report = checked(feedbackSchema, await readJsonRequest(request));
    const client = await this.clients.of(`${report.package}:${report.prompt}`);
    await client.report(report);
    response.writeHead(202).end();
  }
}

/** Decoded segments of a path. @throws PrompdError EUSAGE for one that cannot be decoded */
function partsOf(pathname: string): string[] {
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch (cause) {
    throw new PrompdError('EUSAGE', 'The path of the request is not encoded well.', { cause });
  }
}

/** `@bank/kyc` may be one segment, encoded, or two. */
function packageFirst([name, ...rest]: readonly string[]): (string | undefined)[] {
  if (name === undefined || !name.startsWith('@') || name.includes('/')) return [name, ...rest];
  return [`${name}/${rest[0] ?? ''}`, ...rest.slice(1)];
}

function selectionOf({ searchParams }: URL) {
  const of = (name: string) => searchParams.get(name) ?? undefined;
  return { tag: of('tag'), version: of('version'), model: of('model'), key: of('key') };
}

function etagOf({ digest, version, tag, deprecated, compatibility }: PromptAnswer): string {
  const note =
    deprecated === undefined ? '' : `-${Buffer.from(deprecated).toString('base64url').slice(0, 64)}`;
  return `"${digest}-${version}-${tag ?? ''}${note}${compatibility ? `-${compatibility.status}` : ''}"`;
}

function checked<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PrompdError(
    'EUSAGE',
    `The request cannot be read at "${issue?.path.join('.') ?? ''}": ${issue?.message}.`,
  );
}

function sendJson(response: ServerResponse, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

function noRoute({ pathname }: URL): PrompdError {
  return new PrompdError('EUSAGE', `There is nothing at ${pathname.slice(0, 200)}.`, {
    hint: 'See docs/sdk.md for what the sidecar answers.',
  });
}
