import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer, HttpRequest } from '../http.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { RegistryTokens, TokenInfo, TokenRequest } from '../registry.js';
import { unsupported } from './document.js';
import { asksForOneTimePassword, npmError } from './error.js';
import type { Place } from './place.js';

const PATH = '-/npm/v1/tokens';
/** A page after the other is asked for, up to this many tokens. */
const MAX_TOKENS = 10_000;
const MAX_PAGES = 200;

const words = z.array(z.string().max(100)).max(1000).nullish().catch([]);
const time = z.string().max(40).nullish().catch(undefined);

const tokenSchema = z.object({
  key: z.string().min(1).max(300),
  name: z.string().max(300).nullish().catch(undefined),
  user: z.string().max(214).nullish().catch(undefined),
  readonly: z.boolean().nullish().catch(undefined),
  cidr_whitelist: words,
  cidr: words,
  created: time,
  expires: time,
  expiry: time,
  last_used: time,
  revoked: time,
});

const pageSchema = z.object({
  objects: z.array(tokenSchema).max(MAX_TOKENS),
  urls: z
    .object({ next: z.string().max(4096).nullish() })
    .optional()
    .catch(undefined),
});

const issuedSchema = tokenSchema.extend({ token: z.string().min(1).max(4096) });

/**
 * The tokens of the user who asks.
 * @see https://github.com/npm/registry/blob/main/docs/user/authentication.md
 */
export function npmTokens(place: Place): RegistryTokens {
  return {
    list: () => list(place),
    create: request => create(place, request),
    async revoke(id) {
      // Registries there are that answer alike whether or not there was such a token.
      const fits = (await list(place)).filter(token => token.id.startsWith(id));
      const [token] = fits.filter(other => other.id === id || fits.length === 1);
      if (token === undefined) throw noToken(id, place.url);
      const url = new URL(`${PATH}/token/${encodeURIComponent(token.id)}`, place.url);
      const answer = await send(place, 'DELETE', { url });
      if (answer.status >= 300) throw refused(answer, place.url);
    },
  };
}

async function list(place: Place): Promise<readonly TokenInfo[]> {
  const tokens: TokenInfo[] = [];
  let url = new URL(PATH, place.url);
  const asked = new Set<string>();
  while (asked.size < MAX_PAGES && tokens.length < MAX_TOKENS && !asked.has(url.href)) {
    asked.add(url.href);
    const answer = await send(place, 'GET', { url });
    if (answer.status !== 200) throw refused(answer, place.url);
    const { objects, urls } = readAnswer(answer, pageSchema);
    tokens.push(...objects.map(infoOf));
    if (!urls?.next || !URL.canParse(urls.next, place.url)) break;
    // npmjs writes the path alone, from the root of the registry; only its query is of interest.
    url = new URL(PATH, place.url);
    url.search = new URL(urls.next, place.url).search;
  }
  return tokens;
}

async function create(place: Place, request: TokenRequest) {
  const { name, user, scopes, cidr, packages = [], expiresAt } = request;
  const refuse = (what: string, hint: string) => {
    throw unsupported(what, place.url, hint);
  };
  if (user !== undefined)
    refuse('make tokens for others', 'Leave out --user: a token belongs to who makes it.');
  if (scopes.includes('admin'))
    refuse(
      'make tokens of administrators',
      'A token has the rights of who makes it, or with "--scopes read" may read only.',
    );
  if (expiresAt !== undefined)
    refuse(
      'say when a token expires',
      "Leave out --expires, or make the token in the registry's web interface.",
    );
  const url = new URL(PATH, place.url);
  const body = {
    ...(name === undefined ? {} : { name }),
    password: await request.password(),
    readonly: !scopes.includes('publish'),
    cidr_whitelist: cidr,
    ...(packages.length === 0 ? {} : { packages }),
  };
  const answer = await send(place, 'POST', { url, body });
  if (answer.status === 401 && !asksForOneTimePassword(answer)) {
    throw new PrompdError('EAUTH', 'The registry does not accept the login or the password.', {
      facts: { registry: place.url },
      hint: 'Check the password, or make the token in the web interface.',
    });
  }
  if (answer.status !== 200 && answer.status !== 201) throw refused(answer, place.url);
  const issued = readAnswer(answer, issuedSchema);
  return { ...infoOf(issued), name: issued.name ?? name, token: issued.token };
}

function infoOf(token: z.infer<typeof tokenSchema>): TokenInfo {
  const cidr = token.cidr_whitelist ?? [];
  return {
    id: token.key,
    name: token.name ?? undefined,
    user: token.user ?? undefined,
    scopes: token.readonly === true ? ['read'] : ['read', 'publish'],
    cidr: cidr.length > 0 ? cidr : (token.cidr ?? []),
    createdAt: token.created ?? undefined,
    expiresAt: token.expires ?? token.expiry ?? undefined,
    lastUsedAt: token.last_used ?? undefined,
    revokedAt: token.revoked ?? undefined,
  };
}

function send(
  { http }: Place,
  method: HttpRequest['method'],
  { url, body }: { url: URL; body?: object },
): Promise<HttpAnswer> {
  return http.send({
    method,
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    isRepeatable: method !== 'POST',
    ...jsonLimits(url),
  });
}

function refused(answer: HttpAnswer, url: string): PrompdError {
  if (![404, 405, 501].includes(answer.status)) return npmError(answer, 'token', url);
  return unsupported('manage tokens', url, 'Make and revoke them in its web interface or its configuration.');
}

function noToken(id: string, url: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no token "${id.slice(0, 100)}".`, {
    facts: { registry: url, token: id.slice(0, 100) },
    hint: '"prompd token list" shows the ids.',
  });
}
