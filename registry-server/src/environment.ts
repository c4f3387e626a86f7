import { PrompdError } from 'prompd/core';
import { z } from 'zod';
import type { RegistryOptions } from './main.js';

const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
const optional = z.string().min(1).optional().catch(undefined);

const schema = z.object({
  PROMPD_DATA: z.string().min(1).default('./registry-data'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4874),
  HOST: z.string().min(1).default('127.0.0.1'),
  DATABASE_URL: optional,
  PROMPD_ADMIN_TOKEN: optional,
  PROMPD_SIGNING_KEY: optional,
  PROMPD_UPLINKS: optional,
  PROMPD_WEBHOOK_HOSTS: optional,
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  LOG_LEVEL: z.enum(LEVELS).default('info'),
});

export interface ServerEnvironment {
  readonly options: RegistryOptions;
  /** The file of the uplinks, for `readUplinks`. */
  readonly uplinksFile: string | undefined;
  readonly logLevel: (typeof LEVELS)[number];
}

/** The settings of a server that runs by itself. @throws PrompdError ECONFIG that names the variable */
export function readEnvironment(env: NodeJS.ProcessEnv): ServerEnvironment {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const variable = String(issue?.path[0] ?? 'environment');
    throw new PrompdError('ECONFIG', `The variable ${variable} cannot be used: ${issue?.message}.`, {
      facts: { variable },
    });
  }
  const { data } = parsed;
  return {
    options: {
      dataDir: data.PROMPD_DATA,
      port: data.PORT,
      host: data.HOST,
      databaseUrl: data.DATABASE_URL,
      adminToken: data.PROMPD_ADMIN_TOKEN,
      signingKey: data.PROMPD_SIGNING_KEY,
      publicUrl: data.PUBLIC_URL,
      webhookHosts: data.PROMPD_WEBHOOK_HOSTS,
    },
    uplinksFile: data.PROMPD_UPLINKS,
    logLevel: data.LOG_LEVEL,
  };
}
