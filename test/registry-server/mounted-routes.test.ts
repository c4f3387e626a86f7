import test from 'ava';
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import { CheckPool } from '#server/adapters/check-pool.js';
import { CheckThreads } from '#server/adapters/check-threads.js';
import type { DatabaseSchema } from '#server/adapters/database-schema.js';
import { DraftThreads } from '#server/adapters/draft-threads.js';
import { FolderBlobStore } from '#server/adapters/folder-blob-store.js';
import { KeyFolder } from '#server/adapters/key-folder.js';
import { LocalDeliveryCache } from '#server/adapters/local-delivery-cache.js';
import { LocalEventBus } from '#server/adapters/local-event-bus.js';
import { LogKeyFile } from '#server/adapters/log-key-file.js';
import { PromptThreads } from '#server/adapters/prompt-threads.js';
import { SecretKeyFile } from '#server/adapters/secret-key-file.js';
import { SuiteThreads } from '#server/adapters/suite-threads.js';
import { UplinkRegistries } from '#server/adapters/uplink-registries.js';
import { allRoutes, createApp } from '#server/app.js';
import { compose } from '#server/compose.js';
import { authorize } from '#server/domain/authorize.js';
import { DEFAULT_IDENTITY } from '#server/domain/identity-settings.js';
import { NO_UPLINKS } from '#server/domain/uplink.js';
import { WebhookHosts } from '#server/domain/webhook-hosts.js';
import { LIMITS } from '#server/settings.js';
import { modelSettings } from '../support/suite-package.js';
import { tempDir } from '../support/temp.js';

test('the app answers at the addresses of the table and at no others, by whichever way they are put on it', async t => {
  const database = new Kysely<DatabaseSchema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: db => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const blobs = await FolderBlobStore.open(tempDir(t));
  const threads = new CheckThreads();
  const services = compose({
    database,
    blobs,
    checker: new CheckPool(threads, LIMITS),
    workshop: new DraftThreads(threads, LIMITS),
    prompts: new PromptThreads(threads, LIMITS),
    links: { cache: new LocalDeliveryCache(), bus: new LocalEventBus() },
    privateKeys: new KeyFolder(tempDir(t), undefined),
    logKey: new LogKeyFile(tempDir(t)),
    accessKeys: new KeyFolder(tempDir(t), undefined),
    identity: DEFAULT_IDENTITY,
    authorize,
    now: () => new Date(),
    limits: LIMITS,
    uplinks: NO_UPLINKS,
    upstreams: new UplinkRegistries({
      dataDir: tempDir(t),
      tokens: new Map(),
      env: {},
      now: () => new Date(),
    }),
    log: pino({ level: 'silent' }),
    secrets: new SecretKeyFile(tempDir(t)),
    webhookHosts: new WebhookHosts(),
    suites: new SuiteThreads({
      settings: { ...modelSettings(), userAgent: '' },
      evidenceTime: 0,
      checkTime: 0,
    }),
    runsAtOnce: 1,
    modelPolicy: 'off',
    random: Math.random,
  });
  const app = createApp({
    services,
    authorize,
    limits: LIMITS,
    logger: pino({ level: 'silent' }),
    publicUrl: undefined,
  });
  const mounted = app.router.stack.flatMap(({ route }) =>
    route ? Object.keys(methodsOf(route)).map(method => `${method} ${route.path}`) : [],
  );
  t.deepEqual(
    mounted.sort(),
    allRoutes()
      .map(({ method, path }) => `${method} ${path}`)
      .sort(),
  );
  // What is put on the app beside the table answers without asking who may: each of these hands on, or serves pages.
  t.deepEqual(
    app.router.stack.flatMap(layer => (layer.route ? [] : [layer.name])),
    ['<anonymous>', 'result', 'helmetMiddleware', 'router', 'scopedNames', '<anonymous>', 'problems'],
  );
});

function methodsOf(route: object) {
  return z.object({ methods: z.record(z.string(), z.boolean()) }).parse(route).methods;
}
