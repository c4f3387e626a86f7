import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/story.mjs', import.meta.url));
const DEMO = fileURLToPath(new URL('../../../scripts/demo-governed.mjs', import.meta.url));

test('the story of a deployment passes on a registry that works, and fails for who may not publish', async t => {
  const registry = await startTestRegistry(t);
  const [good, refused] = await Promise.all([
    tell(registry, registry.adminToken),
    tell(registry, await registry.token('read')),
  ]);
  t.is(good.code, 0, good.said);
  t.regex(good.said, /story: passed/);
  t.is(refused.code, 1);
  t.regex(refused.said, /story: failed: two versions are published/);
});

test('the governed demo ends well on embedded parts, and shows the real commands', async t => {
  const child = spawn(process.execPath, [DEMO], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, talk, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  t.is(code, 0, `${out}${talk}`);
  for (const command of ['org create', 'approvals approve', 'promote', 'rollback', 'revoke', 'feat report'])
    t.true(out.includes(`$ prompd ${command}`), command);
});

async function tell({ url }: TestRegistry, token: string): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { ...process.env, PROMPD_REGISTRY: url, PROMPD_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, talk, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, said: `${out}${talk}` };
}
