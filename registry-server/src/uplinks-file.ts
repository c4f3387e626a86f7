import { readFile } from 'node:fs/promises';
import { PrompdError, parseJson, systemCode } from 'prompd/core';
import { PROTOCOLS, parseRegistryUrl } from 'prompd/registry';
import { z } from 'zod';
import { NAME_PATTERN } from './domain/name-pattern.js';
import type { Uplink, UplinkRules } from './domain/uplink.js';

/** The rules of a file of uplinks, and the tokens that the environment has for them. */
export interface UplinkSettings extends UplinkRules {
  /** By the uplink's name. */
  readonly tokens: ReadonlyMap<string, string>;
  /** The environment, which names the proxies that uplinks are reached through; without it they are asked directly. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

const pattern = z
  .string()
  .max(214)
  .regex(NAME_PATTERN, 'a pattern is a name, a scope such as "@team", or a name with "*", in lowercase');

const uplinkSchema = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'the name of an uplink has at most 40 lowercase letters, digits and "-"',
    ),
  url: z.string().max(2048),
  protocol: z.enum(PROTOCOLS).optional(),
  publicKey: z.base64().max(1024).optional(),
  packages: z.array(pattern).min(1).max(1000),
  access: z.enum(['public', 'private']).optional(),
  ttlMs: z
    .int()
    .min(0)
    .max(30 * 24 * 3_600_000)
    .default(300_000),
  timeoutMs: z.int().min(100).max(120_000).default(10_000),
  archiveHosts: z
    .array(z.string().regex(/^[a-z0-9.-]+(?::\d{1,5})?$/, 'a host is written like "cdn.example.com"'))
    .max(20)
    .default([]),
});

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  local: z.array(pattern).max(10_000).default([]),
  uplinks: z.array(uplinkSchema).max(50),
});

/** Largest file that is read, in bytes. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads the operator's file of uplinks. Tokens come from the environment alone: `PROMPD_UPLINK_<NAME>_TOKEN`, with the
 * uplink's name in capitals and `_` for `-`.
 * @param file its path
 * @throws PrompdError ECONFIG that names the place in the file, or the variable
 */
export async function readUplinks(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<UplinkSettings> {
  const parsed = fileSchema.safeParse(await readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw new PrompdError('ECONFIG', `${file}: ${key === '' ? '' : `"${key}": `}${issue?.message ?? ''}.`, {
      facts: { file, key },
      hint: 'docs/uplinks.md describes the file.',
    });
  }
  const { local, uplinks: written } = parsed.data;
  const tokens = new Map<string, string>();
  const names = new Set<string>();
  const uplinks = written.map(({ name, url, access, ...rest }): Uplink => {
    if (names.has(name)) {
      throw new PrompdError('ECONFIG', `${file} has two uplinks named "${name}".`, { facts: { file, name } });
    }
    names.add(name);
    const token = tokenOf(name, env);
    if (token !== undefined) tokens.set(name, token);
    return {
      ...rest,
      name,
      protocol: rest.protocol,
      publicKey: rest.publicKey,
      url: parseRegistryUrl(url, { file, key: `uplinks.${name}.url` }),
      // What takes a token there is not for everybody here.
      access: access ?? (token === undefined ? 'public' : 'private'),
    };
  });
  return { local, uplinks, tokens, env };
}

/** The variable that holds an uplink's token. */
export function tokenVariable(name: string): string {
  return `PROMPD_UPLINK_${name.replaceAll('-', '_').toUpperCase()}_TOKEN`;
}

function tokenOf(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const variable = tokenVariable(name);
  const raw = env[variable]?.trim();
  if (raw === undefined || raw === '') return undefined;
  if (/^[\x21-\x7e]{1,4096}$/.test(raw)) return raw;
  throw new PrompdError('ECONFIG', `The variable ${variable} does not hold a token.`, {
    facts: { variable },
    hint: 'A token is one word of printable ASCII characters.',
  });
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PrompdError('ECONFIG', `The file of the uplinks cannot be read: ${file}.`, {
      facts: { file, reason: systemCode(cause) ?? String(cause) },
      hint: 'PROMPD_UPLINKS or --uplinks names it; docs/uplinks.md describes it.',
      cause,
    });
  });
  if (text.length <= MAX_BYTES) return parseJson(text, file);
  throw new PrompdError('ECONFIG', `${file} is larger than ${MAX_BYTES} bytes.`, { facts: { file } });
}
