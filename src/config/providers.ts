import { PrompdError } from '../core/errors.js';
import type { ProviderConfig, ProviderKind } from './config.js';
import type { ConfigFile } from './schema.js';

/** What a definition in `config.json` says. */
export type ProviderDefinition = NonNullable<ConfigFile['providers']>[string];

const STANDARD_URLS: Record<ProviderKind, string | undefined> = {
  openai: 'https://api.openai.com/v1/',
  anthropic: 'https://api.anthropic.com/v1/',
  'openai-compatible': undefined,
  ollama: 'http://127.0.0.1:11434/v1/',
  echo: undefined,
};

/** Words in a header's name that mean a credential. */
const SECRET_HEADER = /auth|token|key|secret|cookie|credential|passw|session/i;
/** Headers that belong to the connection or to the protocol. */
const OWN_HEADER =
  /^(?:host|connection|content-(?:length|type|encoding)|transfer-encoding|te|upgrade|expect)$/i;

/** The providers that are there without any configuration. */
export function builtInProviders(): ProviderConfig[] {
  return (['openai', 'anthropic', 'ollama', 'echo'] as const).map(kind => ({
    name: kind,
    kind,
    baseUrl: STANDARD_URLS[kind],
    model: kind === 'echo' ? 'echo' : undefined,
    headers: {},
    origin: 'built in',
  }));
}

/**
 * Checks one definition of the user's configuration.
 * @param file what to call the place in errors
 * @throws PrompdError ECONFIG
 */
export function readProvider(name: string, definition: ProviderDefinition, file: string): ProviderConfig {
  const { kind, baseUrl: raw, model, headers = {} } = definition;
  const key = `providers.${name}`;
  if (kind === 'echo' && raw !== undefined) {
    throw unusable(file, `${key}.baseUrl`, 'is not used: echo asks nobody', 'Remove the address.');
  }
  if (kind === 'openai-compatible' && raw === undefined) {
    throw unusable(
      file,
      `${key}.baseUrl`,
      'is missing',
      'Say where the endpoint is, as in "https://models.example.com/v1".',
    );
  }
  for (const header of Object.keys(headers)) checkHeader(header, file, `${key}.headers.${header}`);
  return {
    name,
    kind,
    baseUrl: raw === undefined ? STANDARD_URLS[kind] : parseBaseUrl(raw, file, `${key}.baseUrl`),
    model: model ?? (kind === 'echo' ? 'echo' : undefined),
    headers,
    origin: 'user',
  };
}

/** All providers by name: the built-in ones, and those of the user, who may define a built-in name anew. */
export function providersOf(
  definitions: ConfigFile['providers'],
  file: string,
): ReadonlyMap<string, ProviderConfig> {
  const providers = new Map(builtInProviders().map(provider => [provider.name, provider]));
  for (const [name, definition] of Object.entries(definitions ?? {})) {
    providers.set(name, readProvider(name, definition, file));
  }
  return providers;
}

function parseBaseUrl(raw: string, file: string, key: string): string {
  const example = 'Write it as in "https://models.example.com/v1".';
  if (!URL.canParse(raw)) throw unusable(file, key, 'is not an address', example);
  const url = new URL(raw);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw unusable(file, key, 'is not an http or https address', example);
  if (url.username !== '' || url.password !== '')
    throw unusable(
      file,
      key,
      'holds a user name or password',
      'Take it out, and keep the key with "prompd provider add --key-stdin".',
    );
  if (url.search !== '' || url.hash !== '')
    throw unusable(file, key, 'has a query or fragment', 'Leave out everything from "?" or "#" on.');
  if (raw.includes('${'))
    throw unusable(file, key, 'holds a variable', 'Variables are not expanded: write the address itself.');
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function checkHeader(name: string, file: string, key: string): void {
  if (SECRET_HEADER.test(name))
    throw unusable(
      file,
      key,
      'looks like a credential',
      'Keys do not belong in a configuration file: use "prompd provider add --key-stdin" or an environment variable.',
    );
  if (OWN_HEADER.test(name)) throw unusable(file, key, 'belongs to the connection', 'Leave the header out.');
}

function unusable(file: string, key: string, what: string, hint: string): PrompdError {
  return new PrompdError('ECONFIG', `${file}: "${key}" ${what}.`, { facts: { file, key }, hint });
}
