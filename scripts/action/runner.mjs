// What a runner of GitHub Actions is told, by files and by lines of the log.
// See https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';

/** Sets an output of the step; whatever is in the value, it stays one value. */
export function setOutput(name, value, env = process.env) {
  const end = `end-${randomUUID()}`;
  appendFileSync(required(env, 'GITHUB_OUTPUT'), `${name}<<${end}\n${value}\n${end}\n`);
}

/** Puts a folder on the PATH of the steps that follow. */
export function addPath(folder, env = process.env) {
  appendFileSync(required(env, 'GITHUB_PATH'), `${folder}\n`);
}

/** A variable that every runner sets. @throws Error when it is not there */
export function required(env, name) {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set: this runs as a step of GitHub Actions.`);
  return value;
}

/** Shows an error at the top of the run. */
export function sayError(title, message) {
  console.log(
    `::error title=${escaped(title).replace(/:/g, '%3A').replace(/,/g, '%2C')}::${escaped(message)}`,
  );
}

/** Writes what others may have written: no line of it is a command to the runner. */
export async function quoted(write) {
  const end = randomUUID();
  console.log(`::stop-commands::${end}`);
  try {
    return await write();
  } finally {
    console.log(`\n::${end}::`);
  }
}

function escaped(text) {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}
