import type { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { suggest } from '../core/suggest.js';
import { readCheckoutFile } from './checkout-file.js';
import { NETWORK_VARIABLES } from './network.js';
import type { ConfigFile } from './schema.js';

/** Larger than any configuration; bounds what a checkout can make us read. */
const MAX_BYTES = 1024 * 1024;
/** Words in a key that mean a credential. */
const SECRET = /token|passw|secret|auth|credential|api[_-]?key|private[_-]?key|cookie|user(?:name)?$/i;

/**
 * Reads one configuration file.
 * @param file absolute path
 * @returns undefined when there is no such file
 * @throws PrompdError ECONFIG naming file and key; for a project's file ECONFIGSECRET when it sets a credential, holds
 * one in an address, or tries to expand a variable
 */
export async function readConfigFile(
  file: string,
  layer: 'user' | 'project',
): Promise<ConfigFile | undefined> {
  const text = await readConfigText(file);
  return text === undefined ? undefined : checkConfigText(text, file, layer);
}

/** Whether a word in a key means a credential. */
export function isSecretWord(word: string): boolean {
  return SECRET.test(word);
}

/**
 * Checks the text of a configuration file, as `readConfigFile` does.
 * @throws PrompdError ECONFIG, ECONFIGSECRET
 */
export async function checkConfigText(
  text: string,
  file: string,
  layer: 'user' | 'project',
): Promise<ConfigFile> {
  const raw = parseConfigJson(text, file);
  if (layer === 'project') {
    refuseEndpoints(raw, file);
    refuseConnections(raw, file);
    refuseSecrets(raw, file);
  }
  const { projectConfigSchema, userConfigSchema } = await import('./schema.js');
  const schema = layer === 'project' ? projectConfigSchema : userConfigSchema;
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw schemaError(parsed.error, file, Object.keys(schema.shape));
}

/** The text of a configuration file; undefined when there is none. @throws PrompdError ECONFIG */
export async function readConfigText(file: string): Promise<string | undefined> {
  try {
    return (await readCheckoutFile(file, MAX_BYTES))?.toString('utf8');
  } catch (error) {
    throw new PrompdError('ECONFIG', `${file} cannot be read.`, {
      facts: { file, reason: error instanceof Error ? error.message : String(error) },
      hint: 'Make it a file that you can read, or remove it.',
      cause: error,
    });
  }
}

/** The JSON of a configuration file, not checked any further. @throws PrompdError ECONFIG */
export function parseConfigJson(text: string, file: string): unknown {
  try {
    return parseJson(text, file);
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    throw new PrompdError('ECONFIG', error.message, {
      facts: error.facts,
      hint: 'The file is plain JSON, without comments and trailing commas.',
      cause: error,
    });
  }
}

/** The keys of these maps are names that a team chose, such as "@authors". */
const CHOSEN = ['scopes', 'packages', 'registries', 'signers', 'signatures.scopes', 'signatures.registries'];

/** A checkout comes from anywhere: it must not hold credentials, nor make us look any up. */
function refuseSecrets(value: unknown, file: string, trail: readonly string[] = []): void {
  if (typeof value === 'string') {
    if (value.includes('${')) throw secretError(file, trail, 'expands a variable');
    if (/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*@/i.test(value))
      throw secretError(file, trail, 'has credentials in an address');
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    const at = [...trail, key];
    const chosen = CHOSEN.includes(trail.join('.'));
    if (!chosen && SECRET.test(key)) throw secretError(file, at, 'sets a credential');
    refuseSecrets(member, file, at);
  }
}

/** Where a provider is decides who gets its key and the prompts: whoever wrote a checkout must not say it. */
function refuseEndpoints(value: unknown, file: string): void {
  if (typeof value !== 'object' || value === null || !('providers' in value)) return;
  throw new PrompdError(
    'ECONFIGSECRET',
    `${file}: "providers" defines endpoints, which a project's file may not do.`,
    {
      facts: { file, key: 'providers' },
      hint: 'A project can name a provider ("provider": "work"). Everybody defines it for themselves with "prompd provider add".',
    },
  );
}

/** Through whom connections go, whom they trust, and who they say that they are: whoever wrote a checkout could listen in. */
function refuseConnections(value: unknown, file: string): void {
  const { network, registries } = membersOf(value);
  const ofNetwork = Object.keys(membersOf(network))
    .filter(key => ['proxy', 'noProxy', 'caFile'].includes(key))
    .map(key => `network.${key}`);
  const ofRegistries = Object.entries(membersOf(registries)).flatMap(([alias, settings]) =>
    Object.keys(membersOf(settings))
      .filter(key => ['certFile', 'keyFile'].includes(key))
      .map(key => `registries.${alias}.${key}`),
  );
  const [key] = [...ofNetwork, ...ofRegistries];
  if (key === undefined) return;
  throw new PrompdError(
    'ECONFIGSECRET',
    `${file}: "${key}" says how connections are made safe, which a project's file may not do.`,
    { facts: { file, key }, hint: 'Put it into config.json in your prompd folder.' },
  );
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function secretError(file: string, trail: readonly string[], what: string): PrompdError {
  const key = trail.join('.');
  return new PrompdError('ECONFIGSECRET', `${file}: "${key}" ${what}, which a project's file may not do.`, {
    facts: { file, key },
    hint: 'Remove it from the file. Credentials come from "prompd login" or PROMPD_TOKEN; everything personal belongs in config.json in your prompd folder.',
  });
}

function schemaError(error: z.ZodError, file: string, known: readonly string[]): PrompdError {
  const [first] = error.issues;
  const unknownKeys = first?.code === 'unrecognized_keys' ? first.keys : [];
  const path = [...(first?.path ?? []), ...unknownKeys.slice(0, 1)].map(String);
  const key = path.join('.') || '(the whole file)';
  const near = unknownKeys[0] === undefined ? undefined : suggest(unknownKeys[0], siblings(path, known));
  const message =
    unknownKeys.length > 0
      ? `"${key}" is not a setting.`
      : // What the schemas here say is a sentence already; what zod says is none.
        `"${key}": ${(first?.message ?? 'it cannot be used').replace(/\.$/, '')}.`;
  return new PrompdError('ECONFIG', `${file}: ${message}`, {
    facts: {
      file,
      key,
      problems: error.issues.map(issue => `${issue.path.map(String).join('.') || '(top)'}: ${issue.message}`),
    },
    hint: hintFor(unknownKeys[0], near, siblings(path, known)),
  });
}

function hintFor(unknownKey: string | undefined, near: string | undefined, known: readonly string[]): string {
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (unknownKey !== undefined && SECRET.test(unknownKey)) {
    return 'Credentials do not belong in a configuration file: run "prompd login --token <token>".';
  }
  return unknownKey === undefined
    ? 'docs/configuration.md lists every setting with its values.'
    : `The settings here are ${known.join(', ')}.`;
}

function siblings(path: readonly string[], topLevel: readonly string[]): readonly string[] {
  if (path.length <= 1) return topLevel;
  if (path[0] === 'network') return Object.keys(NETWORK_VARIABLES);
  if (path[0] === 'minimumReleaseAge') return ['age', 'exclude'];
  if (path[0] === 'providers') return ['kind', 'baseUrl', 'model', 'headers'];
  return ['url', 'protocol', 'publicKey', 'certFile', 'keyFile'];
}
