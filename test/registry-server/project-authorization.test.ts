import test from 'ava';
import { z } from 'zod';
import { auditRoutes } from '#server/routes/audit.js';
import { memberRoutes } from '#server/routes/members.js';
import * as shapes from '#server/routes/project-answers.js';
import { projectRoutes } from '#server/routes/projects.js';
import { jsonBody, startTestRegistry, type TestRegistry } from '../support/registry.js';

const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

/** Who asks: a user's token of a scope, and what they are in the project. */
const ACTORS = [
  'nobody',
  'stranger',
  'admin of another project',
  'editor of one package',
  'viewer',
  'editor',
  'approver',
  'admin',
  'admin with a token that only reads',
  'admin of the registry',
] as const;
type ActorName = (typeof ACTORS)[number];
/** The status of a refusal; undefined where the request is done. */
type Verdicts = Readonly<Record<ActorName, 401 | 403 | 404 | undefined>>;

const everybody = <T>(value: T) =>
  Object.fromEntries(ACTORS.map(actor => [actor, value])) as Record<ActorName, T>;
const outside = { stranger: 404, 'admin of another project': 404, 'editor of one package': 404 } as const;

const FOR_THE_SIGNED_IN: Verdicts = { ...everybody(undefined), nobody: 401 };
const FOR_PUBLISHERS: Verdicts = { ...FOR_THE_SIGNED_IN, 'admin with a token that only reads': 403 };
const FOR_MEMBERS: Verdicts = { ...FOR_THE_SIGNED_IN, ...outside };
const FOR_ADMINS: Verdicts = { ...FOR_PUBLISHERS, ...outside, viewer: 403, editor: 403, approver: 403 };
const FOR_THE_REGISTRY: Verdicts = {
  ...everybody(403),
  nobody: 401,
  'admin of the registry': undefined,
};

/** What each route takes, written down apart from the code that decides it. */
const TABLE: Readonly<Record<string, { readonly verdicts: Verdicts; readonly body?: () => object }>> = {
  listProjects: { verdicts: FOR_THE_SIGNED_IN },
  createProject: { verdicts: FOR_PUBLISHERS, body: () => ({ project: `made-${++made}` }) },
  getProject: { verdicts: FOR_MEMBERS },
  changeProject: { verdicts: FOR_ADMINS, body: () => ({ intent: 'x' }) },
  archiveProject: { verdicts: FOR_ADMINS, body: () => ({}) },
  unarchiveProject: { verdicts: FOR_ADMINS, body: () => ({}) },
  listTeams: { verdicts: FOR_MEMBERS },
  createTeam: { verdicts: FOR_ADMINS, body: () => ({ name: `team-${++made}` }) },
  getTeam: { verdicts: FOR_MEMBERS },
  addTeamMember: { verdicts: FOR_ADMINS },
  removeTeamMember: { verdicts: FOR_ADMINS },
  deleteTeam: { verdicts: FOR_ADMINS },
  listMembers: { verdicts: FOR_MEMBERS },
  listGrants: { verdicts: FOR_MEMBERS },
  grantRole: { verdicts: FOR_ADMINS, body: () => ({ user: 'target', role: 'viewer' }) },
  revokeRole: { verdicts: FOR_ADMINS },
  removeMember: { verdicts: FOR_ADMINS },
  getProjectAudit: { verdicts: FOR_MEMBERS },
  getProjectAuditExport: { verdicts: FOR_MEMBERS },
  listProjectAuditCheckpoints: { verdicts: FOR_MEMBERS },
  signProjectAuditCheckpoint: { verdicts: FOR_MEMBERS },
  getProjectAuditVerification: { verdicts: FOR_MEMBERS },
  getAudit: { verdicts: FOR_THE_REGISTRY },
  getAuditExport: { verdicts: FOR_THE_REGISTRY },
  listAuditCheckpoints: { verdicts: FOR_THE_REGISTRY },
  getAuditVerification: { verdicts: FOR_THE_REGISTRY },
  signAuditCheckpoint: { verdicts: FOR_THE_REGISTRY },
};
let made = 0;

const ROUTES = [...projectRoutes, ...memberRoutes, ...auditRoutes];
const tokens = new Map<ActorName, string>();

test.before('everybody gets what they are', async () => {
  const send = async (path: string, body: object) => {
    const answer = await registry.request(path, jsonBody('POST', body));
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
  for (const project of ['tried', 'other']) await send('/projects', { project });
  for (const actor of ACTORS) {
    if (actor === 'nobody' || actor === 'admin of the registry') continue;
    const isReader = actor === 'admin with a token that only reads';
    tokens.set(actor, await registry.tokenOf(actor, isReader ? 'read' : 'publish'));
  }
  await registry.tokenOf('target', 'read');
  tokens.set('admin of the registry', registry.adminToken);
  const give = (user: ActorName, role: string, more: object = {}) =>
    send('/projects/tried/grants', { user, role, ...more });
  await send('/projects/other/grants', { user: 'admin of another project', role: 'admin' });
  await give('editor of one package', 'editor', { package: '@tried/kyc' });
  for (const role of ['viewer', 'editor', 'approver', 'admin'] as const) await give(role, role);
  await give('admin with a token that only reads', 'admin');
});

test('the table names every route of projects, members and audits, and no other', t => {
  t.deepEqual(Object.keys(TABLE).sort(), ROUTES.map(({ id }) => id).sort());
});

for (const route of ROUTES) {
  const { verdicts, body } = TABLE[route.id] ?? { verdicts: FOR_THE_REGISTRY };
  test.serial(`${route.method.toUpperCase()} ${route.path} is done for those alone who may`, async t => {
    for (const actor of ACTORS) {
      const path = await pathOf(route.path, route.id);
      const before = await rowsOf();
      const method = route.method.toUpperCase();
      const answer = await registry.request(path, {
        ...(body ? jsonBody(method, body()) : { method }),
        token: tokens.get(actor) ?? null,
      });
      const verdict = verdicts[actor];
      t.is(answer.ok ? undefined : answer.status, verdict, actor);
      await answer.arrayBuffer();
      if (verdict !== undefined) t.is(await rowsOf(), before, `${actor} changes nothing`);
    }
    await registry.request('/projects/tried/unarchive', jsonBody('POST', {}));
  });
}

/** An address at which there is something to do. */
async function pathOf(path: string, id: string): Promise<string> {
  const ask = (at: string, method: string, body?: object) =>
    registry.request(`/projects/tried${at}`, body ? jsonBody(method, body) : { method });
  if (id === 'unarchiveProject') await ask('/archive', 'POST', {});
  if (id === 'archiveProject') await ask('/unarchive', 'POST', {});
  await ask('/teams', 'POST', { name: 'risk' });
  if (id === 'removeTeamMember') await ask('/teams/risk/members/target', 'PUT');
  let grant = '';
  if (id === 'revokeRole' || id === 'removeMember') {
    const given = await ask('/grants', 'POST', { user: 'target', role: 'viewer' });
    grant = String(shapes.grant.parse(await given.json()).id);
  }
  return path
    .replace(':project', 'tried')
    .replace(':team', 'risk')
    .replace(':user', 'target')
    .replace(':grant', grant);
}

/** How many rows the audit of the project has. */
async function rowsOf(): Promise<number> {
  const answer = await registry.request('/projects/tried/audit/checkpoints', { method: 'POST' });
  return z.object({ size: z.number() }).parse(await answer.json()).size;
}
