import { z } from 'zod';
import type { Route } from '#server/routes/route.js';
import { OPEN_POLICY } from '../support/policy.js';
import { jsonBody, packTest } from '../support/registry.js';
import { type Approval, type Scene, SMALL } from './governed-scene.js';

/** What the members of the project `bank` have in it, by which every route that changes something is asked. */
export interface GovernedThings {
  readonly values: Readonly<Record<string, string>>;
  /** The value of `:id`, by what the address begins with. */
  readonly ids: Readonly<Record<string, string>>;
  readonly request: Approval;
}

const NAME = '@bank/kyc';
const TRUST = { repository: 'acme/prompts', workflow: 'release.yml' };
const ADVISORY = { package: NAME, vulnerable: '1.x', severity: 'low', title: 'x' };
const HOOK = { url: 'https://127.0.0.1:9/', packages: ['@bank'] };
const REASON = 'an outage of the model';
const DIGEST = `sha256-${'0'.repeat(64)}`;
const CASE = {
  name: 'says when',
  prompt: 'summary',
  promptDigest: DIGEST,
  suiteDigest: DIGEST,
  runs: [{ status: 'failed', model: 'echo', assertions: [] }],
};
const ETAG = { 'if-match': '*' };

/** Makes a private module with a version, a draft, a request, and everything else that has an id. */
export async function governedThings({
  ask,
  publish,
  pend,
  approve,
  ...scene
}: Scene): Promise<GovernedThings> {
  const first = await done(publish('ann', { name: NAME, version: '1.0.0', feat: SMALL }, '?access=private'));
  const { approval } = z.object({ approval: z.object({ id: z.string() }).loose() }).parse(await first.json());
  await done(approve('bob', await scene.request('ann', approval.id)));
  const request = await pend('ann', NAME, '1.1.0');
  const made = async (answer: Promise<Response>) => {
    const { id } = z
      .object({ id: z.union([z.string(), z.number()]) })
      .parse(await (await done(answer)).json());
    return String(id);
  };
  const at = new Date(Date.now() + 3_600_000).toISOString();
  const delegate = { to: 'rita', endsAt: at, reason: 'leave' };
  const promotion = { version: '1.0.0', tag: 'stable', at };
  await done(ask('amy', 'POST', '/projects/bank/teams', { name: 'risk' }));
  await done(ask('amy', 'PUT', '/projects/bank/teams/risk/members/dan'));
  await done(ask('ann', 'PUT', '/packages/@bank%2Fkyc/dist-tags/beta', { version: '1.0.0' }));
  const [grant, delegation, scheduled, advisory, packageTrust, projectTrust, webhook] = [
    await made(ask('amy', 'POST', '/projects/bank/grants', { user: 'val', role: 'viewer' })),
    await made(ask('bob', 'POST', '/projects/bank/delegations', delegate)),
    await made(ask('bob', 'POST', '/packages/@bank%2Fkyc/promotions', promotion)),
    await made(ask('amy', 'POST', '/advisories', ADVISORY)),
    await made(ask('amy', 'POST', '/packages/@bank%2Fkyc/trust', TRUST)),
    await made(ask('amy', 'POST', '/projects/bank/trust', TRUST)),
    await made(ask('ann', 'POST', '/webhooks', HOOK)),
  ];
  return {
    request,
    values: {
      name: NAME,
      version: '1.0.0',
      tag: 'beta',
      project: 'bank',
      module: 'kyc',
      prompt: 'summary',
      path: 'notes.md',
      team: 'risk',
      user: 'dan',
      file: 'kyc-1.0.0.tgz',
      rev: '1-1',
      grant,
      delegation,
      promotion: scheduled,
    },
    ids: {
      '/approvals/': request.id,
      '/advisories/': advisory,
      '/webhooks/': webhook,
      '/packages/': packageTrust,
      '/projects/': projectTrust,
    },
  };
}

/** The address of a route with what is there put into it. */
export function addressIn(path: string, { values, ids }: GovernedThings): string {
  const id = Object.entries(ids).find(([start]) => path.startsWith(start))?.[1] ?? '1';
  return path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(key === 'id' ? id : (values[key] ?? 'x')),
  );
}

/** A body that is well formed for a route, so that only the role is left to refuse it. */
export async function bodyFor(route: Route, things: GovernedThings): Promise<RequestInit> {
  if (route.id === 'publishVersion') {
    const { bytes } = await packTest({ name: NAME, version: '3.0.0', feat: SMALL });
    return {
      method: 'POST',
      body: Buffer.from(bytes),
      headers: { 'content-type': 'application/gzip' },
    };
  }
  const body = BODIES[route.id] ?? (route.id === 'decideApproval' ? decision(things) : undefined);
  const method = route.method.toUpperCase();
  const init = body === undefined ? { method } : jsonBody(method, body);
  return { ...init, headers: { ...ETAG, ...(body !== undefined && { 'content-type': 'application/json' }) } };
}

function decision({ request }: GovernedThings): object {
  return { decision: 'approve', digest: request.digest };
}

const SOON = () => new Date(Date.now() + 3_600_000).toISOString();

const BODIES: Readonly<Record<string, unknown>> = {
  setChannelSplit: { version: '1.0.0', weight: 10 },
  setDistTag: { version: '1.0.0' },
  reportCompatibility: { models: [{ provider: 'echo', model: 'echo', tests: [CASE] }] },
  startCompatibilityRun: {},
  reportApprovalCompatibility: { models: [{ provider: 'echo', model: 'echo', tests: [CASE] }] },
  startApprovalCompatibilityRun: {},
  addPackageTrust: TRUST,
  addProjectTrust: TRUST,
  promote: { version: '1.0.0', tag: 'production' },
  rollBack: { tag: 'production', to: '1.0.0' },
  breakGlass: { version: '1.1.0', tag: 'production', reason: REASON },
  revokeVersion: { version: '1.0.0', reason: REASON },
  configurePackage: { access: 'public' },
  createToken: { name: 'x', user: 'amy', scopes: ['admin'] },
  changeProject: { intent: 'x' },
  archiveProject: {},
  unarchiveProject: {},
  createModule: { module: 'other' },
  changeModule: { intent: 'x' },
  describePrompt: { intent: 'x' },
  writePrompt: { source: '---\nname: summary\n---\n# User\nHello.\n' },
  beginDraft: {},
  writeManifest: { description: 'x' },
  writeDraftFile: { content: 'x' },
  restoreVersion: { version: '1.0.0' },
  commitDraft: {},
  setPolicy: { policy: OPEN_POLICY },
  delegate: { to: 'dan', endsAt: SOON(), reason: 'leave' },
  changeApprovalTier: { tier: 2, reason: 'x' },
  withdrawApproval: {},
  createTeam: { name: 'validators' },
  grantRole: { user: 'eve', role: 'admin' },
  createUser: { name: 'mallory', password: 'a long password of nobody' },
  changeUser: { displayName: 'x' },
  publishAdvisory: ADVISORY,
  changeAdvisory: { withdrawn: true },
  changeWebhook: { enabled: false },
  rotateWebhookSecret: { hours: 1 },
  npmSetDistTag: '1.0.0',
  npmSetAccess: { access: 'public' },
  npmUpdate: { name: NAME },
  npmPublish: { name: NAME },
};

/** @throws what came instead of success */
async function done(answer: Promise<Response>): Promise<Response> {
  const got = await answer;
  if (!got.ok) throw new Error(`${got.url}: ${got.status} ${await got.text()}`);
  return got;
}
