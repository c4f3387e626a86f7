import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Teardown, tempDir } from './temp.js';

const PROGRAM = path.join(
  path.dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')),
  'bin/verdaccio',
);
/** Packages of this scope are there for those who are signed in, and for nobody else. */
export const VERDACCIO_PRIVATE_SCOPE = '@closed';

export interface Verdaccio {
  /** Ends in `/`. */
  readonly url: string;
  /** Makes a user and gives back a token of theirs. */
  user(name: string): Promise<string>;
}

/** A real Verdaccio with a storage of its own and no upstream. */
export async function startVerdaccio(t: Teardown): Promise<Verdaccio> {
  const dir = tempDir(t);
  const port = await freePort();
  const config = path.join(dir, 'config.yaml');
  writeFileSync(config, configuration(dir));
  const child = spawn(process.execPath, [PROGRAM, '--config', config, '--listen', `127.0.0.1:${port}`], {
    cwd: dir,
    stdio: 'ignore',
  });
  t.teardown(async () => {
    if (child.exitCode !== null) return;
    const ended = new Promise(resolve => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  });
  const url = `http://127.0.0.1:${port}/`;
  await answering(url, () => child.exitCode !== null);
  return { url, user: name => signUp(url, name) };
}

function configuration(dir: string): string {
  return `storage: ${dir}/storage
auth:
  htpasswd:
    file: ${dir}/htpasswd
    algorithm: bcrypt
    rounds: 1
packages:
  '${VERDACCIO_PRIVATE_SCOPE}/*':
    access: $authenticated
    publish: $authenticated
    unpublish: $authenticated
  '**':
    access: $all
    publish: $authenticated
    unpublish: $authenticated
web:
  enable: false
max_body_size: 50mb
log: { type: stdout, level: fatal }
`;
}

async function answering(url: string, ended: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 600 && !ended(); attempt++) {
    const answer = await fetch(`${url}-/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('Verdaccio does not answer');
}

async function signUp(url: string, name: string): Promise<string> {
  const answer = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, password: randomUUID() }),
  });
  const body: unknown = await answer.json();
  if (typeof body === 'object' && body !== null && 'token' in body && typeof body.token === 'string')
    return body.token;
  throw new Error(`Verdaccio answered ${answer.status} to a new user`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
