// The story of a prompt, told to a registry that runs somewhere: published, found, installed, rendered, moved on to the next
// version and back again; then the tale of a governed one. It is the gate before a deployment, and after it. Ends with 0 when
// every step went as it must. The token is that of an admin; PROMPD_REPLICA may name another server of the same registry.
//   PROMPD_REGISTRY=https://… PROMPD_TOKEN=… npm run story
// With "-- --governed" only the second part is told.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellGovernedTale } from './governed-tale.mjs';

const bin = fileURLToPath(new URL('../bin/prompd.js', import.meta.url));
const { PROMPD_REGISTRY: registry, PROMPD_TOKEN: token, PROMPD_REPLICA: replica } = process.env;
assert(registry && token, 'PROMPD_REGISTRY and PROMPD_TOKEN say which registry the story is told to.');

const place = mkdtempSync(path.join(tmpdir(), 'prompd-story-'));
const project = path.join(place, 'project');
mkdirSync(project);
const env = { ...process.env, PROMPD_HOME: path.join(place, 'home'), NO_COLOR: '1', CI: '1' };
/** Of this telling: a version is never used twice. */
const number = Date.now();
const name = '@staging/story';

try {
  if (!process.argv.includes('--governed')) await tell();
  const registries = [registry, ...(replica ? [replica] : [])].map(url => url.replace(/\/$/, ''));
  await tellGovernedTale({ registries, token, place, step });
  console.log('story: passed');
} catch (error) {
  console.error(`story: failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(place, { recursive: true, force: true });
}

async function tell() {
  await step('the registry is ready', async () => {
    const answer = await fetch(new URL('/readyz', registry), { signal: AbortSignal.timeout(10_000) });
    assert.equal(answer.status, 200);
  });
  const [first, second] = [`1.0.${number}`, `1.1.${number}`];
  await step('two versions are published', async () => {
    await prompd('publish', packageOf(first, 'Hello'), '--tag', 'next');
    await prompd('publish', packageOf(second, 'Good morning'), '--tag', 'next');
  });
  await step('a version is never published twice', async () => {
    await assert.rejects(prompd('publish', packageOf(first, 'Something else')));
  });
  await step('the package is found', async () => {
    assert.match(await prompd('search', 'story of staging'), /@staging\/story/);
  });
  await step('the first version is installed and rendered', async () => {
    writeFileSync(path.join(project, 'prompd.json'), '{ "name": "@staging/reader", "version": "1.0.0" }\n');
    await prompd('install', `${name}@${first}`);
    assert.match(await render(), /Hello, Ada!/);
  });
  await step('a tag is moved on to the second version', async () => {
    await prompd('dist-tag', 'add', `${name}@${second}`, 'stable');
    await prompd('install', `${name}@stable`);
    assert.match(await render(), /Good morning, Ada!/);
  });
  await step('and back again', async () => {
    await prompd('dist-tag', 'add', `${name}@${first}`, 'stable');
    await prompd('install', `${name}@stable`);
    assert.match(await render(), /Hello, Ada!/);
  });
  await step('a clean machine installs the same from the lockfile', async () => {
    env.PROMPD_HOME = path.join(place, 'another-home');
    await prompd('ci');
    assert.match(await render(), /Hello, Ada!/);
  });
  await step('every signature of the registry holds', async () => {
    await prompd('audit', 'signatures');
  });
}

function render() {
  return prompd('render', name, '-p', 'name=Ada', '--format', 'text');
}

/** A folder with the package in a version that greets so. */
function packageOf(version, greeting) {
  const folder = mkdtempSync(path.join(place, 'package-'));
  const manifest = {
    name,
    version,
    description: 'The story of staging: a greeting, which every deployment tells.',
    license: 'MIT',
    main: 'greet',
    prompts: { greet: 'greet.prompd' },
  };
  writeFileSync(path.join(folder, 'prompd.json'), JSON.stringify(manifest));
  writeFileSync(
    path.join(folder, 'greet.prompd'),
    `---\nid: greet\nname: Greet\nversion: ${version}\nparameters:\n  - name: name\n    type: string\n    required: true\n---\n# User\n${greeting}, {{ name }}!\n`,
  );
  writeFileSync(path.join(folder, 'README.md'), '# Story\n');
  return folder;
}

async function step(title, work) {
  const began = Date.now();
  await work().catch(error => {
    throw new Error(`${title}: ${error.message}`);
  });
  console.log(`  ${title} (${Date.now() - began} ms)`);
}

function prompd(...args) {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, talk] = [[], []];
  child.stdout.on('data', chunk => out.push(chunk));
  child.stderr.on('data', chunk => talk.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('close', code => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`prompd ${args.join(' ')} ended with ${code}\n${Buffer.concat(talk)}`));
    });
  });
}
