import { PrompdError } from 'prompd/core';
import { z } from 'zod';
import type { S3Settings } from './domain/s3-settings.js';
import type { RegistryOptions } from './registry-options.js';
import { readSignIn } from './sign-in-file.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
/** What every shell can write for "not set". */
const emptyIsNone = (value: unknown) => (value === '' ? undefined : value);
const text = z.preprocess(emptyIsNone, z.string().min(1).optional());
const number = (least: number, most: number) =>
  z.preprocess(emptyIsNone, z.coerce.number().int().min(least).max(most).optional());
const address = (protocol: RegExp) => z.preprocess(emptyIsNone, z.url({ protocol }).optional());
const flag = z.preprocess(emptyIsNone, z.enum(['true', 'false']).optional());

const schema = z.object({
  PROMPD_DATA: text,
  PORT: number(0, 65_535),
  HOST: text,
  DATABASE_URL: text,
  DATABASE_MIGRATION_URL: text,
  PROMPD_ADMIN_TOKEN: text,
  PROMPD_SIGNING_KEY: text,
  PROMPD_LOG_KEY: text,
  PROMPD_SECRET_KEY: text,
  PROMPD_UPLINKS: text,
  PROMPD_MODELS: text,
  PROMPD_WEBHOOK_HOSTS: text,
  PROMPD_SIGN_IN: text,
  PUBLIC_URL: address(/^https?$/),
  LOG_LEVEL: z.preprocess(emptyIsNone, z.enum(LEVELS).optional()),
  PROMPD_DATABASE_CONNECTIONS: number(1, 1000),
  REDIS_URL: text,
  PROMPD_METRICS_PORT: number(0, 65_535),
  PROMPD_METRICS_HOST: text,
  PROMPD_METRICS_TOKEN: text,
  PROMPD_RATE_PER_ADDRESS: number(1, 10_000_000),
  PROMPD_RATE_PER_TOKEN: number(1, 10_000_000),
  PROMPD_PROXIES: number(0, 10),
  PROMPD_CORS_ORIGINS: text,
  PROMPD_SHUTDOWN_DELAY: number(0, 300),
  PROMPD_DRAIN_TIME: number(1, 3600),
  OTEL_EXPORTER_OTLP_ENDPOINT: address(/^https?$/),
  ELASTICSEARCH_URL: address(/^https?$/),
  S3_BUCKET: text,
  S3_ENDPOINT: address(/^https?$/),
  S3_REGION: text,
  S3_ACCESS_KEY_ID: text,
  S3_SECRET_ACCESS_KEY: text,
  S3_PREFIX: text,
  S3_PATH_STYLE: flag,
});

/** Every variable that the server reads. */
export const SERVER_VARIABLES: readonly string[] = Object.keys(schema.shape);

export interface ServerEnvironment {
  readonly options: RegistryOptions;
  /** The file of the uplinks, for `readUplinks`. */
  readonly uplinksFile: string | undefined;
  /** The file of the models, for `readModels`. */
  readonly modelsFile: string | undefined;
  readonly logLevel: (typeof LEVELS)[number];
}

/** The settings of a server that runs by itself. @throws PrompdError ECONFIG that names the variable */
export function readEnvironment(env: NodeJS.ProcessEnv): ServerEnvironment {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'it is not valid');
  }
  const { data } = parsed;
  return {
    options: {
      dataDir: data.PROMPD_DATA ?? './registry-data',
      port: data.PORT ?? 4874,
      host: data.HOST ?? '127.0.0.1',
      databaseUrl: data.DATABASE_URL,
      migrationUrl: data.DATABASE_MIGRATION_URL,
      adminToken: data.PROMPD_ADMIN_TOKEN,
      signingKey: data.PROMPD_SIGNING_KEY,
      logKey: data.PROMPD_LOG_KEY,
      secretKey: data.PROMPD_SECRET_KEY,
      publicUrl: data.PUBLIC_URL,
      webhookHosts: data.PROMPD_WEBHOOK_HOSTS,
      identity: data.PROMPD_SIGN_IN === undefined ? undefined : readSignIn(data.PROMPD_SIGN_IN, env),
      s3: s3Of(data),
      searchUrl: data.ELASTICSEARCH_URL,
      connections: data.PROMPD_DATABASE_CONNECTIONS,
      redisUrl: data.REDIS_URL,
      ratePerAddress: data.PROMPD_RATE_PER_ADDRESS,
      ratePerToken: data.PROMPD_RATE_PER_TOKEN,
      proxies: data.PROMPD_PROXIES,
      corsOrigins: data.PROMPD_CORS_ORIGINS === undefined ? undefined : originsOf(data.PROMPD_CORS_ORIGINS),
      metrics: metricsOf(data),
      tracing: endpointOf(data),
      limits: timesOf(data),
    },
    uplinksFile: data.PROMPD_UPLINKS,
    modelsFile: data.PROMPD_MODELS,
    logLevel: data.LOG_LEVEL ?? 'info',
  };
}

type Variables = z.infer<typeof schema>;

function metricsOf(data: Variables): RegistryOptions['metrics'] {
  const { PROMPD_METRICS_PORT: port, PROMPD_METRICS_HOST: host, PROMPD_METRICS_TOKEN: token } = data;
  if (port === undefined) return undefined;
  return { port, host: host ?? '127.0.0.1', token };
}

function endpointOf({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Variables): RegistryOptions['tracing'] {
  return endpoint === undefined ? undefined : { endpoint };
}

function timesOf(data: Variables): RegistryOptions['limits'] {
  const { PROMPD_SHUTDOWN_DELAY: delay, PROMPD_DRAIN_TIME: drain } = data;
  if (delay === undefined && drain === undefined) return undefined;
  return {
    ...(delay === undefined ? {} : { goodbyeTime: delay * 1000 }),
    ...(drain === undefined ? {} : { drainTime: drain * 1000 }),
  };
}

/** @throws PrompdError ECONFIG for what is no origin: one that never fits would look like a setting that works */
function originsOf(list: string): readonly string[] {
  const origins = list.split(',').map(word => word.trim());
  for (const origin of origins) {
    if (origin !== '*' && (!URL.canParse(origin) || new URL(origin).origin !== origin)) {
      throw unusable(
        'PROMPD_CORS_ORIGINS',
        `"${origin.slice(0, 100)}" is no origin, as https://app.example.com is`,
      );
    }
  }
  return origins;
}

/** Keys come both or not at all; without a bucket nothing of S3 is used. */
function s3Of(data: Variables): S3Settings | undefined {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_PATH_STYLE: pathStyle } = data;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = data;
  if (bucket === undefined) {
    const stray = SERVER_VARIABLES.find(
      name => name.startsWith('S3_') && name in data && Reflect.get(data, name),
    );
    if (stray !== undefined) throw unusable('S3_BUCKET', `it is not set, while ${stray} is`);
    return undefined;
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const missing = accessKeyId === undefined ? 'S3_ACCESS_KEY_ID' : 'S3_SECRET_ACCESS_KEY';
    throw unusable(missing, 'the other half of the key is set');
  }
  return {
    bucket,
    endpoint,
    region: data.S3_REGION ?? 'us-east-1',
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    prefix: data.S3_PREFIX === undefined ? '' : `${data.S3_PREFIX.replace(/\/+$/, '')}/`,
    pathStyle: pathStyle === undefined ? endpoint !== undefined : pathStyle === 'true',
  };
}

function unusable(variable: string, reason: string): PrompdError {
  return new PrompdError('ECONFIG', `The variable ${variable} cannot be used: ${reason}.`, {
    facts: { variable },
  });
}
