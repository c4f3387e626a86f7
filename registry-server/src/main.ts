import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { type Logger, pino } from 'pino';
import { CheckPool } from './adapters/check-pool.js';
import { KeyFolder } from './adapters/key-folder.js';
import { LogKeyFile } from './adapters/log-key-file.js';
import { SecretKeyFile } from './adapters/secret-key-file.js';
import { SqlTokenRepository } from './adapters/token-repository.js';
import { UplinkRegistries } from './adapters/uplink-registries.js';
import { createApp } from './app.js';
import { compose } from './compose.js';
import { type Authorize, authorize as defaultAuthorize } from './domain/authorize.js';
import type { S3Settings } from './domain/s3-settings.js';
import { assertAdminToken } from './domain/token.js';
import { NO_UPLINKS } from './domain/uplink.js';
import { WebhookHosts } from './domain/webhook-hosts.js';
import { answerBrokenRequests, closeServer, listen } from './http-server.js';
import { holdBodies } from './middleware/expect-continue.js';
import { logError } from './middleware/log-error.js';
import { beforeApp } from './middleware/ready-answers.js';
import { openBlobs } from './open-blobs.js';
import { type DataPlace, openData, systemClock, unwind, withData } from './open-data.js';
import { type IssuedToken, type TokenRequest, TokenService } from './services/tokens.js';
import { FLUSH_INTERVAL, LIMITS, type Limits, SHARED_SWEEP_AGE } from './settings.js';
import type { UplinkSettings } from './uplinks-file.js';

export { SCOPES, type Scope } from './domain/actor.js';
export type { Authorize } from './domain/authorize.js';
export { readEnvironment, SERVER_VARIABLES } from './environment.js';
export type { DataPlace } from './open-data.js';
export type { IssuedToken, TokenRequest } from './services/tokens.js';
export type { Limits } from './settings.js';
export { expireSigningKey, type KeyPlace, listSigningKeys, rotateSigningKey } from './signing-keys.js';
export { readUplinks, type UplinkSettings } from './uplinks-file.js';

export interface RegistryOptions extends DataPlace {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Becomes the one seeded admin token, at least 16 characters. Without it, earlier seeded tokens end. */
  readonly adminToken?: string | undefined;
  /** The private key that versions are signed with; without it the registry keeps its own in the data folder. */
  readonly signingKey?: string | undefined;
  /** The private key of the transparency log in PEM; without it the registry keeps its own in the data folder. */
  readonly logKey?: string | undefined;
  /** 32 bytes in base64 that secrets are kept under; without it the registry keeps its own in the data folder. */
  readonly secretKey?: string | undefined;
  /** Where archives are, instead of the data folder. */
  readonly s3?: S3Settings | undefined;
  /** Unless given, warnings and failures go to stderr. */
  readonly logger?: Logger | undefined;
  /** Where clients reach the registry, when a proxy stands before it. */
  readonly publicUrl?: string | undefined;
  /** Hosts and networks of the operator's own that webhooks may be sent to, as PROMPD_WEBHOOK_HOSTS has them. */
  readonly webhookHosts?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** What `readUplinks` read: the registries that this one mirrors. */
  readonly uplinks?: UplinkSettings | undefined;
  /** Replaces the rule of who may do what. */
  readonly authorize?: Authorize | undefined;
}

export interface RunningRegistry {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Takes no more requests, lets the open ones end, writes what was counted, and gives the data folder back. */
  close(): Promise<void>;
}

/**
 * Starts the registry.
 * @throws PrompdError ELOCKED when another process uses the embedded database, ECONFIG for an admin token that is too
 *   short, for a list of hosts that cannot be read and for a data folder that cannot be used, EIO when the address cannot be used
 */
export async function startRegistry(options: RegistryOptions): Promise<RunningRegistry> {
  const { port, host, databaseUrl, adminToken } = options;
  assertAdminToken(adminToken);
  const webhookHosts = new WebhookHosts(options.webhookHosts);
  const given = options.logger ?? pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true }));
  const logger = given.child({}, { serializers: { err: logError } });
  const limits = { ...LIMITS, ...options.limits };
  const authorize = options.authorize ?? defaultAuthorize;
  const uplinks: UplinkSettings = options.uplinks ?? { ...NO_UPLINKS, tokens: new Map() };
  const now = options.now ?? systemClock;
  const undo: Array<() => Promise<void>> = [];
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= unwind(undo));
  try {
    // Two processes on one embedded database would destroy it.
    const { database, changes } = await openData(options, undo, {
      onLost(err) {
        logger.fatal({ err }, 'another process took the data folder; stopping');
        void close();
      },
      onBroken: err => logger.warn({ err }, 'a connection to the database broke'),
    });
    const blobs = await openBlobs({ dataDir: resolve(options.dataDir), s3: options.s3 }, undo);
    const checker = new CheckPool(limits);
    undo.push(() => checker.close());
    const services = compose({
      database,
      blobs,
      checker,
      privateKeys: new KeyFolder(resolve(options.dataDir), options.signingKey),
      logKey: new LogKeyFile(resolve(options.dataDir), options.logKey),
      authorize,
      now,
      limits,
      uplinks,
      upstreams: new UplinkRegistries({
        dataDir: resolve(options.dataDir),
        tokens: uplinks.tokens,
        env: uplinks.env ?? {},
        now,
      }),
      log: logger,
      secrets: new SecretKeyFile(resolve(options.dataDir), options.secretKey),
      webhookHosts,
      random: Math.random,
    });
    await services.mirror.reconcile();
    await services.tokens.seed(adminToken);
    // Before anybody is answered: clients may insist on signatures.
    const signed = await services.signing.signMissing();
    const age = databaseUrl === undefined ? 0 : SHARED_SWEEP_AGE;
    const swept = await services.housekeeping.sweep(new Date(Date.now() - age));
    undo.push(
      services.housekeeping.start(FLUSH_INTERVAL, err => logger.error({ err }, 'counts were not written')),
    );
    undo.push(
      services.dispatcher.start(limits.webhookInterval, err =>
        logger.error({ err }, 'webhooks were not sent'),
      ),
    );
    const { ready } = services;
    undo.push(
      await changes.follow({
        changed: name => ready.changed(name),
        following: following => {
          ready.following = following;
        },
      }),
    );
    const publicUrl = options.publicUrl?.replace(/\/+$/, '');
    const app = createApp({ services, authorize, limits, logger, publicUrl });
    const listener = beforeApp(app, ready, logger);
    const server = createServer(
      {
        headersTimeout: limits.headersTime,
        requestTimeout: limits.requestTime,
        // Longer than clients keep an idle connection, so that they never send on one that is being closed.
        keepAliveTimeout: 30_000,
        connectionsCheckingInterval: Math.min(5_000, limits.headersTime, limits.requestTime),
      },
      listener,
    );
    holdBodies(server, listener);
    answerBrokenRequests(server);
    const url = await listen(server, port, host);
    undo.push(async () => {
      services.readiness.close();
      await closeServer(server, limits.drainTime);
    });
    logger.info(
      { url, database: databaseUrl === undefined ? 'embedded' : 'postgresql', swept, signed },
      'registry started',
    );
    return { url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Makes an API token without a server.
 * @throws PrompdError ELOCKED while a server uses the embedded database: ask that server, by POST /tokens
 */
export function createToken(options: DataPlace & TokenRequest): Promise<IssuedToken> {
  return withData(options, database =>
    new TokenService(new SqlTokenRepository(database), options.now ?? systemClock).create(options),
  );
}
