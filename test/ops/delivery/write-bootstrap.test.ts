import { existsSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { createPromptClient } from '#prompd/client/index.js';
import { writeBootstrap } from '#prompd/ops/delivery/write-bootstrap.js';
import { testContext } from '../../support/context.js';
import { startDeliveryServer } from '../../support/delivery-server.js';
import { tempDir } from '../../support/temp.js';

test('an application starts with the file, without the registry', async t => {
  const server = await startDeliveryServer(t);
  const cwd = tempDir(t);
  const context = await testContext({ cwd, env: { PROMPD_REGISTRY: server.url } });
  const { prompts } = await writeBootstrap(context, {
    file: 'prompts.json',
    references: ['@bank/kyc:summary', '@bank/kyc@1.0.0:summary'],
  });
  t.deepEqual(
    prompts.map(({ reference, version }) => [reference, version]),
    [
      ['@bank/kyc:summary', '1.0.0'],
      ['@bank/kyc@1.0.0:summary', '1.0.0'],
    ],
  );
  await server.close();
  const bootstrap = path.join(cwd, 'prompts.json');
  const client = createPromptClient({ registry: server.url, bootstrap, clock: context.now });
  t.teardown(() => client.close());
  t.like(await client.get('@bank/kyc:summary'), { source: 'bootstrap', version: '1.0.0', tag: 'production' });
  t.like(await client.get('@bank/kyc:summary', { version: '1.0.0' }), { source: 'bootstrap', tag: null });
});

test('nothing is written unless every prompt is there', async t => {
  const server = await startDeliveryServer(t);
  const cwd = tempDir(t);
  const context = await testContext({ cwd, env: { PROMPD_REGISTRY: server.url } });
  const references = ['@bank/kyc:summary', '@bank/none:summary'];
  await t.throwsAsync(writeBootstrap(context, { file: 'prompts.json', references }), { code: 'ENOTFOUND' });
  t.false(existsSync(path.join(cwd, 'prompts.json')));
});
