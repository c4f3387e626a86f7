import test from 'ava';
import { z } from 'zod';
import { allRoutes } from '#server/app.js';
import type { Action } from '#server/domain/authorize.js';
import { startTestRegistry } from '../support/registry.js';
import { governedScene, type Person } from './governed-scene.js';
import { addressIn, bodyFor, governedThings } from './role-requests.js';

type Standing = 'anonymous' | 'outsider' | 'viewer' | 'editor' | 'approver' | 'admin';

const WHO: Readonly<Record<Standing, Person>> = {
  anonymous: 'nobody',
  outsider: 'eve',
  viewer: 'dan',
  editor: 'ann',
  approver: 'bob',
  admin: 'amy',
};

/** Who may do what in a project, as docs/projects.md says; `all` is for what takes no role in it. */
const MAY: Readonly<Record<Action, 'all' | readonly Standing[]>> = {
  'registry.describe': 'all',
  'registry.search': 'all',
  'registry.whoami': 'all',
  'registry.audit': [],
  'registry.watch': [],
  'package.read': 'all',
  'package.publish': ['editor'],
  'package.configure': ['editor'],
  'package.tag': ['editor'],
  'package.split': ['editor', 'approver'],
  'package.unpublish': ['admin'],
  'package.test': ['editor'],
  'package.own': [],
  'package.trust': ['admin'],
  'package.approve': ['approver'],
  'package.promote': ['approver'],
  'package.revoke': ['approver'],
  'advisory.read': 'all',
  'advisory.publish': ['admin'],
  'approval.read': ['editor', 'approver'],
  'approval.decide': ['approver'],
  'project.create': 'all',
  'project.list': 'all',
  'project.read': ['viewer', 'editor', 'approver', 'admin'],
  'project.edit': ['editor'],
  'project.administer': ['admin'],
  'audit.read': ['viewer', 'editor', 'approver', 'admin'],
  'log.read': 'all',
  'delivery.report': 'all',
  'usage.read': ['viewer', 'editor', 'approver', 'admin'],
  'token.manage': [],
  'identity.sign-in': 'all',
  'identity.read': 'all',
  'identity.change': 'all',
  'identity.edit': 'all',
  'user.manage': [],
  // Whose it is: the hook of the test is the editor's.
  'webhook.manage': ['editor'],
};
/** Where the transaction asks for more than the action, or for something else. */
const EXCEPTIONS: Readonly<Record<string, 'all' | readonly Standing[]>> = {
  delegate: ['approver'],
  revokeDelegation: ['approver', 'admin'],
  // Its author; anybody's own.
  changeApprovalTier: ['editor', 'approver'],
  withdrawApproval: ['editor'],
  reportApprovalCompatibility: ['editor', 'approver'],
  startApprovalCompatibilityRun: ['editor', 'approver'],
  createWebhook: 'all',
  cancelCompatibilityRun: 'all',
};

let made: Promise<Record<Standing, string | null>> | undefined;
const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const scene = governedScene(registry);
await scene.people();
await scene.project('bank');
// Who makes a project is its editor too: here the admin is nothing else.
const { grants } = z
  .object({
    grants: z.array(z.object({ id: z.number(), user: z.string().optional(), role: z.string() }).loose()),
  })
  .parse(await (await scene.ask('amy', 'GET', '/projects/bank/grants')).json());
for (const { id, user, role } of grants) {
  if (user === 'amy' && role === 'editor') await scene.ask('amy', 'DELETE', `/projects/bank/grants/${id}`);
}
const things = await governedThings(scene);
const before = await lengths();
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

const changing = allRoutes().filter(({ method }) => method !== 'get');
for (const route of changing) {
  const may = EXCEPTIONS[route.id] ?? MAY[route.action];
  if (may === 'all') continue;
  test.serial(
    `${route.method.toUpperCase()} ${route.path} is for ${may.join(', ') || 'no member'}`,
    async t => {
      const path = addressIn(route.path, things);
      const init = await bodyFor(route, things);
      const token = await tokens();
      for (const standing of Object.keys(WHO) as Standing[]) {
        if (may.includes(standing)) continue;
        const answer = await registry.request(path, { ...init, token: token[standing] });
        const said = `${standing}: ${answer.status} ${await answer.text()}`;
        const hidden = standing === 'anonymous' ? [401, 404] : [403, 404];
        t.true(hidden.includes(answer.status), said);
      }
    },
  );
}

test.serial('a private package is hidden from those who are no members, whatever they ask of it', async t => {
  const token = await tokens();
  const reading = allRoutes().filter(({ method, path }) => method === 'get' && path.includes(':name'));
  for (const { path } of reading) {
    const query = path.endsWith('/compare') ? '?from=1.0.0&to=1.0.0' : '';
    for (const standing of ['anonymous', 'outsider'] as const) {
      const answer = await registry.request(`${addressIn(path, things)}${query}`, {
        token: token[standing],
      });
      t.true(
        [401, 404].includes(answer.status),
        `${standing} ${path}: ${answer.status} ${await answer.text()}`,
      );
    }
  }
});

test.serial('of all that was refused nothing is written, not even to the audit', async t => {
  t.deepEqual(await lengths(), before);
});

function tokens(): Promise<Record<Standing, string | null>> {
  made ??= (async () => ({
    anonymous: null,
    outsider: await registry.tokenOf('eve', 'publish'),
    viewer: await registry.tokenOf('dan', 'publish'),
    editor: await registry.tokenOf('ann', 'publish'),
    approver: await registry.tokenOf('bob', 'publish'),
    admin: await registry.tokenOf('amy', 'publish'),
  }))();
  return made;
}

/** How long the audits are. Whoever reads them needs no more than this. */
async function lengths(): Promise<number> {
  await tokens();
  const rows = await registry.request('/projects/bank/audit?limit=100');
  return z.object({ events: z.array(z.object({}).loose()) }).parse(await rows.json()).events.length;
}
