import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { startPostgres } from '../support/postgres.js';
import { startRedis } from '../support/redis.js';
import { startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/story.mjs', import.meta.url));

test('a prompt is created, edited, approved by others, promoted, delivered, rolled back and revoked, on two servers with PostgreSQL and Redis', async t => {
  t.timeout(180_000);
  const postgres = await startPostgres();
  if (!postgres) throw new Error('PostgreSQL is needed');
  t.teardown(() => postgres.stop());
  const redis = await startRedis(t);
  const shared = {
    databaseUrl: await postgres.freshDatabase(),
    redisUrl: redis.url,
    dataDir: tempDir(t),
    adminToken: 'prompd_admin-token-of-two-servers-of-a-story',
  };
  const [one, other] = [await startTestRegistry(t, shared), await startTestRegistry(t, shared)];
  const child = spawn(process.execPath, [SCRIPT, '--governed'], {
    env: {
      ...process.env,
      PROMPD_REGISTRY: one.url,
      PROMPD_REPLICA: other.url,
      PROMPD_TOKEN: shared.adminToken,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, talk, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  t.is(code, 0, `${out}${talk}`);
  t.regex(out, /the audit verifies without the registry/);
  t.regex(out, /story: passed/);
});
