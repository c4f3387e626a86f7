import { hasScope, SCOPES, userOf } from '../domain/actor.js';
import type { TokenRecord } from '../domain/token.js';
import * as answers from './answers.js';
import { defineRoute } from './route.js';
import { tokenBody, tokenParams } from './schemas.js';

export const tokenRoutes = [
  defineRoute({
    method: 'get',
    path: '/whoami',
    id: 'whoami',
    summary: 'The user and the name of the token that asks, and all scopes that it includes',
    action: 'registry.whoami',
    answers: { 200: { description: 'Who asks', schema: answers.identity } },
    async handle(_input, { actor, response }) {
      response.json({
        user: userOf(actor),
        name: actor.kind === 'anonymous' ? 'anonymous' : actor.name,
        scopes: SCOPES.filter(scope => hasScope(actor, scope)),
      });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/tokens',
    id: 'createToken',
    summary: 'Make a token; only this answer shows it',
    action: 'token.manage',
    body: tokenBody,
    answers: { 201: { description: 'The token', schema: answers.issuedToken } },
    async handle({ body: { expiresAt, ...wanted } }, { actor, services, response }) {
      const { token, record } = await services.tokens.create(services.tokens.stampOf(actor), {
        ...wanted,
        expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      });
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json({ token, ...shownToken(record) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/tokens',
    id: 'listTokens',
    summary: 'All tokens, without their values',
    action: 'token.manage',
    answers: { 200: { description: 'The tokens', schema: answers.tokenList } },
    async handle(_input, { services, response }) {
      const records = await services.tokens.list();
      response.set('cache-control', 'no-store').json({ tokens: records.map(shownToken) });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/tokens/:id',
    id: 'revokeToken',
    summary: 'Revoke a token, at once and for good',
    action: 'token.manage',
    params: tokenParams,
    answers: { 204: { description: 'It is revoked' } },
    async handle({ params: { id } }, { actor, services, response }) {
      await services.tokens.revoke(actor, id);
      response.status(204).end();
    },
  }),
];

/** A token without its value. */
export function shownToken(record: TokenRecord) {
  const { id, name, user, scopes, createdAt, expiresAt, lastUsedAt, revokedAt, cidrs, packages } = record;
  return {
    id,
    name,
    user,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    cidrs,
    packages,
  };
}
