import type { Request } from 'express';
import { PrompdError } from 'prompd/core';
import { userOf } from '../../domain/actor.js';
import { LIFETIMES } from '../../domain/session.js';
import type { User } from '../../domain/user.js';
import { networkOf } from '../../middleware/client-address.js';
import { assertOwnPage } from '../../middleware/own-page.js';
import { readCookie, setCookie } from '../../middleware/session-cookie.js';
import { scopesOf } from '../../services/identity/sessions.js';
import { type Call, defineRoute } from '../route.js';
import * as answers from './answers.js';
import { signInBody, signUpBody } from './schemas.js';

export const signInRoutes = [
  defineRoute({
    method: 'get',
    path: '/auth/session',
    id: 'getSession',
    summary: 'Who is signed in here by a cookie; nobody is no error, as with `/me`',
    action: 'identity.sign-in',
    answers: { 200: { description: 'The user, or null', schema: answers.session } },
    async handle(_input, { actor, services, response }) {
      const user =
        actor.kind === 'session' ? await services.identity.accounts.find(userOf(actor)) : undefined;
      response.set('cache-control', 'no-store').json({ user: user ? answers.shownUser(user) : null });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/auth/providers',
    id: 'listProviders',
    summary: 'How one may sign in here',
    action: 'identity.sign-in',
    ignoresToken: true,
    answers: { 200: { description: 'The ways', schema: answers.providers } },
    async handle(_input, { services, response, baseUrl }) {
      const { signUp, providers } = services.identity.settings;
      response.set('cache-control', 'no-store').json({
        signUp,
        providers: providers.map(({ name, title, kind }) => ({
          name,
          title,
          kind,
          start: `${baseUrl}/auth/${name}/start`,
        })),
      });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/sign-in',
    id: 'signIn',
    summary: 'Sign in with a password; the answer sets the cookie of a session',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: signInBody,
    answers: { 200: { description: 'Who is signed in', schema: answers.signedIn } },
    async handle({ body: { name, password } }, call) {
      assertOwnPage(call.request, call.baseUrl, 'optional');
      const user = await call.services.identity.accounts.signIn(name, password, addressOf(call.request));
      await openSession(call, user, 'password');
      call.response.json({ user: user.name, scopes: scopesOf(user) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/sign-up',
    id: 'signUp',
    summary: 'Make an account and sign in, where the operator lets anybody',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: signUpBody,
    answers: { 201: { description: 'Who is signed in', schema: answers.signedIn } },
    async handle({ body }, call) {
      const { accounts, limits, settings } = call.services.identity;
      assertOwnPage(call.request, call.baseUrl, 'optional');
      if (!settings.signUp) {
        throw new PrompdError('EFORBIDDEN', 'Nobody makes an account here by themselves.', {
          hint: 'Ask an administrator of the registry for one.',
        });
      }
      await limits.countBegin(addressOf(call.request));
      const user = await accounts.create(undefined, body);
      await openSession(call, user, 'password');
      call.response.status(201).json({ user: user.name, scopes: scopesOf(user) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/sign-out',
    id: 'signOut',
    summary: 'End the session that asks',
    action: 'registry.whoami',
    answers: { 204: { description: 'It is over' } },
    async handle(_input, { actor, services, response, baseUrl }) {
      if (actor.kind === 'session')
        await services.identity.sessions.end(actor, actor.sessionId, 'signed out');
      setCookie(response, baseUrl, { name: 'session', value: undefined, maxAge: 0 });
      response.status(204).end();
    },
  }),
];

/** A new session for a browser. The one that it brings ends: an address of it may be known to somebody else. */
export async function openSession(
  { services, request, response, baseUrl }: Call,
  user: User,
  by: string,
): Promise<void> {
  const { sessions } = services.identity;
  const brought = readCookie(request, baseUrl, 'session');
  const before = brought === undefined ? undefined : await sessions.byCookie(brought);
  if (before?.kind === 'session') await sessions.end(before, before.sessionId, 'signed in anew');
  const cookie = await sessions.openBrowser(user, { label: labelOf(request), by });
  setCookie(response, baseUrl, { name: 'session', value: cookie, maxAge: LIFETIMES.browser });
  response.set('cache-control', 'no-store');
}

/** Who a request comes from, as far as limits go, and as far as the registry trusts its proxies. */
export function addressOf(request: Request): string {
  return networkOf(request.ip ?? 'unknown');
}

function labelOf(request: Request): string {
  return (request.get('user-agent') ?? 'a browser').slice(0, 200);
}
