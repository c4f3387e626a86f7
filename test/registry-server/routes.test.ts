import test from 'ava';
import { allRoutes } from '#server/app.js';
import type { Actor } from '#server/domain/actor.js';
import { type Action, authorize, type Subject } from '#server/domain/authorize.js';
import type { Route } from '#server/routes/route.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry.js';
import { modelSettings, SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { approvalRouteInput, prepareApprovals } from './approval-route-inputs.js';
import { failedReport, matrixSchema } from './compatibility-answers.js';
import { PASSWORD } from './identity/browser.js';
import {
  addressOf,
  approvedDevice,
  idIn,
  idOfNewToken,
  moduleRequest,
  npmPublication,
  npmRevision,
  npmToken,
  offeredDevice,
  offeredLogin,
  readEntries,
  sessionOfAdmin,
  writtenModule,
} from './route-things.js';

const asked: Array<{ actor: Actor; action: Action; subject: Subject }> = [];
const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry(
  { teardown: step => undo.unshift(step) },
  {
    identity: { signUp: true },
    models: modelSettings(),
    authorize(actor, action, subject) {
      asked.push({ actor, action, subject });
      authorize(actor, action, subject);
    },
  },
);
await registry.publish({ name: '@bank/subject', version: '0.9.0' });
await registry.publish({ name: '@bank/subject', version: '1.0.0' });
await registry.publish(suiteManifest({ name: '@bank/subject', version: '2.0.0' }), SUITE_FILES);
await registry.request('/packages/@bank/subject/dist-tags/stable', jsonBody('PUT', { version: '2.0.0' }));
const ADVISORY = { package: '@bank/subject', vulnerable: '1.x', severity: 'low', title: 'x' };
const advisoryId = await idIn(registry.request('/advisories', jsonBody('POST', ADVISORY)));
/** Where nothing is sent to: the address is not public. */
const WEBHOOK = { url: 'https://127.0.0.1:9/', packages: ['@bank'] };
for (const name of ['route user', 'route changer']) {
  await registry.request('/users', jsonBody('POST', { name, password: PASSWORD }));
}
const [leaf] = readEntries(await (await registry.request('/log/entries')).json());
const leafHash = Buffer.from(leaf?.hash ?? '', 'base64').toString('hex');
// A user is who has a token.
const readToken = await registry.token('read');
await registry.request('/projects', jsonBody('POST', { project: 'guild' }));
await registry.request('/projects/guild/teams', jsonBody('POST', { name: 'risk' }));
await registry.request('/projects/guild/teams/risk/members/test%20read', { method: 'PUT' });
await prepareApprovals(registry);
const TO_READER = { user: 'test read', role: 'viewer' };
await registry.publish({ name: '@bank/npm', version: '1.0.0' });
await registry.publish({ name: '@bank/npm', version: '2.0.0' });
const next = await packTest({ name: '@bank/subject', version: '3.0.0' });
const SUBJECT_RUNS = '/packages/@bank/subject/2.0.0/compatibility-runs';
const { prompts: surveyed } = matrixSchema.parse(
  await (await registry.request('/packages/@bank/subject/2.0.0/compatibility')).json(),
);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

const TRUST = { repository: 'acme/prompts', workflow: 'release.yml' };
const AUDIT_TREE = { dependencies: { '@bank/npm': { version: '1.0.0' } } };

/** What makes a request to each route succeed, so far as one is needed beyond its address. */
const INPUT: Readonly<Record<string, RequestInit>> = {
  publishVersion: archiveBody(next.bytes),
  configurePackage: jsonBody('PUT', { yanked: { '1.0.0': true } }),
  setChannelSplit: jsonBody('PUT', { version: '1.0.0', weight: 10 }),
  renderDelivery: jsonBody('POST', { parameters: { question: 'When?' } }),
  getDeliveries: jsonBody('POST', { prompts: [{ package: '@bank/subject', prompt: 'ask' }] }),
  reportFeedback: jsonBody('POST', {
    package: '@bank/subject',
    prompt: 'ask',
    version: '2.0.0',
    outcome: 'accepted',
  }),
  setDistTag: jsonBody('PUT', { version: '1.0.0' }),
  createToken: jsonBody('POST', { name: 'x', scopes: ['read'] }),
  publishAdvisory: jsonBody('POST', ADVISORY),
  changeAdvisory: jsonBody('PUT', { withdrawn: true }),
  startCompatibilityRun: jsonBody('POST', {}),
  reportCompatibility: jsonBody('POST', failedReport(surveyed)),
  createWebhook: jsonBody('POST', WEBHOOK),
  changeWebhook: jsonBody('PUT', { enabled: true }),
  rotateWebhookSecret: jsonBody('POST', { hours: 1 }),
  createProject: jsonBody('POST', { project: '@other' }),
  changeProject: jsonBody('PUT', { intent: 'x' }),
  archiveProject: jsonBody('POST', {}),
  unarchiveProject: jsonBody('POST', {}),
  createModule: jsonBody('POST', { module: 'created' }),
  createTeam: jsonBody('POST', { name: 'validators' }),
  grantRole: jsonBody('POST', TO_READER),
  findAdvisories: jsonBody('POST', { '@bank/subject': ['1.0.0'] }),
  proveVersions: jsonBody('POST', { packages: [{ name: '@bank/subject', version: '1.0.0' }] }),
  resolvePackuments: jsonBody('POST', { requirements: { '@bank/subject': ['*'] } }),
  getArchives: jsonBody('POST', { packages: ['@bank/subject@1.0.0'] }),
  npmFindAdvisories: jsonBody('POST', { '@bank/npm': ['1.0.0'] }),
  npmAudit: jsonBody('POST', AUDIT_TREE),
  npmQuickAudit: jsonBody('POST', AUDIT_TREE),
  npmPublish: jsonBody('PUT', npmPublication(await packTest({ name: '@bank/npm', version: '3.0.0' }))),
  npmUpdate: jsonBody('PUT', { name: '@bank/npm' }),
  npmSetDistTag: jsonBody('PUT', '1.0.0'),
  npmSetAccess: jsonBody('POST', { access: 'public' }),
  npmOfferLogin: jsonBody('POST', {}),
  npmConfirmLogin: { method: 'POST', body: new URLSearchParams({ token: readToken }) },
  npmLogin: jsonBody('PUT', { name: 'test read', password: readToken }),
  signIn: jsonBody('POST', { name: 'route user', password: PASSWORD }),
  signUp: jsonBody('POST', { name: 'route newcomer', password: PASSWORD }),
  createUser: jsonBody('POST', { name: 'another user', password: PASSWORD }),
  changeUser: jsonBody('PUT', { displayName: 'Route' }),
  unlinkIdentity: jsonBody('DELETE', { issuer: 'https://login.example.com', subject: 'x' }),
  changeOwnUser: jsonBody('PUT', { displayName: 'Route' }),
  changePassword: jsonBody('PUT', { current: PASSWORD, next: `${PASSWORD} again` }),
  createOwnToken: jsonBody('POST', { name: 'x', scopes: ['read'], password: PASSWORD }),
  linkIdentity: jsonBody('POST', {}),
  addPackageTrust: jsonBody('POST', TRUST),
  addProjectTrust: jsonBody('POST', TRUST),
  exchangeCiToken: jsonBody('POST', { token: 'none', package: '@bank/subject' }),
  beginDeviceLogin: { method: 'POST', body: new URLSearchParams({ client_id: 'test' }) },
  npmCreateToken: jsonBody('POST', { password: registry.adminToken }),
};
/** What stands in the addresses of npm's protocol, where it is not the same for all of them. */
const NPM_VALUES: Readonly<Record<string, () => Promise<Readonly<Record<string, string>>>>> = {
  npmLoginPage: async () => ({ session: (await offeredLogin(registry)).page }),
  npmConfirmLogin: async () => ({ session: (await offeredLogin(registry)).page }),
  npmLoginDone: async () => ({ session: (await offeredLogin(registry)).done }),
  npmUpdate: async () => ({ rev: await npmRevision(registry) }),
  npmUnpublish: async () => ({ rev: await npmRevision(registry) }),
  npmRemoveArchive: async () => ({ file: 'npm-9.9.9.tgz', rev: '1-1' }),
  npmRevokeToken: async () => ({ token: (await npmToken(registry)).key }),
  npmLogout: async () => ({ token: (await npmToken(registry)).token }),
};
const NPM_COMMON = { name: '@bank/npm', file: 'npm-2.0.0.tgz', login: 'org.couchdb.user:test read' };
const VALUES: Readonly<Record<string, string>> = {
  name: '@bank/subject',
  version: '2.0.0',
  prompt: 'summary',
  tag: 'stable',
  file: 'subject-2.0.0.tgz',
  login: 'org.couchdb.user:test read',
  user: 'test read',
  hash: leafHash,
  project: 'guild',
  module: 'any',
  path: 'notes.md',
  team: 'risk',
  provider: 'nowhere',
  grant: '1',
};

/** Each takes a role from who got it just before. */
const HAVE_A_GRANT = ['revokeRole', 'removeMember'];
/** What is answered to who may ask, where it takes another server for more. */
const NOTHING_THERE: Readonly<Record<string, number>> = {
  unlinkIdentity: 404,
  startExternalSignIn: 404,
  finishExternalSignIn: 404,
  linkIdentity: 403,
  getPublishedFile: 404,
  exchangeCiToken: 401,
};

/** What has to be made before it can be sent. */
const LATE_INPUT: Readonly<Record<string, () => Promise<RequestInit & { token?: string }>>> = {
  changePassword: async () => ({
    ...INPUT['changePassword'],
    token: await idOfNewToken(registry, 'route changer', 'token'),
  }),
  createOwnToken: async () => ({
    ...INPUT['createOwnToken'],
    token: await idOfNewToken(registry, 'route user', 'token'),
  }),
  grantToken: async () => ({ body: await approvedDevice(registry) }),
  answerDeviceLogin: async () =>
    jsonBody('POST', { userCode: (await offeredDevice(registry)).user_code, approve: true }),
};

/** Their package stands in what they are sent, or in what they change. */
const DECIDED_LATER = [
  'publishVersion',
  'publishAdvisory',
  'changeAdvisory',
  'getCompatibilityRun',
  'cancelCompatibilityRun',
  'followCompatibilityRun',
  'getDeliveries',
];

for (const route of allRoutes()) {
  test.serial(
    `${route.method.toUpperCase()} ${route.path} asks whether the caller may "${route.action}"`,
    async t => {
      asked.length = 0;
      const made = await idFor(route);
      const isNpm = route.path.startsWith('/npm/');
      const inModule = route.path.includes('/modules/:module');
      const values: Readonly<Record<string, string>> = isNpm
        ? { ...VALUES, ...NPM_COMMON, ...(await NPM_VALUES[route.id]?.()) }
        : {
            ...VALUES,
            id: made,
            ...(route.path.startsWith('/delivery/') && { prompt: 'ask' }),
            ...(inModule && { module: await writtenModule(registry, route.id) }),
            ...(HAVE_A_GRANT.includes(route.id) && { grant: await idOfGrant() }),
          };
      const query = /^compare(?:Module|Versions)$/.test(route.id) ? '?from=1.0.0' : '';
      const input = await approvalRouteInput(registry, route.id);
      const subjectName = input?.values['name'] ?? values['name'];
      const path = `${addressOf(route.path, { ...values, ...input?.values })}${query}`;
      asked.length = 0;
      const init = inModule
        ? await moduleRequest(registry, path, route)
        : (input?.init ?? (await LATE_INPUT[route.id]?.()) ?? INPUT[route.id]);
      asked.length = 0;
      const answer = await registry.request(path, { ...init, method: route.method.toUpperCase() });
      t.true(answer.ok || answer.status === NOTHING_THERE[route.id], `${path}: ${answer.status}`);
      const caller = route.ignoresToken ? 'anonymous' : 'token';
      // What changed before may be told to listeners meanwhile: whether everybody may hear of it is asked as well.
      const mine = asked.filter(({ action, actor }) => action === route.action && actor.kind === caller);
      t.true(mine.length > 0);
      const aboutPackage = route.path.includes('/:name') || DECIDED_LATER.includes(route.id);
      t.is(
        mine.some(({ subject }) => subject.kind === 'package' && subject.name === subjectName),
        aboutPackage,
      );
      t.is(
        mine.some(({ subject }) => subject.kind === 'project' && subject.scope === '@guild'),
        route.path.includes('/:project'),
      );
    },
  );

  test.serial(`${route.method.toUpperCase()} ${route.path} does nothing when the answer is no`, async t => {
    const refused = await closedRegistry();
    const id = route.path.startsWith('/advisories') ? advisoryId : '1';
    const none = { session: 'none', rev: '1-1', token: 'none', delegation: 'none', promotion: 'none' };
    const path = addressOf(route.path, { ...none, id, ...VALUES });
    const answer = await refused.request(path, { ...INPUT[route.id], method: route.method.toUpperCase() });
    t.is(answer.status, 500);
  });
}

/** What stands for `:id` in its address, made for it. */
async function idFor({ id, path, method }: Route): Promise<string> {
  if (id.endsWith('Trust') && method === 'delete') {
    const place = addressOf(path.replace('/:id', ''), VALUES);
    return idIn(registry.request(place, jsonBody('POST', TRUST)));
  }
  if (id === 'revokeToken' || id === 'revokeOwnToken') return idOfNewToken(registry);
  if (id === 'endSession') return sessionOfAdmin(registry);
  if (path.startsWith('/webhooks/')) return idIn(registry.request('/webhooks', jsonBody('POST', WEBHOOK)));
  if (path.startsWith('/compatibility-runs/'))
    return idIn(registry.request(SUBJECT_RUNS, jsonBody('POST', {})));
  return advisoryId;
}

let closed: Promise<TestRegistry> | undefined;
/** A registry in which nobody may do anything. */
function closedRegistry(): Promise<TestRegistry> {
  closed ??= startTestRegistry(
    { teardown: step => undo.unshift(step) },
    {
      authorize() {
        throw new Error('nobody may do anything');
      },
    },
  );
  return closed;
}

async function idOfGrant(): Promise<string> {
  return idIn(registry.request('/projects/guild/grants', jsonBody('POST', TO_READER)));
}
