import express, { type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { redact } from 'prompd/core';
import { type Actor, ANONYMOUS } from './domain/actor.js';
import type { Authorize } from './domain/authorize.js';
import { crossOrigin } from './middleware/cross-origin.js';
import { logError } from './middleware/log-error.js';
import { assertOwnPage } from './middleware/own-page.js';
import { problems, unknownRoute } from './middleware/problems.js';
import { requestId } from './middleware/request-id.js';
import { scopedNames } from './middleware/scoped-names.js';
import { readCookie } from './middleware/session-cookie.js';
import { webInterface } from './middleware/web-interface.js';
import { advisoryRoutes } from './routes/advisories.js';
import { analyticsRoutes } from './routes/analytics.js';
import { approvalRoutes } from './routes/approvals.js';
import { auditRoutes } from './routes/audit.js';
import { batchRoutes } from './routes/batch.js';
import { channelSplitRoutes } from './routes/channel-splits.js';
import { channelRoutes } from './routes/channels.js';
import { compatibilityRoutes } from './routes/compatibility.js';
import { deliveryRoutes } from './routes/delivery.js';
import { deliveryEventRoutes } from './routes/delivery-events.js';
import { distTagRoutes } from './routes/dist-tags.js';
import { draftRoutes } from './routes/drafts.js';
import { identityRoutes } from './routes/identity/index.js';
import { trustRoutes } from './routes/identity/trust.js';
import { keyRoutes } from './routes/keys.js';
import { logRoutes } from './routes/log.js';
import { memberRoutes } from './routes/members.js';
import { moduleRoutes } from './routes/modules.js';
import { npmRoutes } from './routes/npm/index.js';
import { ownerRoutes } from './routes/owners.js';
import { packageRoutes } from './routes/packages.js';
import { policyRoutes } from './routes/policies.js';
import { projectRoutes } from './routes/projects.js';
import { publishedFilesRoutes } from './routes/published-files.js';
import { registryHealthRoutes } from './routes/registry-health.js';
import { type Call, mount, type Route } from './routes/route.js';
import { systemRoutes } from './routes/system.js';
import { tarballRoutes } from './routes/tarballs.js';
import { tokenRoutes } from './routes/tokens.js';
import { webhookRoutes } from './routes/webhooks.js';
import { worklistRoutes } from './routes/worklist.js';
import type { Credentials } from './services/identity/authenticator.js';
import type { Services } from './services/services.js';
import type { Limits } from './settings.js';

export interface AppParts {
  readonly services: Services;
  readonly authorize: Authorize;
  readonly limits: Limits;
  readonly logger: Logger;
  /** Where the registry is reached, when that is not what clients write into the Host header. */
  readonly publicUrl: string | undefined;
  /** Origins whose pages may ask; none by default. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Proxies of the operator before the server. */
  readonly proxies?: number | undefined;
}

/** Every route of the registry. Tags, owners and trust stand before versions, as their addresses look alike. */
export function allRoutes(): readonly Route[] {
  const api = [
    ...channelSplitRoutes,
    ...deliveryEventRoutes,
    ...deliveryRoutes,
    ...distTagRoutes,
    ...ownerRoutes,
    ...compatibilityRoutes,
    ...trustRoutes,
    ...channelRoutes,
    ...tarballRoutes,
    ...analyticsRoutes,
    ...publishedFilesRoutes,
    ...packageRoutes,
    ...tokenRoutes,
    ...projectRoutes,
    ...moduleRoutes,
    ...draftRoutes,
    ...policyRoutes,
    ...approvalRoutes,
    ...memberRoutes,
    ...identityRoutes,
    ...auditRoutes,
    ...advisoryRoutes,
    ...webhookRoutes,
    ...worklistRoutes,
    ...registryHealthRoutes,
    ...logRoutes,
    ...keyRoutes,
    ...batchRoutes,
  ];
  return [...systemRoutes(api), ...api, ...npmRoutes];
}

/** The registry as an Express application that listens nowhere yet. */
export function createApp(parts: AppParts): Express {
  const { services, authorize, limits, logger, publicUrl, corsOrigins = [], proxies = 0 } = parts;
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').set('trust proxy', proxies);
  app.use((request, response, next) => {
    requestId(request, response);
    next();
  });
  app.use(
    pinoHttp({
      logger,
      genReqId: requestId,
      customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
      serializers: {
        req: (request: { id: unknown; method: unknown; url: unknown }) => ({
          id: request.id,
          method: request.method,
          url: redact(String(request.url).replace(SECRET_PATH, '$1***')),
        }),
        err: logError,
        res: (response: { statusCode: unknown }) => ({ statusCode: response.statusCode }),
      },
    }),
  );
  app.use(helmet());
  if (corsOrigins.length > 0) app.use(crossOrigin(corsOrigins));
  app.use(webInterface());
  app.use(scopedNames);
  const credentialsOf = (request: Request, response: Response, baseUrl: string): Credentials => ({
    authorization: request.get('authorization'),
    cookie: readCookie(request, baseUrl, 'session'),
    address: request.ip,
    requestId: requestId(request, response),
  });
  const actorOf = async (
    request: Request,
    credentials: Credentials,
    { baseUrl, survivesOutage }: { baseUrl: string; survivesOutage: boolean },
  ): Promise<Actor> => {
    const { identity, delivery } = services;
    const who = survivesOutage ? delivery.audience : identity.authenticator;
    const actor = await who.authenticate(credentials);
    // A browser sends its cookie along with what any page asks it to send.
    if (actor.kind === 'session' && actor.browser) assertOwnPage(request, baseUrl, 'needed');
    return actor;
  };
  mount(app, allRoutes(), {
    authorize,
    limits,
    callOf: async (request, response, { ignoresToken, survivesOutage }): Promise<Call> => {
      const began = services.ready.now;
      const { turn } = services.delivery.audience;
      const baseUrl = publicUrl ?? ownUrl(request);
      const credentials = credentialsOf(request, response, baseUrl);
      return {
        actor: ignoresToken ? ANONYMOUS : await actorOf(request, credentials, { baseUrl, survivesOutage }),
        credentials,
        services,
        request,
        response,
        baseUrl,
        hosts: publicUrl === undefined ? localHosts(request) : [new URL(publicUrl).host],
        limits,
        began,
        turn,
      };
    },
  });
  app.use(unknownRoute(allRoutes()));
  app.use(problems);
  return app;
}

/** Addresses of npm's protocol that end in a token, or in what leads to one. */
const SECRET_PATH = /(\/-\/(?:user\/token|npm\/v1\/tokens\/token|v1\/(?:login|done))\/)[^/?]+/;

/** From the Host header, when that is one; else from the address that the connection came to. */
function ownUrl(request: Request): string {
  const host = request.get('host');
  const { localAddress = '127.0.0.1', localPort = 80 } = request.socket;
  // Answers are kept by address: a name is no longer than DNS allows, so that keys stay small.
  const plain =
    host !== undefined && host.length <= 260 && /^(?:[\w.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i.test(host);
  return `${request.protocol}://${plain ? host : `${localAddress.includes(':') ? `[${localAddress}]` : localAddress}:${localPort}`}`;
}

/** Where the connection came to, without a proxy that could say otherwise. */
function localHosts({ socket: { localAddress = '127.0.0.1', localPort = 80 } }: Request): readonly string[] {
  const address = localAddress.replace(/^::ffff:(?=\d+\.)/i, '');
  const isLoopback = address === '::1' || address.startsWith('127.');
  const host = address.includes(':') ? `[${address}]` : address;
  return [`${host}:${localPort}`, ...(isLoopback ? [`localhost:${localPort}`] : [])];
}
