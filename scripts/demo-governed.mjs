// A governed prompt from its draft to its revocation, on embedded parts: a registry in a temporary folder, five people, the
// real commands. It needs neither PostgreSQL nor Redis, and nothing outside the folder changes.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const bin = fileURLToPath(new URL('../bin/prompd.js', import.meta.url));
const ADMIN_TOKEN = 'prompd_demo_token_of_a_registry_that_lives_a_minute';
/** Variables that a server reads. */
const SETTINGS = /^(?:PROMPD|DATABASE|REDIS|S3|OTEL|ELASTICSEARCH)_|^(?:PORT|HOST|PUBLIC_URL|LOG_LEVEL)$/;
/** Lines that are shown of what a command prints. */
const LINES = 12;

setUp();
// What it loads is built by now.
const { tellGovernedTale } = await import('./governed-tale.mjs');

const place = mkdtempSync(path.join(tmpdir(), 'prompd-demo-'));
let registry;
let steps = 0;

try {
  const url = await startRegistry();
  console.log(`A registry listens on ${url}: one process, an embedded database, a temporary folder.`);
  await tellGovernedTale({ registries: [url], token: ADMIN_TOKEN, place, step, show });
  console.log(`
That was the story of a governed prompt. What to try next:
  docs/projects.md      projects, teams and roles
  docs/governance.md    evidence, approvals, channels
  docs/audit.md         what the audit holds, and how it is verified`);
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await stopRegistry();
  rmSync(place, { recursive: true, force: true });
}

function step(title, work) {
  steps += 1;
  console.log(`\n── ${steps}. ${title[0].toUpperCase()}${title.slice(1)}`);
  return work();
}

function show(what, output) {
  const lines = output.trimEnd().split('\n');
  const more = lines.length > LINES ? [`  … ${lines.length} lines in all`] : [];
  console.log(`\n${what}\n${[...lines.slice(0, LINES).map(line => `  ${line}`), ...more].join('\n')}`);
}

async function startRegistry() {
  // What the environment says of another registry is none of this one's.
  const rest = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const data = path.join(place, 'registry');
  registry = spawn(process.execPath, [bin, 'registry', 'start', '--port', '0', '--data', data, '--json'], {
    env: { ...rest, PROMPD_HOME: path.join(place, 'home'), PROMPD_ADMIN_TOKEN: ADMIN_TOKEN },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const talk = [];
  registry.stderr.on('data', chunk => talk.push(chunk));
  let text = '';
  for await (const line of createInterface({ input: registry.stdout })) {
    text += line;
    const url = /"url":\s*"([^"]+)"/.exec(text)?.[1];
    if (url) return url;
  }
  throw new Error(`the registry did not start\n${Buffer.concat(talk)}`);
}

async function stopRegistry() {
  if (!registry || registry.exitCode !== null) return;
  const ended = new Promise(resolve => registry.once('exit', resolve));
  registry.kill('SIGTERM');
  await ended;
}
