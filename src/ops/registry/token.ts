import { DEFAULT_ALIAS } from '../../config/config.js';
import { MOMENT_FORM, parseMoment } from '../../config/resolution.js';
import { PrompdError } from '../../core/errors.js';
import {
  connectTo,
  type IssuedToken,
  type Registry,
  registryConfig,
  type TokenInfo,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';
import { parseTokenScopes } from './registry-server.js';

export interface TokenList {
  readonly registry: string;
  readonly tokens: readonly TokenInfo[];
}

export interface TokenCreation extends IssuedToken {
  readonly registry: string;
}

export interface TokenRevocation {
  readonly registry: string;
  readonly id: string;
}

export interface TokenOptions {
  readonly name?: string | undefined;
  /** Whose it is to be; by default who asks, and at a prompd registry who the name says. */
  readonly user?: string | undefined;
  /** Comma-separated. */
  readonly scopes: string;
  /** Networks that it may be used from. */
  readonly cidr?: readonly string[];
  /** Names and scopes of packages that it is for, separated by commas. */
  readonly packages?: string | undefined;
  /** A date, or a time with its zone. */
  readonly expires?: string | undefined;
}

/** The tokens that the default registry tells of. @throws PrompdError EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function listTokens(context: Context): Promise<TokenList> {
  const registry = await open(context);
  return { registry: registry.url, tokens: await registry.tokens.list() };
}

/**
 * Makes a token at the default registry, which shows it this once.
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, EUNSUPPORTED for what the registry's tokens cannot be
 */
export async function createToken(context: Context, options: TokenOptions): Promise<TokenCreation> {
  const scopes = parseTokenScopes(options.scopes);
  const expiresAt = expiryOf(context, options.expires);
  const registry = await open(context);
  const issued = await registry.tokens.create({
    name: options.name,
    user: options.user,
    scopes,
    cidr: options.cidr ?? [],
    packages: (options.packages ?? '')
      .split(',')
      .map(word => word.trim())
      .filter(word => word !== ''),
    expiresAt,
    password: () => passwordOf(context),
  });
  return { registry: registry.url, ...issued };
}

/** Makes a token worthless. @throws PrompdError EUSAGE for no id; ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function revokeToken(context: Context, id: string): Promise<TokenRevocation> {
  // Every id begins with nothing: where a registry has one token, that would be meant, the user's own.
  if (id.trim() === '') {
    throw new PrompdError('EUSAGE', 'The id of the token is empty.', {
      hint: '"prompd token list" shows the ids.',
    });
  }
  const registry = await open(context);
  await registry.tokens.revoke(id);
  return { registry: registry.url, id };
}

async function open(context: Context): Promise<Registry> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  return connectTo(context, registry, await requireToken(context, registry));
}

function expiryOf({ now }: Context, raw: string | undefined): string | undefined {
  if (raw === undefined) return undefined;
  const moment = parseMoment(raw);
  if (moment !== undefined && moment > now()) return moment.toISOString();
  throw new PrompdError('EUSAGE', `--expires takes a moment in the future, and not "${raw.slice(0, 60)}".`, {
    facts: { found: raw.slice(0, 60) },
    hint: MOMENT_FORM,
  });
}

async function passwordOf({ askSecret, readStdin }: Context): Promise<string> {
  const password =
    askSecret === undefined ? (await readStdin()).replace(/\r?\n$/, '') : await askSecret('Password: ');
  if (password !== '') return password;
  throw new PrompdError('EUSAGE', 'The registry makes tokens for who gives the password of the account.', {
    hint: 'Type it, or pipe it in.',
  });
}
