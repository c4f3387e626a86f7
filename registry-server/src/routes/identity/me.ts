import { PrompdError } from 'prompd/core';
import { hasScope, userOf } from '../../domain/actor.js';
import { issuedToken, tokenList } from '../answers.js';
import { defineRoute } from '../route.js';
import { tokenParams } from '../schemas.js';
import { shownToken } from '../tokens.js';
import * as answers from './answers.js';
import { identityBody, ownChanges, ownTokenBody, passwordBody, sessionParams } from './schemas.js';
import { addressOf } from './sign-in.js';

/** What somebody sees and changes of themselves: whose it is comes from the credential alone. */
export const ownRoutes = [
  defineRoute({
    method: 'get',
    path: '/me',
    id: 'getOwnUser',
    summary: 'The account of who asks',
    action: 'identity.read',
    answers: { 200: { description: 'The user', schema: answers.user } },
    async handle(_input, { actor, services, response }) {
      const user = await services.identity.accounts.find(userOf(actor));
      response.set('cache-control', 'no-store').json(answers.shownUser(user));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/me',
    id: 'changeOwnUser',
    summary: 'Change what is said of who asks',
    action: 'identity.edit',
    body: ownChanges,
    answers: { 200: { description: 'The user', schema: answers.user } },
    async handle({ body }, { actor, services, response }) {
      const user = await services.identity.accounts.describe(actor, body);
      response.set('cache-control', 'no-store').json(answers.shownUser(user));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/me/password',
    id: 'changePassword',
    summary: 'Change the password of who asks, and end their other sessions',
    action: 'identity.change',
    body: passwordBody,
    answers: { 204: { description: 'It is changed' } },
    async handle({ body }, { actor, services, request, response }) {
      await services.identity.accounts.changePassword(actor, body, addressOf(request));
      response.status(204).end();
    },
  }),
  defineRoute({
    method: 'get',
    path: '/me/sessions',
    id: 'listSessions',
    summary: 'The sessions of who asks, newest first',
    action: 'identity.read',
    answers: { 200: { description: 'The sessions', schema: answers.sessionList } },
    async handle(_input, { actor, services, response }) {
      const found = await services.identity.sessions.list(actor);
      const current = actor.kind === 'session' ? actor.sessionId : undefined;
      const sessions = found.map(session => answers.shownSession(session, current));
      response.set('cache-control', 'no-store').json({ sessions });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/me/sessions/:id',
    id: 'endSession',
    summary: "End a session of one's own",
    action: 'identity.change',
    params: sessionParams,
    answers: { 204: { description: 'It is over' } },
    async handle({ params: { id } }, { actor, services, response }) {
      await services.identity.sessions.end(actor, id, 'ended by its user');
      response.status(204).end();
    },
  }),
  defineRoute({
    method: 'get',
    path: '/me/identities',
    id: 'listIdentities',
    summary: 'Where else who asks signs in',
    action: 'identity.read',
    answers: { 200: { description: 'The identities', schema: answers.identityList } },
    async handle(_input, { actor, services, response }) {
      const found = await services.identity.accounts.identities(userOf(actor));
      const identities = found.map(({ user: _user, linkedAt, ...rest }) => ({
        ...rest,
        linkedAt: linkedAt.toISOString(),
      }));
      response.set('cache-control', 'no-store').json({ identities });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/me/identities',
    id: 'unlinkIdentity',
    summary: 'Sign in with an identity no longer',
    action: 'identity.edit',
    body: identityBody,
    answers: { 204: { description: 'It is unlinked' } },
    async handle({ body }, { actor, services, response }) {
      await services.identity.accounts.unlink(actor, body);
      response.status(204).end();
    },
  }),
  defineRoute({
    method: 'get',
    path: '/me/tokens',
    id: 'listOwnTokens',
    summary: 'The tokens of who asks that can be used, without their values',
    action: 'identity.read',
    answers: { 200: { description: 'The tokens', schema: tokenList } },
    async handle(_input, { actor, services, response }) {
      const records = await services.tokens.listOf(userOf(actor));
      response.set('cache-control', 'no-store').json({ tokens: records.map(shownToken) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/me/tokens',
    id: 'createOwnToken',
    summary: 'Make a token of who asks; only this answer shows it',
    action: 'identity.change',
    body: ownTokenBody,
    answers: { 201: { description: 'The token', schema: issuedToken } },
    async handle({ body: { password, expiresAt, ...wanted } }, { actor, services, request, response }) {
      const user = userOf(actor);
      // A token that was found must not become one that lasts, nor by a session that it let a device have.
      if (actor.kind !== 'session' || !actor.browser) {
        if (password === undefined) throw passwordMissing();
        await services.identity.accounts.signIn(user, password, addressOf(request));
      }
      const wider = wanted.scopes.find(scope => !hasScope(actor, scope));
      if (wider !== undefined) {
        throw new PrompdError('EFORBIDDEN', `A token of yours cannot have the scope "${wider}".`, {
          facts: { scope: wider },
          hint: 'It can have what you have.',
        });
      }
      const { token, record } = await services.tokens.create(services.tokens.stampOf(actor), {
        ...wanted,
        user,
        expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
      });
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json({ token, ...shownToken(record) });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/me/tokens/:id',
    id: 'revokeOwnToken',
    summary: "Revoke a token of one's own, at once and for good",
    action: 'identity.change',
    params: tokenParams,
    answers: { 204: { description: 'It is revoked' } },
    async handle({ params: { id } }, { actor, services, response }) {
      await services.tokens.revokeOwn(actor, record => record.id === id);
      response.status(204).end();
    },
  }),
];

function passwordMissing(): PrompdError {
  return new PrompdError('EAUTH', 'A token makes another one only with the password of the account.', {
    hint: 'Send "password" too, or sign in.',
  });
}
