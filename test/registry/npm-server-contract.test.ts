import { z } from 'zod';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';
import { registryContract } from './contract.js';

registryContract({
  title: 'npm (bundled server)',
  hidden: 'ENOTFOUND',
  isStrict: false,
  changes: "npm's",
  namesOwners: true,
  async start(t) {
    const { url, token, request } = await startTestRegistry(t);
    const publishing = await token('publish');
    const view = (secret: string | undefined) =>
      npmRegistry({
        alias: 'default',
        registryUrl: `${url}/npm/`,
        network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
        userAgent: 'prompd/0.0.0-test',
        token: async () => secret,
        needsTimes: false,
      });
    return {
      anonymous: view(undefined),
      publisher: view(publishing),
      async warn(about) {
        const advisory = { ...about, severity: 'high', title: 'Rude' };
        const answer = await request('/advisories', jsonBody('POST', advisory));
        return z.object({ id: z.string() }).parse(await answer.json()).id;
      },
    };
  },
});
