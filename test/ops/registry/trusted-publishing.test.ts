import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { publish } from '#prompd/ops/registry/publish.js';
import { addTrust, listTrust, removeTrust } from '#prompd/ops/registry/trust.js';
import { styleFor } from '#prompd/output/style.js';
import { trustListText } from '#prompd/output/trust.js';
import { type CiIssuer, startActions, startCiIssuer } from '../../support/ci-issuer.js';
import { testContext } from '../../support/context.js';
import { startTestRegistry } from '../../support/registry.js';
import { tempDir } from '../../support/temp.js';
import { promptText, sharedRegistry } from '../scene.js';

let issuer: CiIssuer | undefined;
const registry = sharedRegistry(
  test,
  running => running.publish({ name: '@acme/kyc', version: '1.0.0' }).then(() => undefined),
  async t => {
    issuer = await startCiIssuer(t);
    return startTestRegistry(t, { identity: { ciIssuers: [issuer.url] } });
  },
);

function project(dir: string, version: string): string {
  writeFileSync(path.join(dir, 'kyc.prmd'), promptText('kyc'));
  const manifest = {
    name: '@acme/kyc',
    version,
    description: 'Know your customer',
    prompts: { kyc: 'kyc.prmd' },
  };
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest));
  return dir;
}

test('work that an owner trusts publishes without a secret, and no other does', async t => {
  if (!issuer) throw new Error('no issuer');
  const admin = await testContext({
    cwd: tempDir(t),
    env: { PROMPD_REGISTRY: registry().url, PROMPD_TOKEN: registry().adminToken },
  });
  const env = { PROMPD_REGISTRY: registry().url, ...(await startActions(t, issuer)) };
  const ci = async (version: string, more: Record<string, string> = {}) => {
    const dir = tempDir(t);
    return publish(
      await testContext({ cwd: project(dir, version), env: { ...env, ...more }, home: tempDir(t) }),
      { target: '.' },
    );
  };
  await t.throwsAsync(ci('1.1.0'), { code: 'EFORBIDDEN', message: /No rule lets this work/ });

  const { rule } = await addTrust(admin, '@acme/kyc', {
    repository: 'acme/prompts',
    workflow: 'release.yml',
    issuer: issuer.url,
  });
  t.is((await ci('1.1.0')).receipt?.status, 'published');
  const idToken = await issuer.token(`prompd:${new URL(registry().url).host}`);
  const given = { PROMPD_ID_TOKEN: idToken, ACTIONS_ID_TOKEN_REQUEST_URL: '' };
  t.is((await ci('1.1.1', given)).receipt?.status, 'published');
  await t.throwsAsync(ci('1.1.2', given), { code: 'EAUTH' }, 'a token is exchanged once');
  await t.throwsAsync(ci('1.1.2', { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' }), {
    code: 'EAUTH',
    message: /no token/,
  });

  const list = await listTrust(admin, '@acme/kyc');
  t.like(list.rules, [{ repository: 'acme/prompts', workflow: 'release.yml', createdBy: 'admin' }]);
  t.regex(trustListText(list, styleFor(false)), /^\d+ {2}acme\/prompts {2}release\.yml; .*; used \d{4}-/);
  await t.throwsAsync(removeTrust(admin, '@acme/kyc', 'all'), { code: 'ENOTFOUND' });
  await t.throwsAsync(listTrust(admin, 'not a place'), { code: 'EUSAGE' });
  await removeTrust(admin, '@acme/kyc', String(rule.id));
  await t.throwsAsync(ci('1.1.2'), { code: 'EFORBIDDEN' });
});
