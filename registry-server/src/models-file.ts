import { readFile } from 'node:fs/promises';
import { MODEL_POLICIES, type ModelPolicy, PrompdError, parseJson, systemCode } from 'prompd/core';
import { keyVariables, PROVIDER_KINDS, type ProviderConfig, readProvider } from 'prompd/models';
import { z } from 'zod';
import type { AllowedProvider } from './adapters/suite-message.js';
import { hostOf, WebhookHosts } from './domain/webhook-hosts.js';

/** Which models the registry asks, as the operator's file says it. */
export interface ModelSettings {
  readonly providers: readonly AllowedProvider[];
  /** Hosts of the operator's own network, separated by commas. */
  readonly hosts: string;
  /** How long evidence holds, in days. */
  readonly evidenceDays: number;
  readonly timeoutMs: number;
  readonly retries: number;
  readonly concurrency: number;
  readonly maxRequests: number;
  /** Runs that one server works on at once. */
  readonly runsAtOnce: number;
  /** What is done about delivering a prompt for a model that it was not found to work with. */
  readonly require: ModelPolicy;
}

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'a provider is named in lowercase letters, digits and "-"');

const providerSchema = z.strictObject({
  kind: z.enum(PROVIDER_KINDS),
  baseUrl: z.string().max(2048).optional(),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'a header is named in letters, digits and "-"'),
      z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'a header holds printable ASCII characters'),
    )
    .optional(),
  models: z.array(z.string().min(1).max(120)).min(1).max(1000).optional(),
});

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  providers: z
    .record(name, providerSchema)
    .refine(all => Object.keys(all).length <= 50, 'more than 50 providers'),
  hosts: z.array(z.string().min(1).max(300)).max(1000).default([]),
  evidenceDays: z.number().positive().max(3650).default(90),
  timeoutMs: z.int().min(100).max(3_600_000).default(120_000),
  retries: z.int().min(0).max(10).default(2),
  concurrency: z.int().min(1).max(64).default(4),
  maxRequests: z.int().min(1).max(1_000_000).default(1000),
  runsAtOnce: z.int().min(1).max(32).default(2),
  require: z.enum(MODEL_POLICIES).default('warn'),
});

/** Largest file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024;

/** Without a file nothing is asked, and deliveries say nothing of models; what users report is kept all the same. */
export const NO_MODELS: ModelSettings = {
  providers: [],
  hosts: '',
  evidenceDays: 90,
  timeoutMs: 120_000,
  retries: 2,
  concurrency: 4,
  maxRequests: 1000,
  runsAtOnce: 2,
  require: 'off',
};

/**
 * Reads the operator's file of the models that the registry may ask. Keys come from the environment alone, from the same
 * variables that the command line reads.
 * @param file its path
 * @throws PrompdError ECONFIG that names the place in the file; EPROVIDERKEY for a variable that holds no key
 */
export async function readModels(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ModelSettings> {
  const parsed = fileSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw unusable(file, issue?.path.map(String).join('.') ?? '', issue?.message ?? '');
  }
  const { providers, hosts, $schema: _schema, ...rest } = parsed.data;
  const list = hosts.join(',');
  const own = new WebhookHosts(list, `${file}: "hosts"`);
  const allowed = Object.entries(providers).map(([provider, { models, ...definition }]): AllowedProvider => {
    const config = readProvider(provider, definition, file);
    checkAddress(config, own, file);
    return { config, key: keyOf(provider, env), models };
  });
  return { ...rest, providers: allowed, hosts: list };
}

function checkAddress({ name: provider, baseUrl }: ProviderConfig, own: WebhookHosts, file: string): void {
  if (baseUrl === undefined) return;
  const url = new URL(baseUrl);
  if (url.protocol === 'https:' || own.has(hostOf(url))) return;
  throw unusable(file, `providers.${provider}.baseUrl`, 'plain http is for hosts that "hosts" lists');
}

function keyOf(provider: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const variable of keyVariables(provider)) {
    const key = env[variable]?.trim();
    if (key === undefined || key === '') continue;
    if (/^[\x21-\x7e]{1,4096}$/.test(key)) return key;
    throw new PrompdError('EPROVIDERKEY', `The variable ${variable} does not hold an API key.`, {
      facts: { variable },
    });
  }
  return undefined;
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PrompdError('ECONFIG', `The file of the models cannot be read: ${file}.`, {
      facts: { file, reason: systemCode(cause) ?? String(cause) },
      hint: 'PROMPD_MODELS or --models names it; docs/compatibility.md describes it.',
      cause,
    });
  });
  if (text.length <= MAX_BYTES) return parseJson(text, file);
  throw new PrompdError('ECONFIG', `${file} is larger than ${MAX_BYTES} bytes.`, { facts: { file } });
}

function unusable(file: string, key: string, what: string): PrompdError {
  return new PrompdError('ECONFIG', `${file}: ${key === '' ? '' : `"${key}": `}${what}.`, {
    facts: { file, key },
    hint: 'docs/compatibility.md describes the file.',
  });
}
