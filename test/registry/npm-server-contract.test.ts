import test from 'ava';
import { z } from 'zod';
import { discoverProtocol } from '#prompd/registry/discover.js';
import { httpClient } from '#prompd/registry/http.js';
import { npmRegistry } from '#prompd/registry/npm/adapter.js';
import { advisoryNumber } from '#server/domain/advisory.js';
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
        const { id } = z.object({ id: z.string() }).parse(await answer.json());
        return String(advisoryNumber(id));
      },
    };
  },
});

test('prompd finds out by itself that npm is spoken below /npm/, signs in there, and manages tokens', async t => {
  const { url, adminToken } = await startTestRegistry(t);
  const options = {
    alias: 'default',
    registryUrl: `${url}/npm/`,
    network: { concurrency: 4, timeoutMs: 20_000, retries: 1 },
    userAgent: 'prompd/0.0.0-test',
    needsTimes: false,
  };
  const anonymous = { ...options, token: async () => undefined };
  t.is((await discoverProtocol(httpClient(anonymous), options.registryUrl)).protocol, 'npm');
  let page = '';
  const token = await npmRegistry(anonymous).login({
    visit(address) {
      page = address;
    },
    async pause() {
      await fetch(page, { method: 'POST', body: new URLSearchParams({ token: adminToken }) });
    },
    ask: () => Promise.reject(new Error('nobody is asked')),
    askSecret: () => Promise.reject(new Error('nobody is asked')),
    now: () => performance.now(),
  });
  t.is(token, adminToken);

  const { tokens } = npmRegistry({ ...options, token: async () => token });
  const made = await tokens.create({
    name: 'ci',
    user: undefined,
    scopes: ['read'],
    cidr: [],
    expiresAt: undefined,
    password: async () => adminToken,
  });
  t.like(made, { name: 'ci', user: 'admin', scopes: ['read'] });
  t.deepEqual((await tokens.list()).map(({ name }) => name).sort(), ['admin', 'ci']);
  await tokens.revoke(made.id);
  t.deepEqual(
    (await tokens.list()).map(({ name }) => name),
    ['admin'],
  );
});
