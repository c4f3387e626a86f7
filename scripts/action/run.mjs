// One command of prompd, with the inputs of the action, and its result as outputs.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { readInputs } from './inputs.mjs';
import { quoted, sayError, setOutput } from './runner.mjs';

/** More than any answer of a command. */
const MAX_BYTES = 64 * 1024 * 1024;
const COMMANDS = { setup: async () => 0, ci, audit, publish };

try {
  const inputs = readInputs();
  process.exitCode = await COMMANDS[inputs.command](inputs);
} catch (error) {
  sayError('prompd', error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function ci(inputs) {
  const { code } = await quoted(() =>
    prompd(inputs, ['ci', ...shared(inputs), ...(inputs.dryRun ? ['--dry-run'] : [])], { show: true }),
  );
  if (code !== 0) sayError('prompd ci', `It ended with ${code}; the log says why.`);
  return code;
}

/** The log is written and named also when findings fail the step, so that a later one can upload it. */
async function audit(inputs) {
  const { code, stdout } = await quoted(() =>
    prompd(inputs, ['audit', '--format', 'sarif', '--json', ...shared(inputs)]),
  );
  const log = JSON.parse(stdout);
  if (!Array.isArray(log.runs)) return failed('prompd audit', log, code);
  const results = log.runs.flatMap(run => run.results);
  const prefix = path.relative(inputs.workspace, inputs.folder).split(path.sep).join('/');
  for (const { physicalLocation } of results.flatMap(result => result.locations)) {
    // Code scanning looks for files from the root of the repository.
    const place = physicalLocation.artifactLocation;
    place.uri =
      prefix === '' ? place.uri : `${prefix.split('/').map(encodeURIComponent).join('/')}/${place.uri}`;
  }
  writeFileSync(inputs.sarifFile, `${JSON.stringify(log, null, 2)}\n`);
  const open = results.filter(({ suppressions = [] }) => suppressions.length === 0);
  setOutput('sarif-file', inputs.sarifFile);
  setOutput('findings', open.length);
  await quoted(async () => {
    for (const { level, ruleId, message, locations } of open)
      console.log(
        `${level} ${ruleId} ${locations[0].physicalLocation.artifactLocation.uri}: ${message.text}`,
      );
  });
  if (code !== 0) sayError('prompd audit', `${open.length} findings, some at the level that fails.`);
  return code;
}

/** Without a token, the permission `id-token: write` of the job is what publishes. */
async function publish(inputs) {
  const { code, stdout } = await quoted(() =>
    prompd(inputs, [
      'publish',
      '--json',
      ...(inputs.tag === '' ? [] : [`--tag=${inputs.tag}`]),
      ...(inputs.private ? ['--private'] : []),
      ...(inputs.dryRun ? ['--dry-run'] : []),
    ]),
  );
  const result = JSON.parse(stdout);
  if (result.error) return failed('prompd publish', result, code);
  for (const { severity, file, message } of result.problems)
    if (severity === 'error') sayError('prompd publish', `${file}: ${message}`);
  if (code !== 0) return code;
  setOutput('package', `${result.name}@${result.version}`);
  setOutput('integrity', result.integrity);
  setOutput('status', result.receipt?.status ?? 'checked');
  return code;
}

function shared({ omitDev, auditLevel, offline }) {
  return [
    ...(omitDev ? ['--omit=dev'] : []),
    ...(auditLevel === '' ? [] : [`--audit-level=${auditLevel}`]),
    ...(offline ? ['--offline'] : []),
  ];
}

function failed(title, { error }, code) {
  sayError(title, [error?.code, error?.message, error?.hint].filter(Boolean).join(' '));
  return code || 1;
}

/** Started without a shell. What it says is shown; its result is, too, where `show` asks for it. */
function prompd({ program, folder, registry, token }, args, { show = false } = {}) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('PROMPD_ACTION_')),
  );
  if (registry !== '') env.PROMPD_REGISTRY = registry;
  if (token !== '') env.PROMPD_TOKEN = token;
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', show ? 'inherit' : 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', text => {
    stdout += text;
    if (stdout.length > MAX_BYTES) child.kill();
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', code => resolve({ code: code ?? 1, stdout }));
  });
}
