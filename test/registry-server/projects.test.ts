import test from 'ava';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/project-answers.js';
import { OPEN_POLICY } from '../support/policy.js';
import { archiveBody, jsonBody, packTest, type TestRegistry } from '../support/registry.js';
import { testRegistries } from './databases.js';

for (const { name: database, registry } of await testRegistries(test)) {
  const on = `(${database})`;
  const tokens = new Map<string, string>();
  const as = (user: string) => tokens.get(user) ?? '';
  test.before(`the users get their tokens ${on}`, async () => {
    for (const user of ['jane', 'joe', 'ann', 'eve'])
      tokens.set(user, await registry.tokenOf(user, 'publish'));
  });
  const { ask, publish, make, give, codeOf } = actions(registry, as);

  test(`who makes a project of a free scope is its admin and its editor, and is told so ${on}`, async t => {
    const made = await make('jane', 'free');
    t.deepEqual(
      made.grants.map(({ user, role, package: name }) => [user, role, name]),
      [
        ['jane', 'admin', null],
        ['jane', 'editor', null],
      ],
    );
    t.regex(made.note, /jane is its admin and its editor/);
    t.is((await publish('jane', '@free/first')).status, 201);
    t.is((await publish('joe', '@free/second')).status, 403);
    t.is(await codeOf(ask('joe', 'POST', '/projects', { project: '@free' })), 'ETAKEN 409');
    const shown = shapes.shownProject.parse(await (await ask('jane', 'GET', '/projects/%40free')).json());
    t.deepEqual(shown.you.roles, ['editor', 'admin']);
  });

  test(`packages that are there are governed by roles from then on, and their owners no longer count ${on}`, async t => {
    t.is((await publish('jane', '@grown/one')).status, 201);
    t.is((await publish('jane', '@grown/two')).status, 201);
    const made = await make('jane', 'grown');
    t.deepEqual(made.packages, { count: 2, names: ['@grown/one', '@grown/two'] });
    t.regex(made.note, /Roles decide over 2 packages of @grown.*owners no longer count/);
    const grants = shapes.grants.parse(await (await ask('jane', 'GET', '/projects/grown/grants')).json());
    const editor = grants.grants.find(({ role }) => role === 'editor');
    t.is((await ask('jane', 'DELETE', `/projects/grown/grants/${editor?.id}`)).status, 204);
    const refused = await publish('jane', '@grown/one', '1.1.0');
    t.is(refused.status, 403, 'the owner who is no editor');
    t.regex(answers.problem.parse(await refused.json()).detail, /jane does not have the role/);
  });

  test(`a scope with packages of others becomes a project by an admin of the registry alone ${on}`, async t => {
    t.is((await publish('jane', '@mixed/hers')).status, 201);
    t.is((await publish('joe', '@mixed/his')).status, 201);
    t.is(await codeOf(ask('jane', 'POST', '/projects', { project: 'mixed' })), 'EFORBIDDEN 403');
    t.is((await publish('jane', '@shared/one')).status, 201);
    t.is((await ask('jane', 'PUT', '/packages/@shared%2Fone/owners/joe')).status, 200);
    t.is(await codeOf(ask('jane', 'POST', '/projects', { project: 'shared' })), 'EFORBIDDEN 403');
    t.is((await make('admin', 'mixed')).packages.count, 2);
  });

  test(`of a publication and a project of the scope at once, one comes first ${on}`, async t => {
    for (const scope of ['race-a', 'race-b', 'race-c']) {
      const [project, version] = await Promise.all([
        ask('jane', 'POST', '/projects', { project: scope }),
        publish('joe', `@${scope}/fast`),
      ]);
      t.deepEqual([project.status, version.status].sort(), [201, 403], scope);
    }
  });

  test(`a change that starts from an old revision is refused, and nothing is overwritten ${on}`, async t => {
    await make('jane', 'edited');
    const put = (body: object, ifMatch?: string) =>
      registry.request('/projects/edited', {
        ...jsonBody('PUT', body),
        token: as('jane'),
        headers: { 'content-type': 'application/json', ...(ifMatch ? { 'if-match': ifMatch } : {}) },
      });
    const both = await Promise.all([put({ intent: 'a' }, '"1"'), put({ intent: 'b' }, '"1"')]);
    t.deepEqual(both.map(({ status }) => status).sort(), [200, 412]);
    t.is(await codeOf(Promise.resolve(await put({ author: 'x' }, 'W/"2"'))), 'ECHANGED 412');
    t.is((await put({ author: 'Risk desk' }, '"9", "2"')).headers.get('etag'), '"3"');
    const { intent, author, revision } = shapes.project.parse(await (await put({})).json());
    t.true(['a', 'b'].includes(intent));
    t.deepEqual([author, revision], ['Risk desk', 4]);
  });

  test(`what nobody may set is refused, not ignored ${on}`, async t => {
    await make('jane', 'strict');
    for (const body of [
      { createdBy: 'eve' },
      { revision: 9 },
      { archivedAt: null },
      { scope: '@other' },
      { members: [] },
    ])
      t.is(
        await codeOf(ask('jane', 'PUT', '/projects/strict', body)),
        'EBADREQUEST 400',
        JSON.stringify(body),
      );
    t.is(
      await codeOf(ask('jane', 'POST', '/projects', { project: 'x', createdBy: 'eve' })),
      'EBADREQUEST 400',
    );
    for (const body of [
      { user: 'joe', role: 'owner' },
      { user: 'joe', role: 'viewer', grantedBy: 'eve' },
      { user: 'joe', team: 'risk', role: 'viewer' },
      { role: 'viewer' },
    ])
      t.is(await codeOf(ask('jane', 'POST', '/projects/strict/grants', body)), 'EBADREQUEST 400');
    for (const body of [
      { user: 'joe', role: 'editor', functions: ['risk'] },
      { user: 'joe', role: 'editor', package: '@other/kyc' },
    ])
      t.is(await codeOf(ask('jane', 'POST', '/projects/strict/grants', body)), 'EUSAGE 400');
  });

  test(`an archived project is read, not written, until it comes out of the archive ${on}`, async t => {
    await make('jane', 'old');
    t.is((await publish('jane', '@old/kyc')).status, 201);
    const archived = await ask('jane', 'POST', '/projects/old/archive', { reason: 'moved to @new' });
    t.is(typeof shapes.project.parse(await archived.json()).archivedAt, 'string');
    t.is((await publish('jane', '@old/kyc', '1.1.0')).status, 403);
    t.is(await codeOf(ask('jane', 'PUT', '/projects/old', { intent: 'x' })), 'EFORBIDDEN 403');
    t.is((await ask('jane', 'GET', '/packages/@old%2Fkyc')).status, 200);
    t.is((await ask('jane', 'POST', '/projects/old/unarchive', {})).status, 200);
    t.is((await publish('jane', '@old/kyc', '1.1.0')).status, 201);
  });

  test(`roles come by grants and by teams, hold with the next request, and go with the next ${on}`, async t => {
    await make('jane', 'desk');
    const write = async (user: string, version: string) => (await publish(user, '@desk/kyc', version)).status;
    t.is((await publish('jane', '@desk/kyc')).status, 201);
    t.is(await write('joe', '1.1.0'), 403);
    const grant = await give('jane', 'desk', { user: 'joe', role: 'editor' });
    t.is(await write('joe', '1.1.0'), 201);
    t.is((await ask('jane', 'DELETE', `/projects/desk/grants/${grant.id}?reason=left`)).status, 204);
    t.is(await write('joe', '1.2.0'), 403);

    t.is((await ask('jane', 'POST', '/projects/desk/teams', { name: 'writers' })).status, 201);
    t.is(await codeOf(ask('jane', 'POST', '/projects/desk/teams', { name: 'writers' })), 'ETAKEN 409');
    await give('jane', 'desk', { team: 'writers', role: 'editor', package: '@desk/kyc' });
    t.is((await ask('jane', 'PUT', '/projects/desk/teams/writers/members/joe')).status, 200);
    t.is(await write('joe', '1.2.0'), 201);
    t.is((await publish('joe', '@desk/other')).status, 403, 'the role is for one package');
    t.is((await ask('jane', 'DELETE', '/projects/desk/teams/writers/members/joe')).status, 200);
    t.is(await write('joe', '1.3.0'), 403);
    await ask('jane', 'PUT', '/projects/desk/teams/writers/members/joe');
    t.is((await ask('jane', 'DELETE', '/projects/desk/teams/writers')).status, 204);
    t.is(await write('joe', '1.3.0'), 403);
    const left = shapes.grants.parse(await (await ask('jane', 'GET', '/projects/desk/grants')).json());
    t.true(left.grants.every(({ team }) => team === undefined));
  });

  test(`members are listed with where each role comes from, to members alone ${on}`, async t => {
    await make('jane', 'listed');
    await ask('jane', 'POST', '/projects/listed/teams', { name: 'risk', description: 'Second line' });
    await ask('jane', 'PUT', '/projects/listed/teams/risk/members/ann');
    await give('jane', 'listed', { team: 'risk', role: 'approver', functions: ['validator', 'risk'] });
    await give('jane', 'listed', { user: 'ann', role: 'viewer', package: '@listed/kyc' });
    const { members } = shapes.members.parse(
      await (await ask('ann', 'GET', '/projects/listed/members')).json(),
    );
    t.deepEqual(
      members.map(({ user, roles }) => [user, roles.map(({ role, team }) => `${role} ${team}`)]),
      [
        ['ann', ['approver risk', 'viewer null']],
        ['jane', ['admin null', 'editor null']],
      ],
    );
    t.deepEqual(members[0]?.roles[0]?.functions, ['risk', 'validator']);
    const page = await ask('ann', 'GET', '/projects/listed/members?limit=1&offset=1');
    t.deepEqual(
      shapes.members.parse(await page.json()).members.map(({ user }) => user),
      ['jane'],
    );
    for (const path of ['', '/members', '/grants', '/teams', '/teams/risk'])
      t.is(await codeOf(ask('eve', 'GET', `/projects/listed${path}`)), 'ENOTFOUND 404', path);
    const known = (user: string) => ask(user, 'GET', '/projects');
    const scopesOf = async (user: string) =>
      shapes.projects.parse(await (await known(user)).json()).projects.map(({ project }) => project);
    t.true((await scopesOf('ann')).includes('@listed'));
    t.false((await scopesOf('eve')).includes('@listed'));
    t.true((await scopesOf('admin')).includes('@listed'));
  });

  test(`users whom the registry does not know get no roles ${on}`, async t => {
    await make('jane', 'known');
    await ask('jane', 'POST', '/projects/known/teams', { name: 'risk' });
    t.is(
      await codeOf(ask('jane', 'POST', '/projects/known/grants', { user: 'jnae', role: 'viewer' })),
      'ENOUSER 404',
    );
    t.is(await codeOf(ask('jane', 'PUT', '/projects/known/teams/risk/members/jnae')), 'ENOUSER 404');
    t.is(
      await codeOf(ask('jane', 'POST', '/projects/known/grants', { team: 'rsik', role: 'viewer' })),
      'ENOTFOUND 404',
    );
    t.is(await codeOf(ask('jane', 'DELETE', '/projects/known/members/joe')), 'ENOUSER 404');
    t.is(await codeOf(ask('jane', 'DELETE', '/projects/known/teams/risk/members/joe')), 'ENOUSER 404');
    t.is(await codeOf(ask('jane', 'DELETE', '/projects/known/grants/999999')), 'ENOTFOUND 404');
  });

  test(`the last admin stays, however they would go ${on}`, async t => {
    await make('jane', 'lonely');
    const { grants } = shapes.grants.parse(
      await (await ask('jane', 'GET', '/projects/lonely/grants')).json(),
    );
    const admin = grants.find(({ role }) => role === 'admin');
    const last = 'EUSAGE 400';
    t.is(await codeOf(ask('jane', 'DELETE', `/projects/lonely/grants/${admin?.id}`)), last);
    t.is(await codeOf(ask('jane', 'DELETE', '/projects/lonely/members/jane')), last);
    await ask('jane', 'POST', '/projects/lonely/teams', { name: 'admins' });
    await ask('jane', 'PUT', '/projects/lonely/teams/admins/members/joe');
    await give('jane', 'lonely', { team: 'admins', role: 'admin' });
    t.is((await ask('jane', 'DELETE', '/projects/lonely/members/jane')).status, 204);
    t.is(await codeOf(ask('joe', 'DELETE', '/projects/lonely/teams/admins')), last);
    t.is(await codeOf(ask('joe', 'DELETE', '/projects/lonely/teams/admins/members/joe')), last);
    t.is((await ask('admin', 'GET', '/projects/lonely/members')).status, 200);
    // Who is disabled is no admin who could do anything.
    await give('joe', 'lonely', { user: 'ann', role: 'admin' });
    await ask('admin', 'PUT', '/users/ann', { disabled: true });
    t.is(await codeOf(ask('joe', 'DELETE', '/projects/lonely/teams/admins')), last);
    await ask('admin', 'PUT', '/users/ann', { disabled: false });
    t.is((await ask('joe', 'DELETE', '/projects/lonely/teams/admins')).status, 204);
  });

  test(`of two admins who take each other away at once, one stays ${on}`, async t => {
    for (const scope of ['duel-a', 'duel-b', 'duel-c']) {
      await make('jane', scope);
      await give('jane', scope, { user: 'joe', role: 'admin' });
      const ended = await Promise.all([
        ask('jane', 'DELETE', `/projects/${scope}/members/joe`),
        ask('joe', 'DELETE', `/projects/${scope}/members/jane`),
      ]);
      t.is(ended.filter(({ ok }) => ok).length, 1, scope);
      const found = await ask('admin', 'GET', `/projects/${scope}/members`);
      t.is(shapes.members.parse(await found.json()).members.length, 1);
    }
  });

  test(`an id of another project does nothing there ${on}`, async t => {
    await make('jane', 'mine');
    await make('joe', 'his');
    const theirs = await give('joe', 'his', { user: 'ann', role: 'viewer' });
    t.is(await codeOf(ask('jane', 'DELETE', `/projects/mine/grants/${theirs.id}`)), 'ENOTFOUND 404');
    t.is(await codeOf(ask('jane', 'DELETE', `/projects/his/grants/${theirs.id}`)), 'ENOTFOUND 404');
    await ask('joe', 'POST', '/projects/his/teams', { name: 'risk' });
    t.is(
      await codeOf(ask('jane', 'POST', '/projects/mine/grants', { team: 'risk', role: 'admin' })),
      'ENOTFOUND 404',
    );
    t.is((await ask('ann', 'GET', '/projects/his')).status, 200);
  });
}

/** What the tests do at a registry, by the names of users. */
function actions(registry: TestRegistry, as: (user: string) => string) {
  const ask = (user: string, method: string, path: string, body?: object) =>
    registry.request(path, {
      ...(body ? jsonBody(method, body) : { method }),
      ...(user === 'admin' ? {} : { token: as(user) }),
    });
  return {
    ask,
    async publish(user: string, name: string, version = '1.0.0') {
      const { bytes } = await packTest({ name, version, description: 'A test.' });
      return registry.request('/packages', { ...archiveBody(bytes), token: as(user) });
    },
    async make(user: string, project: string) {
      const made = await ask(user, 'POST', '/projects', { project });
      // These tests are about roles: nobody has to approve.
      await ask('admin', 'PUT', `/projects/${project}/policy`, { policy: OPEN_POLICY });
      return shapes.madeProject.parse(await made.json());
    },
    async give(user: string, project: string, grant: object) {
      return shapes.grant.parse(await (await ask(user, 'POST', `/projects/${project}/grants`, grant)).json());
    },
    async codeOf(answer: Promise<Response>) {
      const { code, status } = answers.problem.parse(await (await answer).json());
      return `${code} ${status}`;
    },
  };
}
