import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import { prepareTemplate } from '#server/adapters/embedded-template.js';
import { openDoor } from '../support/door.js';
import { startTestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';
import { archiveBytes, startMirror, uplink } from './mirror-scene.js';

const SERVER = fileURLToPath(new URL('../../../registry-server/dist/server.js', import.meta.url));

/** Starts the server as a program of its own, with a file of uplinks. */
async function startChild(t: Teardown, dataDir: string, uplinks: object) {
  await prepareTemplate();
  const file = join(tempDir(t), 'uplinks.json');
  writeFileSync(file, JSON.stringify(uplinks));
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env['PATH'], PROMPD_DATA: dataDir, PORT: '0', PROMPD_UPLINKS: file },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const kill = () => {
    child.kill('SIGKILL');
    return exit;
  };
  t.teardown(kill);
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    child.stdout.on('data', (chunk: Buffer) => {
      log += chunk;
      const found = /"url":"(http:[^"]+)"/.exec(log)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', code => reject(new Error(`the server ended with ${code}: ${log}`)));
  });
  return { url, kill };
}

test('kill -9 in the middle of mirroring leaves each package whole or absent', async t => {
  const upstream = await startTestRegistry(t);
  const names = Array.from({ length: 10 }, (_, index) => `@common/p${index}`);
  const integrities = new Map<string, string>();
  for (const name of names) {
    const { integrity } = await upstream.publish({ name, version: '1.0.0' });
    integrities.set(name, integrity);
  }
  const door = await openDoor(t, upstream.url);
  const dataDir = tempDir(t);
  const child = await startChild(t, dataDir, {
    uplinks: [{ name: 'common', url: door.url, packages: ['@common'] }],
  });
  const confirmed: string[] = [];
  await Promise.allSettled(
    names.map(async name => {
      const answer = await fetch(`${child.url}/packages/${name}`);
      if (answer.status === 200) confirmed.push(name);
      if (confirmed.length === 3) await child.kill();
    }),
  );
  await child.kill();
  t.true(confirmed.length >= 3);

  door.shut(true);
  const mirror = await startMirror(t, [uplink(door.url)], { dataDir });
  t.deepEqual(readdirSync(join(dataDir, 'uploads')), []);
  for (const name of names) {
    const { status } = await mirror.request(`/packages/${name}`);
    if (status === 200)
      t.is(integrityOf(await archiveBytes(mirror, name, '1.0.0')) as string, integrities.get(name) ?? '');
    else t.deepEqual([status, confirmed.includes(name)], [502, false], name);
  }
});
