import { randomUUID } from 'node:crypto';
import test from 'ava';
import { z } from 'zod';
import { jsonBody } from '../support/registry.js';
import { testRegistries } from './databases.js';
import { governedScene, SMALL } from './governed-scene.js';
import { codeOf, makeUser, openBrowser, signedIn } from './identity/browser.js';

const worklist = z.object({
  drafts: z.array(z.object({ package: z.string(), updatedBy: z.string() })),
  reviews: z.array(z.object({ package: z.string(), tags: z.array(z.string()), reviewBy: z.string() })),
  evidence: z.array(z.object({ package: z.string(), model: z.string() })),
});
const sessions = z.object({ sessions: z.array(z.object({ kind: z.string() })) });
const users = z.object({ users: z.array(z.object({ name: z.string() })) });

for (const { name, registry } of await testRegistries(test)) {
  const json = async (path: string, init: RequestInit & { token?: string } = {}): Promise<unknown> => {
    const answer = await registry.request(path, init);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

  test.serial(
    `${name}: members find their drafts and the reviews that are due, and nobody else's`,
    async t => {
      const scene = governedScene(registry);
      await scene.people();
      await scene.project('@bank');
      await scene.approved('@bank/kyc', '1.0.0');
      const reviewBy = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10);
      await scene.approve('bob', await scene.pend('ann', '@bank/due', '1.0.0', { ...SMALL, reviewBy }));
      const begun = await registry.request('/projects/bank/modules/kyc/draft', {
        ...jsonBody('POST', {}),
        headers: { 'content-type': 'application/json', 'if-none-match': '*' },
        token: await registry.tokenOf('ann', 'publish'),
      });
      t.true(begun.ok, await begun.clone().text());
      const of = async (user: string) =>
        worklist.parse(await json('/me/worklist', { token: await registry.tokenOf(user, 'read') }));
      t.like(await of('ann'), { drafts: [{ package: '@bank/kyc', updatedBy: 'ann' }], evidence: [] });
      const bob = await of('bob');
      t.deepEqual(bob.drafts, [], 'an approver writes no drafts');
      t.deepEqual(bob.reviews, [{ package: '@bank/due', tags: ['latest'], reviewBy }]);
      t.deepEqual(await of('eve'), { drafts: [], reviews: [], evidence: [] });
    },
  );

  test.serial(`${name}: what was taken of a project is summed up for its members`, async t => {
    const token = await registry.tokenOf('ann', 'publish');
    const archive = await registry.request('/packages/@bank%2fkyc/-/kyc-1.0.0.tgz', { token });
    await archive.arrayBuffer();
    const seen = z.object({
      days: z.array(z.object({ downloads: z.number(), deliveries: z.number() })),
      packages: z.array(z.object({ package: z.string(), downloads: z.number() })),
    });
    const end = Date.now() + 30_000;
    for (;;) {
      const use = seen.parse(await json('/projects/bank/usage?days=7', { token }));
      if (use.days[0]?.downloads === 1 || Date.now() > end) {
        t.deepEqual(
          use.days.map(day => day.downloads),
          [1],
        );
        t.like(use.packages[0], { package: '@bank/kyc', downloads: 1 });
        t.is(use.packages.length, 2);
        break;
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
    const eve = await registry.request('/projects/bank/usage', {
      token: await registry.tokenOf('eve', 'read'),
    });
    t.is(eve.status, 404);
  });

  test.serial(`${name}: every row and checkpoint of a chain is verified on demand`, async t => {
    const token = await registry.tokenOf('ann', 'read');
    const path = '/projects/bank/audit/verification';
    await json('/projects/bank/audit/checkpoints', { method: 'POST', token });
    const holds = z.looseObject({ state: z.string(), rows: z.number(), lastCheckpoint: z.looseObject({}) });
    const found = holds.parse(await json(path, { token }));
    t.is(found.state, 'holds');
    t.is(found.lastCheckpoint['size'], found.rows);
    t.like(await json('/audit/verification'), { chain: 'registry', state: 'holds', problems: [] });
  });

  test.serial(`${name}: an admin sees how the registry does, and nobody else`, async t => {
    const health = z.looseObject({
      parts: z.array(z.object({ name: z.string(), state: z.string() })),
      queues: z.array(z.object({ name: z.string(), waiting: z.number() })),
      chains: z.array(z.object({ chain: z.string(), rows: z.number(), signed: z.number() })),
    });
    const { parts, queues, chains } = health.parse(await json('/-/health'));
    t.deepEqual(
      parts.map(part => `${part.name} ${part.state}`),
      ['database works', 'storage works', 'redis absent'],
    );
    t.is(queues.length, 5);
    t.true(chains.some(({ chain, rows, signed }) => chain === '@bank' && rows >= signed && signed > 0));
    t.is((await registry.request('/-/health', { token: await registry.token('publish') })).status, 403);
  });

  test.serial(
    `${name}: an admin finds users by a part of a name or address, and ends their sessions`,
    async t => {
      const mark = randomUUID().slice(0, 8);
      await makeUser(registry, `zoe ${mark}`, { email: `Post-${mark}@example.com` });
      const find = async (q: string) =>
        users.parse(await json(`/users?q=${encodeURIComponent(q)}`)).users.map(user => user.name);
      t.deepEqual(await find(`ZOE ${mark}`), [`zoe ${mark}`]);
      t.deepEqual(await find(`post-${mark}@`), [`zoe ${mark}`]);
      t.deepEqual(await find(`%${mark}`), [], 'it is no pattern');
      const browser = await signedIn(registry, `zoe ${mark}`);
      const path = `/users/zoe%20${mark}/sessions`;
      t.is(sessions.parse(await json(path)).sessions.length, 1);
      t.deepEqual(await json(path, { method: 'DELETE' }), { ended: 1 });
      t.is((await browser.request('/me')).status, 401);
      t.deepEqual(sessions.parse(await json(path)).sessions, []);
      t.is(await codeOf(await registry.request('/users/nobody%20here/sessions')), 'ENOUSER');
      t.is((await openBrowser(registry).request(path)).status, 401);
    },
  );

  test.serial(`${name}: what was let through by force is found among the requests`, async t => {
    const scene = governedScene(registry);
    await scene.people();
    await scene.pend('ann', '@bank/kyc', '1.1.0', SMALL);
    // One that was made a moment ago proves who uses it.
    const token = await registry.tokenOf('bob', 'publish');
    const forced = await registry.request('/packages/@bank%2fkyc/break-glass', {
      ...jsonBody('POST', {
        version: '1.0.0',
        tag: 'production',
        reason: 'the old one tells customers lies',
      }),
      token,
    });
    t.is(forced.status, 202, await forced.clone().text());
    const listed = z.object({ id: z.string(), kind: z.string() });
    const { id } = listed.parse(await forced.json());
    const list = z.object({ approvals: z.array(listed) });
    const { approvals } = list.parse(await json('/approvals?kind=break-glass', { token }));
    t.deepEqual(approvals, [{ id, kind: 'break-glass' }]);
  });
}
