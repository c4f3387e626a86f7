import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker } from './prompd-ask.js';
import type { Identity, RegistryTokens, TokenInfo, TokenRequest } from './registry.js';

/** Largest id that a registry gives. */
const MAX_ID = 2 ** 31 - 1;
const text = z.string().max(300);
const time = z.string().max(40).nullish();
const ALL = 'tokens';
const OWN = 'me/tokens';

const tokenSchema = z.object({
  id: z.int().positive(),
  name: text,
  user: text,
  scopes: z.array(text).max(100),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time,
  revokedAt: time,
  cidrs: z.array(text).max(1000).optional(),
  packages: z.array(text).max(1000).optional(),
});
const listSchema = z.object({ tokens: z.array(tokenSchema).max(100_000) });
const issuedSchema = tokenSchema.extend({ token: z.string().min(1).max(4096) });

/**
 * The tokens of a registry that speaks prompd's own protocol: for its administrators all, for others their own.
 * @param whoami says who asks
 */
export function prompdTokens(
  http: HttpClient,
  registryUrl: string,
  whoami: () => Promise<Identity>,
): RegistryTokens {
  const ask = asker(http, registryUrl, 'the tokens');
  const tokensPath = async () => (isAdmin(await whoami()) ? ALL : OWN);
  return {
    async list() {
      return readAnswer(await ask('GET', await tokensPath()), listSchema).tokens.map(infoOf);
    },
    async create({ name, user, scopes, cidr, packages = [], expiresAt, password }) {
      const asks = await whoami();
      const limits = {
        scopes,
        expiresAt,
        ...(cidr.length > 0 && { cidrs: cidr }),
        ...(packages.length > 0 && { packages }),
      };
      const body = isAdmin(asks)
        ? { name: name ?? user ?? asks.name, user: user ?? asks.name, ...limits }
        : { name: name ?? asks.name, ...limits, password: await passwordOf(asks, { user, password }) };
      const path = isAdmin(asks) ? ALL : OWN;
      const issued = readAnswer(await ask('POST', path, { body }), issuedSchema);
      return { ...infoOf(issued), token: issued.token };
    },
    async revoke(id) {
      if (!/^\d{1,10}$/.test(id) || Number(id) > MAX_ID) throw noToken(id, registryUrl);
      await ask('DELETE', `${await tokensPath()}/${encodeURIComponent(id)}`, {
        subject: `token "${id.slice(0, 100)}"`,
      });
    },
  };
}

function isAdmin({ scopes }: Identity): boolean {
  return scopes?.includes('admin') ?? false;
}

/** A token makes another one only with the password of its user. @throws PrompdError EFORBIDDEN for another user's */
async function passwordOf(
  { name }: Identity,
  { user, password }: Pick<TokenRequest, 'user' | 'password'>,
): Promise<string> {
  if (user === undefined || user === name) return password();
  throw new PrompdError('EFORBIDDEN', 'Tokens of others are made by administrators.', {
    facts: { user },
    hint: 'Leave out --user.',
  });
}

/** Tokens have numbers: no other word is the id of one, nor is a token itself. */
function noToken(id: string, registryUrl: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no token "${id.slice(0, 100)}".`, {
    facts: { registry: registryUrl, token: id.slice(0, 100) },
    hint: '"prompd token list" shows the ids.',
  });
}

function infoOf(token: z.infer<typeof tokenSchema>): TokenInfo {
  return {
    id: String(token.id),
    name: token.name,
    user: token.user,
    scopes: token.scopes,
    cidr: token.cidrs ?? [],
    packages: token.packages ?? [],
    createdAt: token.createdAt ?? undefined,
    expiresAt: token.expiresAt ?? undefined,
    lastUsedAt: token.lastUsedAt ?? undefined,
    revokedAt: token.revokedAt ?? undefined,
  };
}
