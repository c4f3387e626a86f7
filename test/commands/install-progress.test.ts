import type { IncomingMessage, ServerResponse } from 'node:http';
import test, { type ExecutionContext } from 'ava';
import { makeScene } from '../ops/scene.js';
import { smallRegistry } from '../support/small-registry.js';
import { KEYS, openTerminal } from '../support/terminal.js';

const AS_BEFORE = { cursor: true, alternate: false, cooked: true };
const NAMES = Array.from({ length: 8 }, (_, at) => `@acme/p${at}`);

test('an install that takes long shows how far it is and for how long, also on another size, and cleans up', async t => {
  const { start, release } = await slowInstall(t);
  const terminal = await start();
  await terminal.until(/^fetching [█░]{24} \d\/8/m);
  t.deepEqual(await terminal.state(), AS_BEFORE);
  await terminal.until(/^. fetching █{12}░{12}\n {2}4\/8, .* \d+ s left\n {2}@acme\/p\d@1\.0\.0\n/m);
  await terminal.resize(46, 12);
  await terminal.until(/^. fetching █{12}░{12}\n {2}4\/8, .* \d+ s left\n {2}@acme/m);
  await terminal.resize(90, 24);
  await terminal.until(/s left\n/);
  release(response => response.destroy());
  t.is(await terminal.ended(), 0);
  const screen = await terminal.screen();
  t.regex(
    screen,
    /^ {2}\+ @acme\/p0@1\.0\.0\n[\s\S]*\nInstalled 8 packages: 8 added, 0 removed, 8 fetched\.\n\[exit 0\]/m,
  );
  t.notRegex(screen, /fetching|█/);
  t.deepEqual(await terminal.state(), AS_BEFORE);
});

test('an error takes the place of the progress', async t => {
  const { start, release } = await slowInstall(t);
  const terminal = await start();
  await terminal.until(/s left\n/);
  release(response => response.writeHead(403).end(), { always: true });
  t.not(await terminal.ended(), 0);
  const screen = await terminal.screen();
  t.regex(screen, /^\[begin\]\nerror E/);
  t.notRegex(screen, /fetching/);
  t.deepEqual(await terminal.state(), AS_BEFORE);
});

test('Ctrl-C ends an install with the terminal as it was', async t => {
  const { start } = await slowInstall(t);
  const terminal = await start();
  await terminal.until(/s left\n/);
  await terminal.send(KEYS.controlC);
  t.is(await terminal.ended(), 130);
  t.deepEqual(await terminal.state(), AS_BEFORE);
});

test('neither --quiet nor --json shows any', async t => {
  for (const flag of ['--quiet', '--json']) {
    const { start, release } = await slowInstall(t);
    const terminal = await start(flag);
    setTimeout(() => release(response => response.destroy()), 2500);
    t.is(await terminal.ended(), 0);
    t.notRegex(await terminal.screen(), /fetching/);
  }
});

/** An install of eight packages, of which the last four do not come before they are released. */
async function slowInstall(t: ExecutionContext) {
  const registry = await smallRegistry(
    t,
    NAMES.map(name => ({ name, version: '1.0.0' })),
  );
  const dependencies = Object.fromEntries(NAMES.map(name => [name, '*']));
  const scene = makeScene(t, registry.url, { manifest: { dependencies } });
  const held: ServerResponse[] = [];
  let archives = 0;
  registry.interfere = (request: IncomingMessage, response) => {
    if (!request.url?.endsWith('.tgz')) return false;
    archives += 1;
    if (archives <= 4) return false;
    held.push(response);
    return true;
  };
  return {
    start: (...flags: string[]) => openTerminal(t, ['install', ...flags], { cwd: scene.dir, env: scene.env }),
    /** @param answer what is held gets, and with `always` also what is asked for from now on */
    release(answer: (response: ServerResponse) => void, { always = false } = {}) {
      const answering = (_request: IncomingMessage, response: ServerResponse) => {
        answer(response);
        return true;
      };
      registry.interfere = always ? answering : undefined;
      for (const response of held) answer(response);
    },
  };
}
