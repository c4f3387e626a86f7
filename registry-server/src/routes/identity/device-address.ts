import { defineRoute } from '../route.js';
import { deviceQuery } from './schemas.js';

/** The short address that a device shows. */
export const deviceAddressRoutes = [
  defineRoute({
    method: 'get',
    path: '/device',
    id: 'devicePage',
    summary: 'Leads to the page on which a user enters the code of a device',
    action: 'identity.sign-in',
    ignoresToken: true,
    query: deviceQuery,
    answers: { 302: { description: 'The page of the web interface' } },
    async handle({ query: { code } }, { response, baseUrl }) {
      const query = code === '' ? '' : `?${new URLSearchParams({ code })}`;
      response.set('cache-control', 'no-store').redirect(302, `${baseUrl}/web/device${query}`);
    },
  }),
];
