import { registryKeys } from './answers.js';
import { defineRoute, type Route } from './route.js';

export const keyRoutes = [keysRoute('', 'listKeys')];

/** The public keys; npm's clients ask below the address that they know. */
export function keysRoute(prefix: '' | '/npm', id: string): Route {
  return defineRoute({
    method: 'get',
    path: `${prefix}/-/npm/v1/keys`,
    id,
    summary: "The registry's public keys, in npm's form",
    action: 'registry.describe',
    answers: { 200: { description: 'All keys, also expired ones', schema: registryKeys } },
    async handle(_input, { services, response }) {
      // A version may be signed by a key that is a second old.
      response.set('cache-control', 'no-cache').json({ keys: await services.signing.published() });
    },
  });
}
