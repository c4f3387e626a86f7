import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { HttpAnswer, HttpClient, HttpRequest } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import { JSON_TYPES } from './prompd-changes.js';
import type { Identity, RegistryTokens, TokenInfo } from './registry.js';

/** Largest id that a registry gives. */
const MAX_ID = 2 ** 31 - 1;
const text = z.string().max(300);
const time = z.string().max(40).nullish();

const tokenSchema = z.object({
  id: z.int().positive(),
  name: text,
  user: text,
  scopes: z.array(text).max(100),
  createdAt: time,
  expiresAt: time,
  lastUsedAt: time,
  revokedAt: time,
});
const listSchema = z.object({ tokens: z.array(tokenSchema).max(100_000) });
const issuedSchema = tokenSchema.extend({ token: z.string().min(1).max(4096) });

/**
 * All tokens of a registry that speaks prompd's own protocol: a matter of its administrators.
 * @param whoami says whose a token is to be that is made for nobody in particular
 */
export function prompdTokens(
  http: HttpClient,
  registryUrl: string,
  whoami: () => Promise<Identity>,
): RegistryTokens {
  const ask = async (
    method: HttpRequest['method'],
    path: string,
    { body, subject = 'the tokens' }: { body?: object; subject?: string } = {},
  ): Promise<HttpAnswer> => {
    const url = new URL(path, registryUrl);
    const answer = await http.send({
      method,
      url,
      headers: { accept: JSON_TYPES, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: Buffer.from(JSON.stringify(body)) } : {}),
      isRepeatable: method !== 'POST',
      ...jsonLimits(url),
    });
    if (answer.status >= 200 && answer.status <= 204) return answer;
    throw answerError(answer, subject, registryUrl);
  };
  return {
    async list() {
      return readAnswer(await ask('GET', 'tokens'), listSchema).tokens.map(infoOf);
    },
    async create({ name, user, scopes, cidr, expiresAt }) {
      if (cidr.length > 0) {
        throw new PrompdError('EUNSUPPORTED', 'Tokens of a prompd registry hold from every network.', {
          facts: { registry: registryUrl },
          hint: 'Leave out --cidr.',
        });
      }
      const owner = user ?? (await whoami()).name;
      const body = { name: name ?? owner, user: owner, scopes, expiresAt };
      const issued = readAnswer(await ask('POST', 'tokens', { body }), issuedSchema);
      return { ...infoOf(issued), token: issued.token };
    },
    async revoke(id) {
      if (!/^\d{1,10}$/.test(id) || Number(id) > MAX_ID) throw noToken(id, registryUrl);
      await ask('DELETE', `tokens/${encodeURIComponent(id)}`, { subject: `token "${id.slice(0, 100)}"` });
    },
  };
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
    cidr: [],
    createdAt: token.createdAt ?? undefined,
    expiresAt: token.expiresAt ?? undefined,
    lastUsedAt: token.lastUsedAt ?? undefined,
    revokedAt: token.revokedAt ?? undefined,
  };
}
