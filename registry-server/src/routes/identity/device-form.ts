import { PrompdError } from 'prompd/core';
import { type Actor, userOf } from '../../domain/actor.js';
import { RequestError, statusOf } from '../../domain/problem-document.js';
import { assertOwnPage } from '../../middleware/own-page.js';
import { readCookie } from '../../middleware/session-cookie.js';
import { personOf } from '../../services/identity/sessions.js';
import { type Call, defineRoute } from '../route.js';
import { sendDeviceDone, sendDeviceForm } from './device-page.js';
import { devicePageBody, deviceQuery } from './schemas.js';
import { addressOf } from './sign-in.js';

/** The page of the device flow, for browsers without the web interface. */
export const devicePageRoutes = [
  defineRoute({
    method: 'get',
    path: '/device',
    id: 'devicePage',
    summary: 'The page on which a user enters the code of a device',
    action: 'identity.sign-in',
    ignoresToken: true,
    query: deviceQuery,
    answers: { 200: { description: 'The page', contentType: 'text/html' } },
    async handle({ query: { code } }, call) {
      const { devices, limits } = call.services.identity;
      if (code !== '') await limits.countBegin(addressOf(call.request));
      // A code that is wrong is told of when it is sent, as one that was mistyped.
      const request = code === '' ? undefined : await devices.find(code).catch(() => undefined);
      const browser = await browserOf(call);
      const user = browser && userOf(browser);
      sendDeviceForm(call.response, { status: 200, code, user, request, problem: undefined });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/device',
    id: 'answerDevicePage',
    summary: 'What the page sends',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: devicePageBody,
    bodyForm: 'form',
    answers: { 200: { description: 'It is answered', contentType: 'text/html' } },
    async handle({ body: { code, name, secret, answer } }, call) {
      const { devices, limits } = call.services.identity;
      const browser = await browserOf(call);
      assertOwnPage(call.request, call.baseUrl, browser ? 'needed' : 'optional');
      await limits.countBegin(addressOf(call.request));
      try {
        const actor = browser ?? (await actorFrom(call, name.trim(), secret.trim()));
        const isApproved = answer === 'approve';
        await devices.answer(actor, code, isApproved ? 'approved' : 'denied');
        sendDeviceDone(call.response, { user: userOf(actor), isApproved });
      } catch (error) {
        if (!(error instanceof PrompdError) && !(error instanceof RequestError)) throw error;
        const user = browser && userOf(browser);
        const status = statusOf(error.code);
        sendDeviceForm(call.response, { status, code, user, request: undefined, problem: error.message });
      }
    },
  }),
];

/** Who is signed in in the browser that asks. */
async function browserOf({ services, request, baseUrl }: Call): Promise<Actor | undefined> {
  const cookie = readCookie(request, baseUrl, 'session');
  return cookie === undefined ? undefined : services.identity.sessions.byCookie(cookie);
}

/** By name and password, or by a token alone. */
async function actorFrom({ services, request }: Call, name: string, secret: string): Promise<Actor> {
  if (name === '') return services.tokens.authenticate(`Bearer ${secret}`, request.ip);
  return personOf(await services.identity.accounts.signIn(name, secret, addressOf(request)));
}
