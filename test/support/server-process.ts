import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepareTemplate } from '#server/adapters/embedded-template.js';
import type { Teardown } from './temp.js';

const SERVER = fileURLToPath(new URL('../../../registry-server/dist/server.js', import.meta.url));
export const ADMIN_TOKEN = 'prompd_admin-token-of-a-child-process';

export interface ServerProcess {
  readonly url: string;
  readonly adminToken: string;
  readonly process: ChildProcess;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts the server as a program of its own, which can be killed; it is when the test ends. */
export async function startServerProcess(
  t: Teardown,
  dataDir: string,
  env: Record<string, string> = {},
): Promise<ServerProcess> {
  await prepareTemplate();
  const child = spawn(process.execPath, [SERVER], {
    env: {
      PATH: process.env['PATH'],
      PROMPD_DATA: dataDir,
      PORT: '0',
      PROMPD_ADMIN_TOKEN: ADMIN_TOKEN,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = new Promise<Awaited<ServerProcess['exit']>>(resolve => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    const read = (chunk: Buffer) => {
      log += chunk;
      const found = /"url":"(http:[^"]+)"/.exec(log)?.[1];
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
  return { url, adminToken: ADMIN_TOKEN, process: child, exit };
}
