import { userOf } from '../../domain/actor.js';
import { RequestError } from '../../domain/problem-document.js';
import { hashToken, type TokenRecord } from '../../domain/token.js';
import { defineRoute } from '../route.js';
import { tokenBody, tokenParams } from './schemas.js';

const DAY = 24 * 60 * 60 * 1000;
/** Ways to limit a token that npm has and this registry has not. */
const UNKNOWN_LIMITS = ['orgs', 'orgs_permission'];

export const npmTokenRoutes = [
  defineRoute({
    method: 'get',
    path: '/npm/-/npm/v1/tokens',
    id: 'npmTokens',
    summary: 'The tokens of the user who asks, without their values',
    action: 'registry.whoami',
    answers: { 200: { description: 'The tokens' } },
    async handle(_input, { actor, services, response }) {
      const records = await services.tokens.listOf(userOf(actor));
      response.json({ objects: records.map(shown), total: records.length, urls: {} });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/npm/-/npm/v1/tokens',
    id: 'npmCreateToken',
    summary: 'Make a token of the user who asks; its password is a token that they have',
    action: 'token.manage',
    body: tokenBody,
    answers: { 201: { description: 'The token' } },
    async handle({ body }, { actor, services, request, response }) {
      const { password, name = 'npm', readonly = false, expires } = body;
      await services.tokens.assertPassword(userOf(actor), password, request.ip);
      const asked = UNKNOWN_LIMITS.find(member => !isEmpty(body[member]));
      if (asked !== undefined) {
        // A token that may do more than was asked for would be a surprise.
        throw new RequestError('EBADREQUEST', `The registry cannot limit a token by "${asked}".`);
      }
      const { token, record } = await services.tokens.create(services.tokens.stampOf(actor), {
        name,
        user: userOf(actor),
        scopes: [readonly ? 'read' : 'publish'],
        cidrs: body.cidr_whitelist ?? [],
        packages: [...(body.packages ?? []), ...(body.scopes ?? [])],
        expiresAt: services.tokens.after(expires === undefined ? undefined : expires * DAY),
      });
      response.status(201).json({ ...shown(record), token });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/npm/-/npm/v1/tokens/token/:token',
    id: 'npmRevokeToken',
    summary: "Revoke a token of one's own, by its key or its value",
    action: 'registry.whoami',
    params: tokenParams,
    answers: { 200: { description: 'It is revoked' } },
    async handle({ params: { token } }, { actor, services, response }) {
      const hash = hashToken(token);
      await services.tokens.revokeOwn(actor, record => keyOf(record) === token || record.hash === hash);
      response.json({ ok: true });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/npm/-/user/token/:token',
    id: 'npmLogout',
    summary: 'End a token, as "npm logout" does',
    action: 'registry.whoami',
    params: tokenParams,
    answers: { 200: { description: 'It is revoked' } },
    async handle({ params: { token } }, { actor, services, response }) {
      const hash = hashToken(token);
      await services.tokens.revokeOwn(actor, record => record.hash === hash);
      response.json({ ok: true });
    },
  }),
];

/** npm shows the first six characters of a key as the token's id. */
function keyOf({ id }: TokenRecord): string {
  return String(id).padStart(6, '0');
}

function shown(record: TokenRecord) {
  const created = record.createdAt.toISOString();
  return {
    key: keyOf(record),
    token: 'prompd_',
    name: record.name,
    user: record.user,
    created,
    updated: created,
    readonly: record.scopes.every(scope => scope === 'read'),
    cidr_whitelist: record.cidrs.length === 0 ? null : record.cidrs,
    last_used: record.lastUsedAt?.toISOString() ?? null,
    expires: record.expiresAt?.toISOString() ?? null,
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
