import test, { type ExecutionContext } from 'ava';
import {
  grantRoles,
  listGrants,
  listMembers,
  removeMember,
  revokeRoles,
} from '#prompd/ops/registry/member.js';
import { archiveProject, createProject, listProjects, showProject } from '#prompd/ops/registry/project.js';
import {
  addToTeam,
  createTeam,
  deleteTeam,
  listTeams,
  removeFromTeam,
  showTeam,
} from '#prompd/ops/registry/team.js';
import {
  createdProjectText,
  grantsText,
  membersText,
  projectsText,
  projectText,
  teamsText,
  teamText,
} from '#prompd/output/project.js';
import { styleFor } from '#prompd/output/style.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { sharedRegistry } from '../scene.js';

const PLAIN = styleFor(false);
const registry = sharedRegistry(test, async () => {});

async function context(t: ExecutionContext, user: string | undefined) {
  const token = user === undefined ? undefined : await registry().tokenOf(user, 'publish');
  const env = { PROMPD_REGISTRY: registry().url, ...(token === undefined ? {} : { PROMPD_TOKEN: token }) };
  return testContext({ cwd: tempDir(t), env });
}

const role = (roles: string[], functions: string[] = []) => ({
  roles,
  functions,
  package: undefined,
  reason: undefined,
});

test('a project is made, shown, listed, archived and taken out of the archive', async t => {
  const jane = await context(t, 'jane');
  const made = await createProject(jane, {
    project: 'bank',
    description: 'Prompts of the bank',
    intent: 'KYC',
  });
  t.regex(createdProjectText(made, PLAIN), /^@bank is a project now\.\njane is its admin and its editor\.$/);
  await t.throwsAsync(createProject(jane, { project: '@bank' }), { code: 'ETAKEN' });
  await t.throwsAsync(createProject(jane, { project: '@Bank' }), { code: 'EBADNAME' });
  t.regex(projectsText(await listProjects(jane), PLAIN), /^@bank +Prompts of the bank$/m);
  const shown = projectText(await showProject(jane, 'bank'), PLAIN);
  for (const words of ['@bank', 'KYC', 'by jane', 'editor, admin']) t.true(shown.includes(words), words);
  t.truthy((await archiveProject(jane, 'bank', { archived: true, reason: 'moved' })).archivedAt);
  t.regex(projectsText(await listProjects(jane), PLAIN), /archived 20/);
  t.is((await archiveProject(jane, 'bank', { archived: false, reason: undefined })).archivedAt, null);
});

test('roles are given to users and teams, listed, and taken back', async t => {
  const jane = await context(t, 'jane');
  await context(t, 'joe');
  await createProject(jane, { project: '@desk' });
  await createTeam(jane, '@desk:risk', { description: 'Second line' });
  t.is(teamText(await showTeam(jane, 'desk:risk'), PLAIN), 'Nobody is in @desk:risk.');
  t.deepEqual(
    (await addToTeam(jane, '@desk:risk', 'joe')).members.map(({ user }) => user),
    ['joe'],
  );
  t.is(teamsText(await listTeams(jane, 'desk'), PLAIN), '@desk:risk  1 member  Second line');

  await grantRoles(jane, 'desk', { ...role(['approver', 'viewer'], ['risk']), subject: '@desk:risk' });
  await grantRoles(jane, 'desk', { ...role(['editor']), subject: 'joe', package: '@desk/kyc' });
  t.is(
    membersText(await listMembers(jane, '@desk'), PLAIN),
    'jane  admin, editor\njoe   approver for risk by risk, viewer by risk, editor in @desk/kyc',
  );
  t.regex(grantsText(await listGrants(jane, 'desk'), PLAIN), /@desk:risk +approver for risk +@desk +since/);
  t.is((await revokeRoles(jane, 'desk', { ...role([]), subject: '@desk:risk' })).grants.length, 2);
  await t.throwsAsync(revokeRoles(jane, 'desk', { ...role([]), subject: 'joe' }), { code: 'ENOTFOUND' });
  await removeMember(jane, 'desk', { user: 'joe', reason: 'left' });
  t.deepEqual(await removeFromTeam(jane, '@desk:risk', 'joe').catch(error => error.code), 'ENOUSER');
  t.deepEqual(
    (await listMembers(jane, 'desk')).members.map(({ user }) => user),
    ['jane'],
  );
  await deleteTeam(jane, '@desk:risk');
  t.deepEqual((await listTeams(jane, 'desk')).teams, []);
});

test('what cannot be is said before anything is sent, or by the registry', async t => {
  const jane = await context(t, 'jane');
  await createProject(jane, { project: '@strict' });
  const refused = async (work: Promise<unknown>, code: string) => t.throwsAsync(work, { code });
  await refused(grantRoles(jane, 'strict', { ...role(['editor'], ['risk']), subject: 'jane' }), 'EUSAGE');
  await refused(grantRoles(jane, 'strict', { ...role(['editor']), subject: '@other:risk' }), 'EUSAGE');
  await refused(grantRoles(jane, 'strict', { ...role(['editor']), subject: 'nobody' }), 'ENOUSER');
  await refused(removeMember(jane, 'strict', { user: 'jane', reason: undefined }), 'EUSAGE');
  await refused(createTeam(jane, 'strict', { description: '' }), 'EUSAGE');
  const eve = await context(t, 'eve');
  await refused(showProject(eve, 'strict'), 'ENOTFOUND');
  await refused(listMembers(eve, 'strict'), 'ENOTFOUND');
  await refused(createProject(await context(t, undefined), { project: 'x' }), 'EAUTH');
});
