import type { ProviderConfig, ProviderKind } from '../../config/config.js';
import {
  findProviderKey,
  forgetProviderKey,
  type KeySource,
  keepProviderKey,
  keyVariables,
} from '../../config/provider-keys.js';
import { builtInProviders, type ProviderDefinition, readProvider } from '../../config/providers.js';
import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';
import { changeUserSetting } from '../settings/config.js';
import { findProvider } from './choose-model.js';
import { isExposed } from './model-desk.js';

/** A provider as users see it: everything but its key. */
export interface ProviderInfo extends ProviderConfig {
  /** Whether it is asked where nothing else says otherwise. */
  readonly default: boolean;
  /** Where its key was found; null when there is none. */
  readonly key: KeySource | null;
  /** Why a key that is there cannot be used; null when nothing is wrong. */
  readonly keyFault: string | null;
  /** The variables that can hold its key, strongest first; none for a provider without keys. */
  readonly keyVariables: readonly string[];
}

/** All providers, by name, also those whose keys cannot be read. @throws PrompdError ECONFIG */
export async function listProviders(context: Context): Promise<readonly ProviderInfo[]> {
  const names = [...context.config.providers.keys()].sort();
  const found: ProviderInfo[] = [];
  // One after the other: a credential store of the system may ask its user for each.
  for (const name of names) found.push(await lenientInfo(context, findProvider(context.config, name)));
  return found;
}

/** One provider. @throws PrompdError ENOPROVIDER, EPROVIDERKEY, EKEYCHAIN, ECONFIG */
export async function showProvider(context: Context, name: string): Promise<ProviderInfo> {
  return infoOf(context, findProvider(context.config, name));
}

export interface AddProviderOptions {
  readonly name: string;
  readonly kind?: ProviderKind | undefined;
  readonly baseUrl?: string | undefined;
  readonly model?: string | undefined;
  /** `name=value`, as typed. */
  readonly headers: readonly string[];
  /** Whether standard input holds a key to keep. */
  readonly keyFromStdin: boolean;
}

/**
 * Defines a provider in the user's configuration, or changes what it says of one; keeps a key for it. A key that was
 * kept for an address that changes is forgotten.
 * @throws PrompdError EUSAGE, ECONFIG, EPROVIDERKEY, EKEYCHAIN, ELOCKED
 */
export async function addProvider(context: Context, options: AddProviderOptions): Promise<ProviderInfo> {
  const { name } = options;
  checkName(name);
  const before = context.config.providers.get(name);
  const definition = definitionOf(before, options);
  const provider = readProvider(name, definition, '--base-url, --header');
  const store = { config: context.config, warn: (message: string) => context.progress.warn(message) };
  if (isExposed(provider)) {
    context.progress.warn(`What is sent to ${provider.baseUrl} is not encrypted: use an https address.`);
  }
  if (options.keyFromStdin) {
    if (provider.kind === 'echo') {
      throw new PrompdError('EUSAGE', 'echo asks nobody, and takes no key.', {
        hint: 'Leave out "--key-stdin".',
      });
    }
    await keepProviderKey(store, provider, await readKey(context));
  }
  const changed = options.kind ?? options.baseUrl ?? options.model ?? options.headers[0];
  if (changed !== undefined || !before) {
    await changeUserSetting(context, ['providers', name], definition);
  }
  if (before && before.baseUrl !== provider.baseUrl) await forgetProviderKey(store, before);
  return infoOf(context, changed === undefined && before ? before : provider);
}

export interface RemovedProvider {
  readonly name: string;
  /** Whether the user's configuration had it. A built-in provider is as it was before. */
  readonly definition: boolean;
  /** Whether a key was kept for it. */
  readonly key: boolean;
}

/**
 * Removes a provider from the user's configuration, and forgets the key that was kept for it.
 * @throws PrompdError ENOPROVIDER when there is nothing to remove
 */
export async function removeProvider(context: Context, name: string): Promise<RemovedProvider> {
  const provider = findProvider(context.config, name);
  const { config, progress } = context;
  const key = await forgetProviderKey({ config, warn: message => progress.warn(message) }, provider);
  const definition = provider.origin === 'user';
  if (!definition && !key) {
    throw new PrompdError('ENOPROVIDER', `"${name}" is built in, and no key is kept for it.`, {
      facts: { provider: name },
      hint: 'There is nothing to remove.',
    });
  }
  if (definition) await changeUserSetting(context, ['providers', name], undefined);
  return { name, definition, key };
}

async function lenientInfo(context: Context, provider: ProviderConfig): Promise<ProviderInfo> {
  try {
    return await infoOf(context, provider);
  } catch (error) {
    const isAboutKey =
      error instanceof PrompdError && (error.code === 'EPROVIDERKEY' || error.code === 'EKEYCHAIN');
    if (!isAboutKey) throw error;
    context.progress.warn(`${provider.name}: ${error.message}`);
    return describe(context, provider, { key: null, keyFault: error.message });
  }
}

async function infoOf(context: Context, provider: ProviderConfig): Promise<ProviderInfo> {
  const { config, env, progress } = context;
  const found = await findProviderKey({ config, env, warn: message => progress.warn(message) }, provider);
  return describe(context, provider, { key: found?.source ?? null, keyFault: null });
}

function describe(
  { config }: Context,
  provider: ProviderConfig,
  found: Pick<ProviderInfo, 'key' | 'keyFault'>,
): ProviderInfo {
  return {
    ...provider,
    default: config.provider === provider.name,
    ...found,
    keyVariables: provider.kind === 'echo' ? [] : keyVariables(provider.name),
  };
}

async function readKey({ askSecret, readStdin }: Context): Promise<string> {
  return askSecret ? askSecret('API key: ') : readStdin();
}

function definitionOf(before: ProviderConfig | undefined, options: AddProviderOptions): ProviderDefinition {
  const known = before ?? builtInProviders().find(({ name }) => name === options.name);
  const kind = options.kind ?? known?.kind;
  if (kind === undefined) {
    throw new PrompdError('EUSAGE', `"${options.name}" needs a kind.`, {
      hint: 'Add "--kind openai-compatible" for an endpoint that speaks OpenAI\'s protocol.',
    });
  }
  // An address belongs to the protocol spoken there.
  const same = known?.kind === kind && known.origin === 'user' ? known : undefined;
  const baseUrl = options.baseUrl ?? same?.baseUrl;
  const model = options.model ?? same?.model;
  const headers = { ...same?.headers, ...Object.fromEntries(options.headers.map(parseHeader)) };
  return {
    kind,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(model === undefined ? {} : { model }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
  };
}

function parseHeader(text: string): [string, string] {
  const match = /^([A-Za-z0-9-]{1,100})=([\x20-\x7e]{0,1000})$/.exec(text);
  if (match) return [match[1] ?? '', match[2] ?? ''];
  throw new PrompdError('EUSAGE', 'A header is given as name=value, in printable ASCII characters.', {
    hint: 'Write it as in "--header x-team=reviews". Keys belong to "--key-stdin".',
  });
}

function checkName(name: string): void {
  if (/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) return;
  throw new PrompdError('EUSAGE', `"${name.slice(0, 80)}" cannot be the name of a provider.`, {
    hint: 'Use at most 40 lowercase letters, digits and "-".',
  });
}
