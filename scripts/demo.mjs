// The main job, end to end, on embedded parts: a registry in a temporary folder, the example packages published to it,
// a project that installs them, a prompt rendered. Every step is the real command; nothing outside the folder changes.
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'bin', 'prompd.js');
const packages = path.join(root, 'fixtures', 'packages');
const ADMIN_TOKEN = 'prompd_demo_token_of_a_registry_that_lives_a_minute';

setUp();

const place = mkdtempSync(path.join(tmpdir(), 'prompd-demo-'));
const project = path.join(place, 'project');
mkdirSync(project);
const env = { ...process.env, PROMPD_HOME: path.join(place, 'home'), PROMPD_TOKEN: ADMIN_TOKEN };
delete env.DATABASE_URL;
let registry;

try {
  await demo();
  console.log(`
That was the main job. What to try next, from here:
  node bin/prompd.js init my-prompts --template reviewer    start a package of your own
  node bin/prompd.js validate my-prompts                    check it
  node bin/prompd.js registry start                         keep a registry running
  node bin/prompd.js --help                                 everything else`);
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  await stopRegistry();
  rmSync(place, { recursive: true, force: true });
}

async function demo() {
  title('1. Start the bundled registry (embedded database, temporary folder)');
  env.PROMPD_REGISTRY = await startRegistry();
  console.log(`listening on ${env.PROMPD_REGISTRY}`);

  const folders = exampleFolders();
  title(`2. Publish ${folders.length} versions of the example packages`);
  for (const folder of folders) {
    const tag = path.basename(folder).includes('-') ? ['--tag', 'next'] : [];
    const { name, version, integrity } = JSON.parse(
      await prompd(['publish', folder, ...tag, '--json'], { quiet: true }),
    );
    console.log(`  ${`${name}@${version}`.padEnd(36)} ${integrity.slice(0, 27)}…`);
  }

  title('3. Find one');
  await prompd(['search', 'code review']);

  title('4. Install into a project');
  await prompd(['install', '@acme/security-review', '@bank/kyc-summary']);
  await prompd(['tree']);

  title('5. The lockfile: names, integrity, contract digests; the same bytes each time');
  const lockfile = readFileSync(path.join(project, 'prompd-lock.json'), 'utf8');
  console.log(lockfile.split('\n').slice(0, 28).join('\n'));
  console.log(`  … ${lockfile.split('\n').length} lines in all`);
  await prompd(['ci']);

  title('6. Render a prompt');
  writeFileSync(
    path.join(project, 'change.diff'),
    '- const ok = token == expected;\n+ const ok = timingSafeEqual(token, expected);\n',
  );
  await prompd([
    'render',
    '@acme/security-review',
    '-p',
    'diff=@change.diff',
    '-p',
    'language=TypeScript',
    '--format',
    'text',
  ]);
}

/** Dependencies first: a registry accepts packages in any order, but this one reads better. */
function exampleFolders() {
  const found = [];
  const visit = (folder, depth) => {
    if (existsSync(path.join(folder, 'prompd.json'))) found.push(folder);
    else if (depth > 0)
      for (const name of readdirSync(folder).sort()) visit(path.join(folder, name), depth - 1);
  };
  visit(packages, 3);
  const version = folder => path.basename(folder).split('-')[0].split('.').map(Number);
  const byVersion = (a, b) =>
    version(a)[0] - version(b)[0] || version(a)[1] - version(b)[1] || version(a)[2] - version(b)[2];
  return found.sort((a, b) => (path.dirname(a) === path.dirname(b) ? byVersion(a, b) : a < b ? -1 : 1));
}

async function startRegistry() {
  registry = spawn(
    process.execPath,
    [bin, 'registry', 'start', '--port', '0', '--data', path.join(place, 'registry'), '--json'],
    {
      env: { ...env, PROMPD_ADMIN_TOKEN: ADMIN_TOKEN },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
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

/** Runs a command in the project, shows it as it would be typed, and gives back its result. */
function prompd(args, { quiet = false } = {}) {
  if (!quiet) console.log(`\n$ prompd ${args.map(arg => (/\s/.test(arg) ? `"${arg}"` : arg)).join(' ')}`);
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', quiet ? 'pipe' : 'inherit'],
  });
  const chunks = [];
  child.stdout.on('data', chunk => {
    chunks.push(chunk);
    if (!quiet) process.stdout.write(chunk);
  });
  return new Promise((resolve, reject) => {
    child.once('close', code => {
      const output = Buffer.concat(chunks).toString('utf8');
      if (code === 0) resolve(output);
      else reject(new Error(`prompd ${args.join(' ')} ended with ${code}\n${output}`));
    });
  });
}

function title(text) {
  console.log(`\n── ${text}`);
}
