import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { startVerdaccio, VERDACCIO_PRIVATE_SCOPE } from '../support/verdaccio.js';
import { registryContract } from './contract.js';

registryContract({
  title: 'npm (Verdaccio)',
  hidden: 'EAUTH',
  closedScope: VERDACCIO_PRIVATE_SCOPE,
  isStrict: false,
  changes: "npm's",
  async start(t) {
    const { url, user } = await startVerdaccio(t);
    const publishing = await user('publisher');
    const view = (secret: string | undefined) =>
      npmRegistry({
        alias: 'default',
        registryUrl: url,
        network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
        userAgent: 'prompd/0.0.0-test',
        token: async () => secret,
        needsTimes: false,
      });
    return { anonymous: view(undefined), publisher: view(publishing) };
  },
});
