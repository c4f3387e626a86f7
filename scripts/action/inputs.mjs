// The inputs of the action, from the environment, checked before anything is done with them.
import { realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { required } from './runner.mjs';

const COMMANDS = ['setup', 'ci', 'audit', 'publish'];
const LEVELS = ['', 'info', 'low', 'moderate', 'high', 'critical', 'none'];
/** More characters than any input needs. */
const LIMIT = 4096;

/** @throws Error that names the input and what it may be */
export function readInputs(env = process.env) {
  const workspace = realpathSync(required(env, 'GITHUB_WORKSPACE'));
  const command = oneOf(env, 'command', COMMANDS);
  return {
    command,
    program: required(env, 'PROMPD_ACTION_PROGRAM'),
    workspace,
    folder: folderOf(env, workspace),
    registry: addressOf(env),
    token: input(env, 'token'),
    omitDev: flag(env, 'omit-dev'),
    auditLevel: oneOf(env, 'audit-level', LEVELS),
    offline: flag(env, 'offline'),
    sarifFile: sarifOf(env, workspace),
    tag: tagOf(env),
    private: flag(env, 'private'),
    dryRun: flag(env, 'dry-run'),
  };
}

function input(env, name) {
  const value = (env[`PROMPD_ACTION_${name.toUpperCase().replace(/-/g, '_')}`] ?? '').trim();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (value.length > LIMIT || /[\u0000-\u001f\u007f]/.test(value))
    throw new Error(`The input "${name}" is one line of at most ${LIMIT} characters.`);
  return value;
}

function oneOf(env, name, values) {
  const value = input(env, name);
  if (values.includes(value)) return value;
  throw new Error(`The input "${name}" is one of ${values.filter(known => known !== '').join(', ')}.`);
}

function flag(env, name) {
  return oneOf(env, name, ['', 'true', 'false']) === 'true';
}

function folderOf(env, workspace) {
  const folder = below(workspace, 'working-directory', input(env, 'working-directory') || '.');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Error('The input "working-directory" is a folder that the checkout has.');
  // A link of the checkout leads no further than its path.
  return below(workspace, 'working-directory', realpathSync(folder));
}

function sarifOf(env, workspace) {
  const value = input(env, 'sarif-file');
  if (value === '') return path.join(required(env, 'RUNNER_TEMP'), 'prompd.sarif');
  const file = below(workspace, 'sarif-file', value);
  below(workspace, 'sarif-file', realpathSync(path.dirname(file)));
  return file;
}

function below(workspace, name, value) {
  const absolute = path.resolve(workspace, value);
  const relative = path.relative(workspace, absolute);
  if (relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative)) return absolute;
  throw new Error(`The input "${name}" is a path below the workspace.`);
}

function addressOf(env) {
  const value = input(env, 'registry');
  if (value === '') return value;
  const url = URL.parse?.(value) ?? (URL.canParse(value) ? new URL(value) : null);
  if (url && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '') return value;
  throw new Error('The input "registry" is an address of http or https, without a user.');
}

function tagOf(env) {
  const value = input(env, 'tag');
  if (value === '' || /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(value)) return value;
  throw new Error('The input "tag" is a name of letters, digits, dots and dashes.');
}
