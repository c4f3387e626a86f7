import { z } from 'zod';
import { prompdRegistry } from '#prompd/registry/prompd.js';
import { jsonBody, startTestRegistry } from '../support/registry.js';
import { registryContract } from './contract.js';

registryContract({
  title: 'prompd',
  hidden: 'ENOTFOUND',
  isStrict: true,
  changes: 'all',
  async start(t) {
    const { url, token, request } = await startTestRegistry(t);
    const publishing = await token('publish');
    const view = (secret: string | undefined) =>
      prompdRegistry({
        alias: 'default',
        registryUrl: `${url}/`,
        network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
        userAgent: 'prompd/0.0.0-test',
        token: async () => secret,
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
