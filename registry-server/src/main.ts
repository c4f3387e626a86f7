import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { CheckPool } from './adapters/check-pool.js';
import { CheckThreads } from './adapters/check-threads.js';
import { DraftThreads } from './adapters/draft-threads.js';
import { startUpkeep } from './adapters/embedded-upkeep.js';
import { KeyFolder } from './adapters/key-folder.js';
import { LogKeyFile } from './adapters/log-key-file.js';
import { PromptThreads } from './adapters/prompt-threads.js';
import { SecretKeyFile } from './adapters/secret-key-file.js';
import { SuiteThreads } from './adapters/suite-threads.js';
import { SqlTokenRepository } from './adapters/token-repository.js';
import { UplinkRegistries } from './adapters/uplink-registries.js';
import { createApp } from './app.js';
import { compose } from './compose.js';
import { authorize as defaultAuthorize } from './domain/authorize.js';
import { DEFAULT_IDENTITY } from './domain/identity-settings.js';
import { ownStamp } from './domain/stamp.js';
import { assertAdminToken } from './domain/token.js';
import { NO_UPLINKS } from './domain/uplink.js';
import { WebhookHosts } from './domain/webhook-hosts.js';
import { answerBrokenRequests, closeServer, keepAnswers, listen } from './http-server.js';
import { holdBodies } from './middleware/expect-continue.js';
import { askToReconnect } from './middleware/going.js';
import { logError } from './middleware/log-error.js';
import { limitRates } from './middleware/rate-limit.js';
import { beforeApp } from './middleware/ready-answers.js';
import { beforeDeliveries } from './middleware/ready-deliveries.js';
import { type ModelSettings, NO_MODELS } from './models-file.js';
import { startObserving } from './observe/index.js';
import { openBlobs } from './open-blobs.js';
import { type DataPlace, openData, systemClock, unwind, withData } from './open-data.js';
import { openDeliveryLinks } from './open-delivery-links.js';
import { openRateCounters } from './open-rate-counters.js';
import { openSearchEngine } from './open-search.js';
import type { RegistryOptions } from './registry-options.js';
import { startDelivery } from './services/delivery/delivery.js';
import { type IssuedToken, type TokenRequest, TokenService } from './services/tokens.js';
import { FLUSH_INTERVAL, LIMITS, type Limits, SHARED_SWEEP_AGE } from './settings.js';
import type { UplinkSettings } from './uplinks-file.js';

export { type AuditArchiveOptions, type AuditArchiveReport, archiveAudit } from './audit-archive.js';
export { type BackupPlace, type BackupReport, backupRegistry } from './backup/backup.js';
export { restoreRegistry } from './backup/restore.js';
export { SCOPES, type Scope } from './domain/actor.js';
export type { Authorize } from './domain/authorize.js';
export { readEnvironment, SERVER_VARIABLES } from './environment.js';
export { type Migrated, migrateRegistry } from './migrate-registry.js';
export { type ModelSettings, readModels } from './models-file.js';
export type { DataPlace } from './open-data.js';
export type { RegistryOptions } from './registry-options.js';
export type { IssuedToken, TokenRequest } from './services/tokens.js';
export type { Limits } from './settings.js';
export { expireSigningKey, type KeyPlace, listSigningKeys, rotateSigningKey } from './signing-keys.js';
export { readUplinks, type UplinkSettings } from './uplinks-file.js';

export interface RunningRegistry {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Of the metrics, where they are served. */
  readonly metricsUrl: string | undefined;
  /** Says that it goes, takes no more requests, lets the open ones end, writes what was counted, and gives the data folder back. */
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
  let cut: (() => void) | undefined;
  const stop = async () => {
    const late = setTimeout(
      () => {
        logger.warn('the database does not answer; stopping without it');
        cut?.();
      },
      limits.goodbyeTime + limits.drainTime + limits.stopTime,
    );
    await unwind(undo).finally(() => clearTimeout(late));
  };
  const close = () => (closing ??= stop());
  try {
    // Two processes on one embedded database would destroy it.
    const observation = await startObserving(options, undo);
    const opened = await openData(options, undo, {
      onQuery: observation.queried,
      onLost(err) {
        logger.fatal({ err }, 'another process took the data folder; stopping');
        void close();
      },
      onBroken: err => logger.warn({ err }, 'a connection to the database broke'),
    });
    const { database, changes, pool } = opened;
    cut = opened.cut;
    const blobs = await openBlobs({ dataDir: resolve(options.dataDir), s3: options.s3 }, undo);
    const threads = options.threads ?? new CheckThreads();
    if (!options.threads) undo.push(() => threads.close());
    const suites = openSuites(options.models ?? NO_MODELS, limits);
    undo.push(() => suites.close());
    const services = compose({
      database,
      connections: pool,
      blobs,
      checker: new CheckPool(threads, limits),
      workshop: new DraftThreads(threads, limits),
      prompts: new PromptThreads(threads, limits),
      links: await openDeliveryLinks(options.redisUrl, undo, logger),
      privateKeys: new KeyFolder(resolve(options.dataDir), options.signingKey),
      logKey: new LogKeyFile(resolve(options.dataDir), options.logKey),
      accessKeys: new KeyFolder(resolve(options.dataDir), undefined),
      identity: { ...DEFAULT_IDENTITY, ...options.identity },
      authorize,
      now,
      uptime: options.uptime ?? (options.now ? undefined : () => performance.now()),
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
      suites,
      runsAtOnce: (options.models ?? NO_MODELS).runsAtOnce,
      modelPolicy: (options.models ?? NO_MODELS).require,
      random: Math.random,
      searchEngine: await openSearchEngine(options.searchUrl, undo),
      onSearchFallback: () => observation.searchFellBack(),
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
    if (databaseUrl === undefined)
      undo.push(startUpkeep(database, err => logger.error({ err }, 'the tables were not looked after')));
    undo.push(
      services.duties.start(limits.governanceInterval, err =>
        logger.error({ err }, 'what falls due was not done'),
      ),
    );
    undo.push(
      services.dispatcher.start(limits.webhookInterval, err =>
        logger.error({ err }, 'webhooks were not sent'),
      ),
    );
    undo.push(
      services.compatibilityJobs.start(err => logger.error({ err }, 'a compatibility run met an error')),
    );
    undo.push(
      services.audit.start(limits.checkpointInterval, err =>
        logger.error({ err }, 'the audit was not signed'),
      ),
    );
    if (services.search) undo.push(services.search.start());
    const { ready, delivery } = services;
    const delivering = await startDelivery(delivery, {
      interval: FLUSH_INTERVAL,
      onError: err => logger.warn({ err }, 'delivery goes on without something'),
    });
    undo.push(delivering.stop);
    undo.push(
      await changes.follow({
        changed: name => {
          ready.changed(name);
          services.search?.changed(name);
        },
        delivered: what => {
          if (what === 'callers') delivery.audience.forget();
          else delivery.feed.wake();
        },
        following: following => {
          ready.following = following;
          if (services.search) services.search.following = following;
          delivery.feed.following = following;
        },
      }),
    );
    const publicUrl = options.publicUrl?.replace(/\/+$/, '');
    const { corsOrigins, proxies = 0 } = options;
    const app = createApp({ services, authorize, limits, logger, publicUrl, corsOrigins, proxies });
    const limited = limitRates(beforeDeliveries(beforeApp(app, ready, logger), delivery.ready, logger), {
      ...(await openRateCounters(options, undo, logger)),
      proxies,
      onError: err => logger.error({ err }, 'requests were not counted'),
    });
    const listener = observation.observe(askToReconnect(limited, services.readiness.going));
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
    keepAnswers(server);
    const metricsUrl = await observation.serve({
      pool,
      health: patience => services.health.look(patience),
      listeners: () => delivery.streams.size,
    });
    const url = await listen(server, port, host);
    undo.push(async () => {
      services.readiness.close();
      await sleep(limits.goodbyeTime);
      delivering.endStreams();
      await closeServer(server, limits.drainTime);
    });
    logger.info(
      { url, database: databaseUrl === undefined ? 'embedded' : 'postgresql', swept, signed },
      'registry started',
    );
    return { url, metricsUrl, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openSuites(
  { evidenceDays, runsAtOnce: _atOnce, require: _policy, ...settings }: ModelSettings,
  limits: Limits,
) {
  return new SuiteThreads({
    settings: { ...settings, userAgent: 'prompd-registry' },
    evidenceTime: evidenceDays * 24 * 60 * 60 * 1000,
    checkTime: limits.checkTime,
  });
}

/**
 * Makes an API token without a server.
 * @throws PrompdError ELOCKED while a server uses the embedded database: ask that server, by POST /tokens
 */
export function createToken(options: DataPlace & TokenRequest): Promise<IssuedToken> {
  const now = options.now ?? systemClock;
  return withData(options, database =>
    new TokenService(new SqlTokenRepository(database), now).create(ownStamp('command line', now()), options),
  );
}
