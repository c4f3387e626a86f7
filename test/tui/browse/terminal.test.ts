import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { promptText, sharedRegistry } from '../../ops/scene.js';
import { startTestRegistry, type TestRegistry } from '../../support/registry.js';
import { openScreen, type ScreenOptions, type TerminalScreen } from '../../support/screen.js';
import { tempDir } from '../../support/temp.js';

const registry = sharedRegistry(test, fill);

async function fill({ publish }: TestRegistry): Promise<void> {
  const prompts = { say: 'say.prompd' };
  const tone = { name: '@acme/tone', version: '1.0.0', description: 'The tone of the house', prompts };
  await publish(tone, { 'say.prompd': promptText('say'), 'README.md': '# Tone\n\nKind to **all**.\n' });
  await publish(
    { ...tone, name: '@acme/rules', description: 'What not to say' },
    { 'say.prompd': promptText('say') },
  );
}

interface Sat extends TerminalScreen {
  readonly dir: string;
}

async function sitDown(t: ExecutionContext, url: string, more: Partial<ScreenOptions> = {}): Promise<Sat> {
  const root = tempDir(t);
  const dir = path.join(root, 'project');
  mkdirSync(dir);
  const env = { PROMPD_HOME: path.join(root, 'home'), PROMPD_REGISTRY: url, ...more.env };
  return { dir, ...(await openScreen(t, { cwd: dir, ...more, env })) };
}

test.serial('search, open, preview, install, take back, leave: in a terminal of 80 by 24', async t => {
  const screen = await sitDown(t, registry().url);
  const { start, until, type, press, dir } = screen;
  await type('echo before');
  await press('Enter');
  await until(/^before$/m);
  await start('browse');
  await until(/2 packages, by relevance/);
  t.is(await screen.ask('#{alternate_on}'), '1');
  await type('tone');
  await until(/1 package, by relevance/);
  await press('Enter');
  await until(/^> @acme\/tone/m);
  await type('i');
  await until(/Installed @acme\/tone 1\.0\.0\. +z: undo/);
  await until(/^> @acme\/tone .* S {2}I$/m);
  t.true(existsSync(path.join(dir, 'prompd.json')));

  await press('Enter');
  await until(/Kind to all\./);
  await type('l');
  await until(/word \(string, required\)/);
  await press('Enter');
  await until(/"word".* required/);
  await type('good day');
  await until(/--- user ---\n+Say good day\./);
  await press('Escape');
  await until(/Enter: fill it in/);
  await press('Escape');
  await until(/^> @acme\/tone/m);

  await type('z');
  await until(/Took back the install of @acme\/tone/);
  t.false(existsSync(path.join(dir, 'prompd.json')));
  await type('?');
  await until(/List of packages/);
  await type('?');
  await until(/1 package/);
  await type('q');
  const after = await until(/ready>$/);
  t.regex(after, /^before$/m, 'what was there before is there again');
  t.notRegex(after, /packages, by relevance/);
  t.is(await screen.ask('#{alternate_on} #{cursor_flag}'), '0 1');
});

for (const [title, end] of [
  ['Ctrl-C', async (screen: Sat) => screen.press('C-c')],
  [
    'SIGTERM',
    async (screen: Sat) => {
      process.kill(Number(readFileSync(path.join(screen.dir, 'pid'), 'utf8')), 'SIGTERM');
    },
  ],
  [
    'SIGHUP',
    async (screen: Sat) => {
      process.kill(Number(readFileSync(path.join(screen.dir, 'pid'), 'utf8')), 'SIGHUP');
    },
  ],
] as const) {
  test.serial(`${title} leaves the terminal as it was`, async t => {
    const screen = await sitDown(t, registry().url);
    await screen.type('stty -a > before.txt; sh -c \'echo $$ > pid; exec "$0" "$@"\' ');
    await screen.start('browse', 'acme');
    await screen.until(/2 packages, by relevance/);
    await end(screen);
    await screen.type('stty -a > after.txt; echo gone');
    await screen.press('Enter');
    await screen.until(/^gone$/m);
    t.is(await screen.ask('#{alternate_on} #{cursor_flag}'), '0 1');
    const settings = (file: string) => readFileSync(path.join(screen.dir, file), 'utf8');
    t.is(settings('after.txt'), settings('before.txt'));
  });
}

test.serial('the screen follows the window, up to 200 by 60 and back, also without colour', async t => {
  const screen = await sitDown(t, registry().url, { env: { NO_COLOR: '1' } });
  await screen.start('browse', 'acme');
  await screen.until(/^ +name +version +downloads +age +SADI$/m);
  await screen.resize(200, 60);
  const wide = await screen.until(/^> @acme\/\w+ .*(?:house|say) .*signed/m);
  t.true(wide.split('\n').length >= 59);
  t.is(wide.match(/packages, by relevance/g)?.length, 1, 'nothing of the old screen is left');
  await screen.resize(80, 24);
  const narrow = await screen.until(/^ +name +version +downloads +age +SADI$/m);
  t.is(narrow.match(/packages, by relevance/g)?.length, 1);
  t.true(narrow.split('\n').every(line => line.length <= 80));
  t.regex(narrow, /^\[1 Search\]/);
});

test.serial('a registry that goes away is marked, and what was looked at is still there', async t => {
  const own = await startTestRegistry(t);
  await fill(own);
  const screen = await sitDown(t, own.url);
  await screen.start('browse', 'tone');
  await screen.until(/^> @acme\/tone/m);
  await screen.press('Enter');
  await screen.until(/Kind to all\./);
  await own.close();
  await screen.press('Escape');
  await screen.until(/^> @acme\/tone/m);
  await screen.type('/');
  await screen.press('C-u');
  await screen.type('house');
  await screen.until(/OFFLINE, from the cache/);
  await screen.until(/^1 package, by relevance/m);
  await screen.press('Enter', 'Enter');
  await screen.until(/Kind to all\./);
  t.pass();
});
