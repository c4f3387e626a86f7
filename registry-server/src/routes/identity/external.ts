import { PrompdError } from 'prompd/core';
import { z } from 'zod';
import { userOf } from '../../domain/actor.js';
import { statusOf } from '../../domain/problem-document.js';
import { LIFETIMES } from '../../domain/session.js';
import { readCookie, setCookie } from '../../middleware/session-cookie.js';
import { escaped, problemLines, sendPage } from '../page.js';
import { defineRoute } from '../route.js';
import { text } from '../schemas.js';
import { addressOf, openSession } from './sign-in.js';

const params = z.strictObject({ provider: text(60) });
const startQuery = z.strictObject({ return: text(2000).default('/') });
/** What other servers add is theirs. */
const callbackQuery = z.looseObject({});
const linkBody = z.strictObject({ return: text(2000).default('/') });

/** Signing in at another server. */
export const externalRoutes = [
  defineRoute({
    method: 'get',
    path: '/auth/:provider/start',
    id: 'startExternalSignIn',
    summary: 'Send the browser to another server to sign in there',
    action: 'identity.sign-in',
    ignoresToken: true,
    params,
    query: startQuery,
    answers: { 302: { description: 'To the other server' } },
    async handle({ params: { provider }, query }, { services, request, response, baseUrl }) {
      const { external, limits } = services.identity;
      await limits.countBegin(addressOf(request));
      const returnTo = query.return;
      const { url, cookie } = await external.begin({ provider, baseUrl, returnTo, linkUser: undefined });
      setCookie(response, baseUrl, { name: 'login', value: cookie, maxAge: LIFETIMES.patience });
      response.set('cache-control', 'no-store').redirect(302, url);
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/:provider/link',
    id: 'linkIdentity',
    summary: 'Begin to link what who asks is elsewhere; the browser goes to the address that is answered',
    action: 'identity.change',
    params,
    body: linkBody,
    answers: { 200: { description: 'Where to go', schema: z.object({ url: z.string() }) } },
    async handle({ params: { provider }, body }, { actor, services, response, baseUrl }) {
      if (actor.kind !== 'session' || !actor.browser) {
        throw new PrompdError('EFORBIDDEN', 'An identity is linked in a browser that is signed in.', {
          hint: 'Sign in with a password first.',
        });
      }
      const linkUser = userOf(actor);
      const returnTo = body.return;
      const { url, cookie } = await services.identity.external.begin({
        provider,
        baseUrl,
        returnTo,
        linkUser,
      });
      setCookie(response, baseUrl, { name: 'login', value: cookie, maxAge: LIFETIMES.patience });
      response.set('cache-control', 'no-store').json({ url });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/auth/:provider/callback',
    id: 'finishExternalSignIn',
    summary: 'Where the browser comes back to',
    action: 'identity.sign-in',
    ignoresToken: true,
    params,
    query: callbackQuery,
    answers: { 302: { description: 'To where it was going' } },
    async handle({ params: { provider } }, call) {
      const { services, request, response, baseUrl } = call;
      const cookie = readCookie(request, baseUrl, 'login');
      setCookie(response, baseUrl, { name: 'login', value: undefined, maxAge: 0 });
      const query = new URL(request.originalUrl, baseUrl).searchParams;
      try {
        const session = readCookie(request, baseUrl, 'session');
        const who = session === undefined ? undefined : await services.identity.sessions.byCookie(session);
        const { user, returnTo, linked } = await services.identity.external.finish({
          provider,
          baseUrl,
          query,
          cookie,
          signedIn: who && userOf(who),
        });
        if (!linked) await openSession(call, user, provider);
        response.set('cache-control', 'no-store').redirect(302, returnTo);
      } catch (error) {
        if (!(error instanceof PrompdError)) throw error;
        if (error.cause !== undefined) request.log?.warn({ err: error.cause }, 'a sign-in elsewhere failed');
        const told = [error.message, error.hint].filter(line => line !== undefined).join(' ');
        const body = [
          ...problemLines(told),
          `<p><a href="${escaped(baseUrl)}/">Back to the registry</a></p>`,
        ];
        sendPage(response, { status: statusOf(error.code), body });
      }
    },
  }),
];
