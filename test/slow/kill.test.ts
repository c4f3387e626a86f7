import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import pg from 'pg';
import * as answers from '#server/routes/answers.js';
import { expectStatus, governedScene, SMALL } from '../registry-server/governed-scene.js';
import { runCli } from '../support/cli.js';
import { startPrivatePostgres } from '../support/postgres.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../support/registry.js';
import { ADMIN_TOKEN, startServerProcess } from '../support/server-process.js';
import { tempDir } from '../support/temp.js';
import { killPoints } from './kill-points.js';

const ACTIONS = ['publish', 'approve', 'promote'] as const;
type Action = (typeof ACTIONS)[number];

test('kill -9 at every step of publishing, approving and promoting, under load: nothing is half-done, the other server goes on, chain and log verify', async t => {
  t.timeout(600_000);
  const postgres = await startPrivatePostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const databaseUrl = await postgres.freshDatabase();
  const dataDir = tempDir(t);
  const registry = await startTestRegistry(t, { databaseUrl, dataDir, adminToken: ADMIN_TOKEN });
  const scene = governedScene(registry);
  await scene.people();
  await scene.project('bank');
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  t.teardown(() => database.end());
  const points = await killPoints(database);
  const tokens = {
    ann: await registry.tokenOf('ann', 'publish'),
    bob: await registry.tokenOf('bob', 'publish'),
  };
  const victim = () => startServerProcess(t, dataDir, { DATABASE_URL: points.urlOf(databaseUrl) });

  /** Does an action at a server; it may never be answered. */
  const act = async (url: string, action: Action, name: string): Promise<number> => {
    const send = async (address: string, init: RequestInit, token: string) => {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${token}`);
      const answer = await fetch(`${url}${address}`, { ...init, headers });
      await answer.arrayBuffer();
      return answer.status;
    };
    const version = '1.0.0';
    if (action === 'publish') {
      const { bytes } = await packTest({ name, version, feat: SMALL }, { 'README.md': `# ${name}\n` });
      return send('/packages', archiveBody(bytes), tokens.ann);
    }
    if (action === 'promote') {
      const body = { version, tag: 'production' };
      return send(`/packages/${encodeURIComponent(name)}/promotions`, jsonBody('POST', body), tokens.bob);
    }
    const { rows } = await database.query(
      'select r.id, r.digest from approval_requests r join packages p on p.id = r.package_id where p.name = $1',
      [name],
    );
    const body = { decision: 'approve', digest: rows[0]?.digest };
    return send(`/approvals/${rows[0]?.id}/decisions`, jsonBody('POST', body), tokens.bob);
  };

  // Once without killing: what each action writes, and how a package looks before and after it.
  const first = await victim();
  const looks = [await points.look('@bank/reference')];
  const steps: { action: Action; table: string }[] = [];
  for (const action of ACTIONS) {
    await points.forget();
    t.true((await act(first.url, action, '@bank/reference')) < 300, action);
    looks.push(await points.look('@bank/reference'));
    for (const table of [...(await points.touched()), 'commit']) steps.push({ action, table });
  }
  first.process.kill('SIGKILL');
  t.true(steps.length > 12, JSON.stringify(steps));
  t.is(new Set(looks.map(look => JSON.stringify(look))).size, ACTIONS.length + 1);

  let stopped = false;
  const published: string[] = [];
  const load = (async () => {
    for (let turn = 0; !stopped; turn++) {
      const name = `@bank/load-${turn}`;
      for (const action of ACTIONS)
        t.true((await act(registry.url, action, name)) < 300, `${name} ${action}`);
      published.push(name);
      await delay(100);
    }
  })();

  for (const [turn, { action, table }] of steps.entries()) {
    const name = `@bank/killed-${turn}`;
    const at = `${action}, at ${table}`;
    const index = ACTIONS.indexOf(action);
    for (const earlier of ACTIONS.slice(0, index)) t.true((await act(registry.url, earlier, name)) < 300, at);
    const server = await victim();
    await points.arm(table);
    const answer = act(server.url, action, name).catch(() => 'none');
    await points.reached();
    server.process.kill('SIGKILL');
    await server.exit;
    await points.disarm();
    t.is(await answer, 'none', at);
    const look = await points.look(name);
    const done = table === 'commit';
    t.deepEqual(look, looks[done ? index + 1 : index], at);
    for (const rest of ACTIONS.slice(done ? index + 1 : index))
      t.true((await act(registry.url, rest, name)) < 300, `${at}: ${rest} at the other server`);
    t.deepEqual(await points.look(name), looks.at(-1), at);
    const archive = await registry.request(`/packages/${name}/-/${name.slice(6)}-1.0.0.tgz`);
    t.is(archive.status, 200, at);
    published.push(name);
  }
  stopped = true;
  await load;

  const cwd = tempDir(t);
  const env = {
    PROMPD_REGISTRY: registry.url,
    PROMPD_TOKEN: await registry.tokenOf('ann', 'publish'),
    PROMPD_HOME: path.join(cwd, 'home'),
  };
  const audit = await runCli(['registry', 'audit', 'export', path.join(cwd, 'audit.jsonl'), '@bank'], {
    cwd,
    env,
  });
  t.is(audit.code, 0, audit.stderr);
  for (const name of published) {
    const answer = await expectStatus(
      registry.request(`/packages/${encodeURIComponent(name)}/dist-tags`),
      200,
    );
    t.is(answers.distTags.parse(await answer.json())['production'], '1.0.0', name);
  }
  const { rows } = await database.query('select position from log_entries order by position');
  t.deepEqual(
    rows.map(({ position }) => Number(position)),
    rows.map((_, at) => at),
  );
  const project = path.join(cwd, 'prompd.json');
  writeFileSync(project, '{ "name": "@acme/reader", "version": "1.0.0" }\n');
  const wanted = published.slice(0, 40).map(name => `${name}@1.0.0`);
  const installed = await runCli(['install', ...wanted], { cwd, env });
  t.is(installed.code, 0, installed.stderr);
  const log = await runCli(['audit', 'log'], { cwd, env });
  t.is(log.code, 0, log.stderr);
});
