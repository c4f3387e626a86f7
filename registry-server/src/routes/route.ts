import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import type { Actor } from '../domain/actor.js';
import { type Action, type Authorize, REGISTRY, type Subject } from '../domain/authorize.js';
import { type ProblemCode, RequestError } from '../domain/problem-document.js';
import { askForBody } from '../middleware/expect-continue.js';
import type { FoundPackage } from '../services/package-reader.js';
import type { Services } from '../services/services.js';
import type { Limits } from '../settings.js';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** What a handler has beside its checked input. */
export interface Call {
  readonly actor: Actor;
  readonly services: Services;
  readonly request: Request;
  readonly response: Response;
  /** Where the registry is reached, without a slash at the end. */
  readonly baseUrl: string;
  readonly limits: Limits;
}

export interface Input<P, Q, B, S> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly subject: S;
}

export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** The content type, where it is not JSON. */
  readonly contentType?: string;
}

/** One address of the registry: all that checks, authorises, answers and documents it. */
export interface RouteSpec<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  S extends Subject,
> {
  readonly method: Method;
  /** As Express writes it, `/packages/:name`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly action: Action;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Largest body, in bytes, where it may be larger than others. */
  readonly bodyBytes?: number;
  /** The body is an archive, which the handler reads. */
  readonly upload?: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (input: Input<z.infer<P>, z.infer<Q>, z.infer<B>, S>, call: Call) => Promise<void>;
}

/** A route whose types are settled. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly action: Action;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType | undefined;
  readonly bodyBytes: number | undefined;
  readonly upload: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly run: (call: Call, authorize: Authorize) => Promise<void>;
}

const NOTHING = z.strictObject({});

/** A route about the registry as a whole. */
export function defineRoute<
  P extends z.ZodObject = typeof NOTHING,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, Subject>): Route {
  return settle(spec, async () => REGISTRY);
}

/** A route about one package, which is looked up and authorised before the handler runs. */
export function definePackageRoute<
  P extends z.ZodObject<{ name: z.ZodString }>,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, FoundPackage>): Route {
  return settle(spec, (name, { reader }) => reader.find(name));
}

function settle<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, S extends Subject>(
  spec: RouteSpec<P, Q, B, S>,
  subjectOf: (name: string, services: Services) => Promise<S>,
): Route {
  const { params = NOTHING, query = NOTHING, body, bodyBytes, upload = false } = spec;
  return {
    ...spec,
    params,
    query,
    body,
    bodyBytes,
    upload,
    async run(call, authorize) {
      const { actor, request, services } = call;
      const input = {
        params: parse(params, request.params, 'path') as z.infer<P>,
        query: parse(query, { ...request.query }, 'query') as z.infer<Q>,
        body: (body ? parse(body, request.body, 'body') : undefined) as z.infer<B>,
      };
      const subject = await subjectOf(String(request.params['name']), services);
      authorize(actor, spec.action, subject);
      await spec.handle({ ...input, subject }, call);
    },
  };
}

/**
 * Puts routes on a router. It is the only place that does, so that no route goes without authorisation: for the action
 * as such, before anything is read or looked up, and then for its subject.
 */
export function mount(
  router: Router,
  routes: readonly Route[],
  {
    callOf,
    authorize,
    limits,
  }: {
    callOf: (request: Request, response: Response) => Promise<Call>;
    authorize: Authorize;
    limits: Limits;
  },
): void {
  for (const route of routes) {
    const maxBytes = route.bodyBytes ?? limits.jsonBytes;
    const json = express.json({
      limit: maxBytes,
      strict: true,
      type: 'application/json',
      reviver: refusePrototype,
    });
    router[route.method](route.path, async (request, response) => {
      const call = await callOf(request, response);
      authorize(call.actor, route.action, REGISTRY);
      if (route.path.startsWith('/packages')) {
        // What is there for one may not be there for another; a handler may allow more.
        response.set('vary', 'authorization').set('cache-control', 'no-cache');
      }
      if (route.body) {
        assertJson(request, maxBytes);
        askForBody(request, response);
        await readJson(json, request, response);
      }
      await route.run(call, authorize);
    });
  }
}

/** @throws RequestError EMEDIATYPE, ETOOLARGE for a body of which the headers say enough */
function assertJson(request: Request, maxBytes: number): void {
  if (request.is('application/json') === false) {
    throw new RequestError('EMEDIATYPE', 'The body must be JSON.', {
      hint: 'Send the header "content-type: application/json".',
    });
  }
  if (Number(request.get('content-length') ?? 0) > maxBytes) {
    throw new RequestError('ETOOLARGE', `The body is larger than ${maxBytes} bytes.`, {
      facts: { limit: maxBytes },
    });
  }
}

/** Reads the body into `request.body`, once the caller is known to be allowed to send one. */
async function readJson(json: RequestHandler, request: Request, response: Response): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    json(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
}

/** A member of this name would be dropped without a word on the way into an object. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('A member is named __proto__.');
  return value;
}

function parse<S extends z.ZodType>(schema: S, raw: unknown, where: string): z.infer<S> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const lines = issues.slice(0, 20).map(({ path, message }) => `${[where, ...path].join('.')}: ${message}`);
  throw new RequestError(codeOf(issues), `The request is not valid: ${lines[0] ?? where}.`, {
    facts: { problems: lines },
  });
}

/** A rule may name the code that it stands for. */
function codeOf(issues: readonly z.core.$ZodIssue[]): ProblemCode {
  for (const issue of issues) {
    if (issue.code === 'custom' && issue.params?.['problem'] === 'EBADNAME') return 'EBADNAME';
    if (issue.code === 'custom' && issue.params?.['problem'] === 'EBADVERSION') return 'EBADVERSION';
  }
  return 'EBADREQUEST';
}
