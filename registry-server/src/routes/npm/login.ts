import { PrompdError } from 'prompd/core';
import { userOf } from '../../domain/actor.js';
import { assertOwnPage } from '../../middleware/own-page.js';
import { defineRoute } from '../route.js';
import { sendLoginDone, sendLoginForm } from './login-page.js';
import { confirmBody, loginBody, loginParams, offerBody, sessionParams } from './schemas.js';

/** Between two questions whether the user is done, in seconds. */
const RETRY_AFTER = 1;
const MAX_DEVICE = 100;

/**
 * Both ways in which npm's clients sign in. A user is who holds a token, so both take one and hand it on.
 * @see https://github.com/npm/npm-profile#login
 */
export const npmLoginRoutes = [
  defineRoute({
    method: 'post',
    path: '/npm/-/v1/login',
    id: 'npmOfferLogin',
    summary: 'Begin a login in the browser',
    action: 'registry.describe',
    ignoresToken: true,
    body: offerBody,
    answers: { 200: { description: 'Where it goes on' } },
    async handle({ body: { hostname = '' } }, { services, response, baseUrl }) {
      const { page, done } = await services.logins.offer(hostname.slice(0, MAX_DEVICE));
      response.set('cache-control', 'no-store').json({
        loginUrl: `${baseUrl}/npm/-/v1/login/${page}`,
        doneUrl: `${baseUrl}/npm/-/v1/done/${done}`,
      });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/npm/-/v1/login/:session',
    id: 'npmLoginPage',
    summary: 'The page on which the user enters a token',
    action: 'registry.describe',
    ignoresToken: true,
    params: sessionParams,
    answers: { 200: { description: 'The page', contentType: 'text/html' } },
    async handle({ params: { session } }, { services, response }) {
      const { device } = await services.logins.pending(session);
      sendLoginForm(response, { status: 200, device, problem: undefined });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/npm/-/v1/login/:session',
    id: 'npmConfirmLogin',
    summary: 'What the page sends',
    action: 'registry.describe',
    ignoresToken: true,
    params: sessionParams,
    body: confirmBody,
    bodyForm: 'form',
    answers: { 200: { description: 'The login is confirmed', contentType: 'text/html' } },
    async handle({ params: { session }, body }, { services, request, response, baseUrl }) {
      assertOwnPage(request, baseUrl, 'optional');
      const { device } = await services.logins.pending(session);
      const token = body.token.trim();
      const actor = await services.tokens.authenticate(`Bearer ${token}`, request.ip).catch(unlessRefused);
      if (!actor) {
        sendLoginForm(response, { status: 401, device, problem: 'This is no valid token.' });
        return;
      }
      await services.logins.confirm(session, token);
      sendLoginDone(response, userOf(actor));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/npm/-/v1/done/:session',
    id: 'npmLoginDone',
    summary: 'Whether the user is done, and then the token, once',
    action: 'registry.describe',
    ignoresToken: true,
    params: sessionParams,
    answers: { 200: { description: 'The token' }, 202: { description: 'Not yet' } },
    async handle({ params: { session } }, { services, response }) {
      const token = await services.logins.take(session);
      response.set('cache-control', 'no-store');
      if (token !== undefined) response.json({ token });
      else response.status(202).set('retry-after', String(RETRY_AFTER)).json({});
    },
  }),
  defineRoute({
    method: 'put',
    path: '/npm/-/user/:login',
    id: 'npmLogin',
    summary: 'Sign in without a browser: the password is a token of the user',
    action: 'registry.describe',
    ignoresToken: true,
    params: loginParams,
    body: loginBody,
    answers: { 201: { description: 'The token' } },
    async handle({ params: { login }, body: { name, password } }, { services, request, response }) {
      const user = name === login ? login : '';
      await services.tokens.assertPassword(user, password, request.ip);
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json({ ok: true, id: `org.couchdb.user:${login}`, token: password });
    },
  }),
];

function unlessRefused(error: unknown): undefined {
  if (error instanceof PrompdError && error.code === 'EAUTH') return undefined;
  throw error;
}
