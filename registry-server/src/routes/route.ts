import type { Request, Response, Router } from 'express';
import { type PackageName, parsePackageName } from 'prompd/core';
import { z } from 'zod';
import type { Actor } from '../domain/actor.js';
import {
  type Action,
  type Authorize,
  type PackageSubject,
  type ProjectSubject,
  REGISTRY,
  type Subject,
} from '../domain/authorize.js';
import { isNpmPath } from '../domain/npm-problem.js';
import { type ProblemCode, RequestError } from '../domain/problem-document.js';
import { labelRoute } from '../observe/route-label.js';
import type { Credentials } from '../services/identity/authenticator.js';
import type { MirrorAge } from '../services/mirror.js';
import type { FoundPackage } from '../services/package-reader.js';
import type { Services } from '../services/services.js';
import type { Limits } from '../settings.js';
import { type BodyForm, bodyReader } from './body.js';
import type { projectScope } from './project-schemas.js';

export type Method = 'get' | 'post' | 'put' | 'delete';

/** What a handler has beside its checked input. */
export interface Call {
  readonly actor: Actor;
  readonly services: Services;
  readonly request: Request;
  readonly response: Response;
  /** Where the registry is reached, without a slash at the end. */
  readonly baseUrl: string;
  /** Host and port by which the registry is known for sure: not by what a request says. */
  readonly hosts: readonly string[];
  readonly limits: Limits;
  /** What had changed when the request came: an answer is kept only if nothing did since. */
  readonly began: number;
  /** What came with the request to say who asks. */
  readonly credentials: Credentials;
  /** What was forgotten about callers when the request came: a decision is remembered only if nothing was since. */
  readonly turn: number;
}

export interface Input<P, Q, B, S> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly subject: S;
}

/** A module, with what the caller is in its project for this package. */
export interface ModuleSubject extends ProjectSubject {
  readonly name: PackageName;
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
  /** How the body comes; a JSON object or array by default. */
  readonly bodyForm?: BodyForm;
  /** The body is an archive, which the handler reads. */
  readonly upload?: boolean;
  /** Nobody has to be somebody here: a token that has ended must not keep its user from signing in. */
  readonly ignoresToken?: boolean;
  /** Who asks may be known from before, while the database cannot be reached. */
  readonly survivesOutage?: boolean;
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
  readonly bodyForm: BodyForm;
  readonly upload: boolean;
  readonly ignoresToken: boolean;
  readonly survivesOutage: boolean;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly run: (call: Call, authorize: Authorize) => Promise<void>;
}

const NOTHING = z.strictObject({});
/** npm's clients add parameters that mean something to one registry or another. */
const ANYTHING = z.looseObject({});
/** Actions that change nothing that is answered to everybody. */
const READING = /\.(?:read|list|audit|watch|search|describe|whoami|report)$|^(?:identity|user)\./;

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
  return settle(spec, async ({ name }, { actor, services, response }) => {
    const found = await services.reader.find(String(name), actor);
    if (found.mirror) response.set('prompd-mirror', mirrorHeader(found.mirror));
    return found;
  });
}

/** A route about one package, which may be one of which its approvers have seen only what waits for them. */
export function defineReviewedPackageRoute<
  P extends z.ZodObject<{ name: z.ZodString }>,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, PackageSubject>): Route {
  return settle(spec, ({ name }, { actor, services }) => services.reader.findForReview(String(name), actor));
}

/**
 * A route about one project, `:project` in its path. What the caller is in it is looked up with each request, and
 * authorised before the handler runs.
 */
export function defineProjectRoute<
  P extends z.ZodObject<{ project: typeof projectScope }>,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, ProjectSubject>): Route {
  return settle(spec, async ({ project }, { actor, services }) => {
    const scope = String(project);
    return { kind: 'project', scope, standing: await services.projects.standing(actor, scope) };
  });
}

/** A route about a module of a project: a package as its project sees it, published or not. */
export function defineModuleRoute<
  P extends z.ZodObject<{ project: typeof projectScope; module: z.ZodString }>,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, ModuleSubject>): Route {
  return settle(spec, async ({ project, module }, { actor, services }) => {
    const name = parsePackageName(`${project}/${module}`);
    const standing = await services.modules.standing(actor, name);
    return { kind: 'project', scope: String(project), standing, name };
  });
}

/** A route about one package as applications get it delivered, also while the database cannot be reached. */
export function defineDeliveryRoute<
  P extends z.ZodObject<{ name: z.ZodString }>,
  Q extends z.ZodObject = typeof NOTHING,
  B extends z.ZodType = z.ZodUndefined,
>(spec: RouteSpec<P, Q, B, PackageSubject>): Route {
  return settle({ ...spec, survivesOutage: true }, ({ name }, { actor, services }) =>
    services.delivery.audience.subject(String(name), actor),
  );
}

function settle<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, S extends Subject>(
  spec: RouteSpec<P, Q, B, S>,
  subjectOf: (params: Readonly<Record<string, unknown>>, call: Call) => Promise<S>,
): Route {
  const { params = NOTHING, body, bodyForm = 'json', bodyBytes, upload = false } = spec;
  const { query = isNpmPath(spec.path) ? ANYTHING : NOTHING } = spec;
  return {
    ...spec,
    params,
    query,
    body,
    bodyBytes,
    bodyForm,
    upload,
    ignoresToken: spec.ignoresToken ?? false,
    survivesOutage: spec.survivesOutage ?? false,
    async run(call, authorize) {
      const { actor, request } = call;
      const input = {
        params: parse(params, request.params, 'path') as z.infer<P>,
        query: parse(query, { ...request.query }, 'query') as z.infer<Q>,
        body: (body ? parse(body, request.body, 'body') : undefined) as z.infer<B>,
      };
      const subject = await subjectOf(input.params, call);
      authorize(actor, spec.action, subject);
      await spec.handle({ ...input, subject }, call);
    },
  };
}

/** Where a mirrored package comes from and how old what is known of it is, as a structured field (RFC 9651). */
function mirrorHeader({ uplink, age, stale }: MirrorAge): string {
  return `${stale ? 'stale' : 'fresh'};uplink="${uplink}";age=${age}`;
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
    callOf: (request: Request, response: Response, route: Route) => Promise<Call>;
    authorize: Authorize;
    limits: Limits;
  },
): void {
  for (const route of routes) {
    const readBody = route.body && bodyReader(route.bodyForm, route.bodyBytes, limits);
    router[route.method](route.path, async (request, response) => {
      labelRoute(request, route.path);
      const call = await callOf(request, response, route);
      authorize(call.actor, route.action, REGISTRY);
      // Whoever changes something sees it with the next request.
      if (!READING.test(route.action)) {
        response.once('prefinish', () => noteChange(call, route.action));
      }
      if (/^\/(?:packages|npm|projects|audit|delivery)(?:\/|$)/.test(route.path)) {
        // What is there for one may not be there for another; a handler may allow more.
        response.vary('authorization, cookie').set('cache-control', 'no-cache');
      }
      if (readBody) await readBody(request, response);
      await route.run(call, authorize);
    });
  }
}

/** Changes of what has nothing to do with what is delivered, nor with who may read it. */
const ASIDE = /^(?:webhook|advisory|log)\./;

function noteChange({ services, request }: Call, action: Action): void {
  services.ready.changedAnything();
  if (ASIDE.test(action)) return;
  const { deliveries, audience } = services.delivery;
  const { name } = request.params;
  // What was published under which name, its route says.
  const isNamed = typeof name === 'string';
  if (action.startsWith('package.') && (isNamed || action !== 'package.publish')) {
    deliveries.changed(isNamed ? name : undefined);
  }
  if (!['package.tag', 'package.split', 'package.publish'].includes(action)) audience.forget();
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

const NAMED_CODES = ['EBADNAME', 'EBADVERSION', 'ENOTFOUND'] as const;

/** A rule may name the code that it stands for. */
function codeOf(issues: readonly z.core.$ZodIssue[]): ProblemCode {
  for (const issue of issues) {
    const problem: unknown = issue.code === 'custom' ? issue.params?.['problem'] : undefined;
    const code = NAMED_CODES.find(known => known === problem);
    if (code) return code;
  }
  return 'EBADREQUEST';
}
