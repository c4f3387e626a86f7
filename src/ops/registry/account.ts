import { hostname } from 'node:os';
import { type Config, DEFAULT_ALIAS, type RegistryConfig } from '../../config/config.js';
import { openKeychain, tokenFor } from '../../config/credentials.js';
import { SERVICE } from '../../config/keychain.js';
import { checkToken } from '../../config/token.js';
import { PrompdError } from '../../core/errors.js';
import {
  connectTo,
  type Identity,
  type LoginPrompts,
  loginPrompts,
  readOnly,
  registryConfig,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { pingConfigured } from './ping-registry.js';

export interface Account extends Identity {
  /** The registry that says so. */
  readonly registry: string;
}

/** Who logged in; without a name where the registry does not tell. */
export type Login = Account | { readonly name: null; readonly scopes: undefined; readonly registry: string };

/**
 * Tries a token at the default registry and keeps it when the registry accepts it, or has no way to say so.
 * @param given the token; undefined asks for it on the terminal, or reads it from standard input
 * @throws PrompdError EAUTH when the registry does not accept it, or when only a project's file chose the registry
 */
export async function login(context: Context, given: string | undefined): Promise<Login> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  if (registry.origin === 'project') {
    throw new PrompdError('EAUTH', `The project's .prompdrc.json chose the registry ${registry.url}.`, {
      facts: { registry: registry.url },
      hint: `A token is only sent to a registry that you name yourself: add "--registry ${registry.url}" if you trust it.`,
    });
  }
  if (isExposed(registry)) {
    context.progress.warn(`Credentials go to ${registry.url} unencrypted: use an https address.`);
  }
  const read = await tokenFrom(context, registry, given);
  if (read.trim() === '') {
    throw new PrompdError('EUSAGE', 'There is no token to log in with.', {
      hint: 'Give it with "--token <token>", or pipe it in, as in "prompd login < token.txt".',
    });
  }
  const token = checkToken(read, given === undefined ? 'The input' : '--token');
  const identity = await identityOf(context, registry, token);
  if (identity) refuseAnonymous(identity, registry);
  else context.progress.warn(`${registry.url} does not say whose token this is: it is kept untried.`);
  await keychain(context).setPassword(SERVICE, registry.url, token);
  if (context.env['PROMPD_TOKEN']) {
    context.progress.warn('PROMPD_TOKEN is set, and is used instead of the token that was kept now.');
  }
  return { ...(identity ?? { name: null, scopes: undefined }), registry: registry.url };
}

/** Whom a registry takes the holder of a token for; undefined where it does not tell. */
async function identityOf(
  context: Context,
  registry: RegistryConfig,
  token: string,
): Promise<Identity | undefined> {
  try {
    return await connectTo(context, registry, token).whoami();
  } catch (error) {
    if (error instanceof PrompdError && error.code === 'EUNSUPPORTED') return undefined;
    throw error;
  }
}

export interface LoggedOut {
  readonly registry: string;
  /** Whether there was a token to forget. */
  readonly removed: boolean;
}

/** Forgets the token of the default registry. */
export async function logout(context: Context): Promise<LoggedOut> {
  const { url } = registryConfig(context.config, DEFAULT_ALIAS);
  return { registry: url, removed: await keychain(context).deletePassword(SERVICE, url) };
}

/**
 * Whom the default registry takes the user for.
 * @throws PrompdError EAUTH when there is no token, or the registry does not accept it
 */
export async function whoami(context: Context): Promise<Account> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  const token = await requireToken(context, registry);
  const identity = await connectTo(context, registry, token).whoami();
  refuseAnonymous(identity, registry);
  return { ...identity, registry: registry.url };
}

/**
 * The token for a registry.
 * @throws PrompdError EAUTH before anything is sent, when there is none; EREADONLY, ENETWORK, ETIMEOUT when there is none and the
 *   registry is one of files or does not answer: nobody could log in to it
 */
export async function requireToken(context: Context, registry: RegistryConfig): Promise<string> {
  const { config, env, progress } = context;
  const token = await tokenFor({ config, env, warn: message => progress.warn(message) }, registry);
  if (token !== undefined) return token;
  if (await isStatic(context, registry)) throw readOnly(registry.url);
  throw new PrompdError('EAUTH', `You are not logged in to ${registry.url}.`, {
    facts: { registry: registry.url },
    hint: `Run "prompd login --registry ${registry.url}", or set PROMPD_TOKEN.`,
  });
}

/**
 * Whether a registry is one of files. Who is told to log in where nobody answers learns of that only after making a token.
 * @throws PrompdError ENETWORK, ETIMEOUT
 */
async function isStatic(context: Context, registry: RegistryConfig): Promise<boolean> {
  if (registry.protocol === 'static' || !/^https?:/.test(registry.url)) return true;
  if (context.config.network.use === 'never') return false;
  try {
    return (await pingConfigured(context, registry)).isStatic;
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code === 'ENETWORK' || error.code === 'ETIMEOUT')
      throw error;
    return false;
  }
}

/** Whether the user, rather than a checkout, named an address: in the configuration, by flag, or by logging in. */
export async function isKnownToUser(context: Context, url: string): Promise<boolean> {
  for (const registry of context.config.registries.values()) {
    if (registry.url === url && registry.origin !== 'project') return true;
  }
  return (await keychain(context).getPassword(SERVICE, url)) !== null;
}

function keychain({ config, progress }: { config: Config; progress: Context['progress'] }) {
  return openKeychain({ config, warn: message => progress.warn(message) });
}

/** The one that was given, else one that the registry makes for who signs in, else what the user types or pipes in. */
async function tokenFrom(
  context: Context,
  registry: RegistryConfig,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined && given !== '-') return given;
  const prompts = given === '-' ? undefined : loginPrompts(context);
  if (prompts === undefined) return context.readStdin();
  return (await tokenMade(context, registry, prompts)) ?? prompts.askSecret('Token: ');
}

/** The token that a registry makes for who signs in; undefined where it makes none, or tells strangers nothing at all. */
async function tokenMade(
  context: Context,
  registry: RegistryConfig,
  prompts: LoginPrompts,
): Promise<string | undefined> {
  let isMet = false;
  const met = <A extends unknown[], R>(meet: (...args: A) => R) => {
    return (...args: A): R => {
      isMet = true;
      return meet(...args);
    };
  };
  const { visit, ask, askSecret } = prompts;
  try {
    return await connectTo(context, registry, null).login({
      ...prompts,
      device: hostname(),
      visit: met(visit),
      ask: met(ask),
      askSecret: met(askSecret),
    });
  } catch (error) {
    // Then it has not refused the user, but that somebody unknown asks what it is.
    if (!isMet && error instanceof PrompdError && isRefusal(error)) return undefined;
    throw error;
  }
}

/** Whether a registry answered that it does not let somebody in, rather than that nobody came. */
function isRefusal({ code, facts }: PrompdError): boolean {
  return (code === 'EAUTH' || code === 'EFORBIDDEN') && facts['status'] !== undefined;
}

/** A registry that lets everybody ask who they are has not accepted the token. */
function refuseAnonymous(identity: Identity, registry: RegistryConfig): void {
  if (identity.scopes === undefined || identity.scopes.length > 0) return;
  throw new PrompdError('EAUTH', `${registry.url} does not accept the token.`, {
    facts: { registry: registry.url },
    hint: 'Make a new one with "prompd registry token create" beside the registry, or ask its administrator.',
  });
}

function isExposed({ url }: RegistryConfig): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && hostname !== 'localhost' && hostname !== '[::1]' && !/^127\./.test(hostname);
}
