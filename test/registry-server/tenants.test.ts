import test from 'ava';
import { z } from 'zod';
import { allRoutes } from '#server/app.js';
import type { Action } from '#server/domain/authorize.js';
import type { Route } from '#server/routes/route.js';
import { startReceiver } from '../support/receiver.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { completeFeat, expectStatus, governedScene, SMALL } from './governed-scene.js';
import { addressIn, bodyFor, governedThings } from './role-requests.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  { models: modelSettings() },
);
const scene = governedScene(registry);
await scene.people();
await scene.project('bank');
const things = await governedThings(scene);
/** Has every role in a project of their own, with a package that is named like that of the bank. */
const joe = await registry.tokenOf('joe', 'publish');
await registry.request('/projects', { ...jsonBody('POST', { project: 'other' }), token: joe });
for (const grant of [{ role: 'viewer' }, { role: 'approver', functions: ['business', 'risk', 'validator'] }])
  await registry.request('/projects/other/grants', {
    ...jsonBody('POST', { user: 'joe', ...grant }),
    token: joe,
  });
const theirs = await packTest({ name: '@other/kyc', version: '1.0.0', feat: SMALL });
await registry.request('/packages', { ...archiveBody(theirs.bytes), token: joe });
const ann = await registry.tokenOf('ann', 'publish');
const ids = { ...things.ids, ...(await moreIds()) };
const before = await audit();
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

/** What names one thing of somebody's. */
const OBJECTS = ['id', 'grant', 'delegation', 'promotion'];
const named = allRoutes().filter(({ path }) =>
  OBJECTS.some(object => path.split('/').includes(`:${object}`)),
);
for (const route of named) {
  test.serial(`${route.method.toUpperCase()} ${route.path} knows no thing of another project`, async t => {
    const init = await bodyFor(route, things);
    const direct = addressIn(route.path, { ...things, ids });
    const values = { ...things.values, name: '@other/kyc', project: 'other' };
    for (const path of new Set([direct, addressIn(route.path, { ...things, values, ids })])) {
      const answer = await registry.request(path, { ...init, token: joe });
      t.true([403, 404].includes(answer.status), `${path}: ${answer.status} ${await answer.text()}`);
    }
  });
}

test.serial('of what was tried from another project nothing is written', async t => {
  t.true(named.length >= 15);
  t.deepEqual(await audit(), before);
});

/** What decides who may do what, and is never taken from who asks. */
const FORGED: Readonly<Record<string, unknown>> = {
  status: 'published',
  state: 'approved',
  tier: 1,
  approvedBy: 'rita',
  requestedBy: 'eve',
  publishedBy: 'eve',
  createdBy: 'eve',
  grantedBy: 'eve',
  authors: [],
  scopes: ['admin'],
  access: 'public',
  role: 'admin',
  policyVersion: 9,
  isAdmin: true,
};
/** Members that are theirs. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  changeApprovalTier: ['tier'],
  configurePackage: ['access'],
  commitDraft: ['access'],
  createToken: ['scopes'],
  grantRole: ['role'],
};
const OF_ADMINS: readonly Action[] = ['token.manage', 'user.manage'];
/** What is sent there is a document of somebody else's format: unknown members are left out, and mean nothing. */
const LOOSE = ['writeManifest', 'reportCompatibility'];
for (const route of allRoutes().filter(takesObject)) {
  test.serial(
    `${route.method.toUpperCase()} ${route.path} takes nobody's word for what only the server says`,
    async t => {
      const { method = '', body, headers } = await bodyFor(route, things);
      if (typeof body !== 'string') return t.pass('it takes no object');
      const path = addressIn(route.path, { ...things, ids });
      for (const [member, value] of Object.entries(FORGED)) {
        if (OWN[route.id]?.includes(member)) continue;
        const forged = JSON.stringify({ ...JSON.parse(body), [member]: value });
        const token = OF_ADMINS.includes(route.action) ? registry.adminToken : ann;
        const answer = await registry.request(path, { method, headers: headers ?? {}, body: forged, token });
        t.is(answer.status, 400, `${member}: ${await answer.text()}`);
      }
    },
  );
}

test.serial(
  'no address that evidence names is asked, nor that of an issuer whom the operator did not name',
  async t => {
    const receiver = await startReceiver(t);
    const evidence = [
      { uri: `${receiver.url}/record`, sha256: '0'.repeat(64), mediaType: 'text/plain', description: 'x' },
    ];
    const feat = { ...completeFeat(2), evidence };
    const request = await scene.pend('ann', '@bank/evidence', '1.0.0', feat);
    const tier = { tier: 1, reason: 'x', evidence: { uri: `${receiver.url}/tier`, sha256: '0'.repeat(64) } };
    await scene.ask('rita', 'PUT', `/approvals/${request.id}/tier`, tier);
    await scene.ask('rita', 'GET', `/approvals/${request.id}`);
    const trust = { repository: 'acme/prompts', workflow: 'release.yml', issuer: receiver.url };
    t.true((await scene.ask('amy', 'POST', '/projects/bank/trust', trust)).status >= 400);
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'RS256', kid: 'x' })}.${part({ iss: receiver.url, sub: 'x', aud: 'x' })}.AAAA`;
    const exchange = { token, package: '@bank/kyc' };
    t.is(
      (await registry.request('/-/oidc/exchange', { ...jsonBody('POST', exchange), token: null })).status,
      401,
    );
    t.is(receiver.connections(), 0);
  },
);

test.serial('what a request may bring, and what it may ask for at once, is bounded', async t => {
  const decisions = `/approvals/${things.request.id}/decisions`;
  const large = { decision: 'decline', digest: things.request.digest, reason: 'x'.repeat(20_000_000) };
  t.is((await scene.ask('bob', 'POST', decisions, large)).status, 413);
  t.is((await scene.ask('bob', 'POST', decisions, { ...large, reason: 'x'.repeat(3000) })).status, 400);
  for (const path of [
    '/approvals',
    '/projects',
    '/projects/bank/audit',
    '/projects/bank/modules',
    '/log/entries',
  ]) {
    const answer = await registry.request(`${path}?limit=1000000`);
    t.is(answer.status, 400, `${path}: ${answer.status}`);
  }
  const prompts = Array.from({ length: 101 }, () => ({ package: '@bank/kyc', prompt: 'summary' }));
  t.is((await scene.ask('dan', 'POST', '/delivery/batch', { prompts })).status, 400);
});

function takesObject({ id, method, path }: Route): boolean {
  return method !== 'get' && !path.startsWith('/npm/') && !LOOSE.includes(id);
}

/** Things of members of the bank that stand at other addresses. */
async function moreIds(): Promise<Readonly<Record<string, string>>> {
  const { bytes } = await packTest(
    suiteManifest({ name: '@bank/tested', version: '1.0.0', feat: SMALL }),
    SUITE_FILES,
  );
  const pending = await registry.request('/packages?access=private', { ...archiveBody(bytes), token: ann });
  const { approval } = z
    .object({ approval: z.object({ id: z.string() }).loose() })
    .parse(await pending.json());
  const open = await scene.request('ann', approval.id);
  for (const who of ['bob', 'rita', 'val'] as const) await scene.approve(who, open);
  const run = await ended(
    await expectStatus(
      registry.request('/packages/@bank%2Ftested/1.0.0/compatibility-runs', {
        ...jsonBody('POST', {}),
        token: ann,
      }),
      202,
    ),
  );
  const token = await registry.request(
    '/tokens',
    jsonBody('POST', { name: 'x', user: 'ann', scopes: ['read'] }),
  );
  const tokenId = await idOf(token);
  return {
    '/compatibility-runs/': run,
    '/tokens/': tokenId,
    '/me/tokens/': tokenId,
  };
}

/** The id of a run that has ended: its end is an event of the audit log, which nobody else may be blamed for. */
async function ended(started: Response): Promise<string> {
  const id = await idOf(started);
  await (await registry.request(`/compatibility-runs/${id}/events`)).text();
  return id;
}

async function idOf(answer: Response): Promise<string> {
  return String(z.object({ id: z.union([z.string(), z.number()]) }).parse(await answer.json()).id);
}

async function audit(): Promise<unknown> {
  const rows = await registry.request('/projects/bank/audit?limit=250');
  return z.object({ events: z.array(z.object({ hash: z.string() }).loose()) }).parse(await rows.json()).events
    .length;
}
