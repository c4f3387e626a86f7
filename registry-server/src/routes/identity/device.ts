import type { Response } from 'express';
import { scopesIn } from '../../services/identity/access-tokens.js';
import type { DeviceOutcome, Grant } from '../../services/identity/device-logins.js';
import { defineRoute } from '../route.js';
import * as answers from './answers.js';
import { approveBody, deviceBody, grantBody } from './schemas.js';
import { addressOf } from './sign-in.js';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** What RFC 8628, section 3.5, says of each. */
const DEVICE_ERRORS = {
  unknown: 'expired_token',
  pending: 'authorization_pending',
  tooSoon: 'slow_down',
  denied: 'access_denied',
} as const;

/** The device authorization grant (RFC 8628), and the tokens that come of it (RFC 6749). */
export const deviceRoutes = [
  defineRoute({
    method: 'post',
    path: '/device/authorize',
    id: 'beginDeviceLogin',
    summary: 'Begin a login that goes on in a browser elsewhere',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: deviceBody,
    bodyForm: 'form',
    answers: { 200: { description: 'The codes', schema: answers.deviceOffer } },
    async handle({ body }, { services, request, response, baseUrl }) {
      const { devices, limits } = services.identity;
      await limits.countBegin(addressOf(request));
      const { deviceCode, userCode, expiresIn, interval } = await devices.begin({
        client: body.client_id,
        label: body.device,
        scopes: scopesIn(body.scope),
      });
      response.set('cache-control', 'no-store').json({
        device_code: deviceCode,
        user_code: userCode,
        verification_uri: `${baseUrl}/device`,
        verification_uri_complete: `${baseUrl}/device?code=${userCode}`,
        expires_in: expiresIn,
        interval,
      });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/auth/token',
    id: 'grantToken',
    summary: 'Exchange a device code or a refresh token for an access token',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: grantBody,
    bodyForm: 'form',
    answers: {
      200: { description: 'The tokens', schema: answers.grant },
      400: { description: 'Not yet, or no more: `error` says which (RFC 6749, RFC 8628)' },
    },
    async handle({ body }, { services, response }) {
      const { devices, sessions, access } = services.identity;
      response.set('cache-control', 'no-store');
      if (body.grant_type === DEVICE_GRANT) {
        sendOutcome(response, await devices.poll(body.device_code));
        return;
      }
      if (body.grant_type !== 'refresh_token') {
        response.status(400).json({ error: 'unsupported_grant_type' });
        return;
      }
      const refreshed = await sessions.refresh(body.refresh_token);
      if (!refreshed) {
        response.status(400).json({ error: 'invalid_grant' });
        return;
      }
      const { session, refreshToken } = refreshed;
      const { token, expiresIn } = await access.issue(session);
      sendGrant(response, { accessToken: token, expiresIn, refreshToken, scopes: session.scopes });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/device/approve',
    id: 'answerDeviceLogin',
    summary: 'Let a device sign in as who asks, or not',
    action: 'identity.change',
    body: approveBody,
    answers: { 200: { description: 'What it was that waited', schema: answers.deviceRequest } },
    async handle({ body: { userCode, approve } }, { actor, services, request, response }) {
      const { devices, limits } = services.identity;
      await limits.countBegin(addressOf(request));
      const answered = await devices.answer(actor, userCode, approve ? 'approved' : 'denied');
      response.set('cache-control', 'no-store').json(answered);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/.well-known/jwks.json',
    id: 'accessKeys',
    summary: 'The keys that access tokens are signed with (RFC 7517)',
    action: 'registry.describe',
    answers: { 200: { description: 'The keys' } },
    async handle(_input, { services, response }) {
      const keys = await services.identity.access.published();
      response.set('cache-control', 'public, max-age=300').json(keys);
    },
  }),
];

function sendOutcome(response: Response, outcome: DeviceOutcome): void {
  if (typeof outcome === 'string') response.status(400).json({ error: DEVICE_ERRORS[outcome] });
  else sendGrant(response, outcome);
}

function sendGrant(response: Response, { accessToken, expiresIn, refreshToken, scopes }: Grant): void {
  response.json({
    access_token: accessToken,
    token_type: 'Bearer',
    expires_in: expiresIn,
    ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
    scope: scopes.join(' '),
  });
}
