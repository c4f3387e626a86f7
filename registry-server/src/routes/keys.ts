import { registryKeys } from './answers.js';
import { defineRoute } from './route.js';

export const keyRoutes = [
  defineRoute({
    method: 'get',
    path: '/-/npm/v1/keys',
    id: 'listKeys',
    summary: "The registry's public keys, in npm's form",
    action: 'registry.describe',
    answers: { 200: { description: 'All keys, also expired ones', schema: registryKeys } },
    async handle(_input, { services, response }) {
      // A version may be signed by a key that is a second old.
      response.set('cache-control', 'no-cache').json({ keys: await services.signing.published() });
    },
  }),
];
