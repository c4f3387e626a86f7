import test from 'ava';
import { install } from '#prompd/ops/install/install.js';
import { makeScene, sharedRegistry } from '../ops/scene.js';
import { expectStatus, governedScene, type Scene, SMALL } from '../registry-server/governed-scene.js';
import { testContext } from '../support/context.js';
import { tempDir } from '../support/temp.js';
import { KEYS, openTerminal } from '../support/terminal.js';

const scenes: Scene[] = [];
const registry = sharedRegistry(test, async started => {
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await started.publish({ name: '@acme/rules', version });
  for (const version of ['1.0.0', '1.0.1']) await started.publish({ name: '@common/tone', version });
  const scene = governedScene(started);
  scenes.push(scene);
  await scene.people();
  await scene.project('bank');
  await scene.approved('@bank/kyc', '1.0.0');
  await scene.pend('ann', '@bank/kyc', '1.1.0', SMALL);
  await scene.pend('both', '@bank/own', '1.0.0', SMALL);
  const endsAt = new Date(Date.now() + 86_400_000).toISOString();
  const delegation = { to: 'both', reason: 'On leave.', endsAt };
  await expectStatus(scene.ask('bob', 'POST', '/projects/bank/delegations', delegation), 201);
});

test('the second tab shows what is installed, moves it, removes it and takes that back', async t => {
  const asking = (rules: string) => ({ dependencies: { '@acme/rules': rules, '@common/tone': '1.0.0' } });
  const scene = makeScene(t, registry().url, { manifest: asking('1.0.0') });
  const context = await testContext({ cwd: scene.dir, home: scene.home, env: scene.env });
  await install(context);
  scene.write('prompd.json', asking('^1.0.0'));
  await install(context);

  const terminal = await openTerminal(t, ['browse'], { cwd: scene.dir, env: scene.env });
  await terminal.until('[1 Search]');
  await terminal.send(`${KEYS.enter}2`);
  await terminal.until(/> @acme\/rules +\^1\.0\.0 +1\.0\.0 +1\.1\.0 +2\.0\.0 +outdated/);
  await terminal.until(/2 packages, 2 outdated/);
  await terminal.send('u');
  await terminal.until(/> @acme\/rules +\^1\.0\.0 +1\.1\.0 +1\.1\.0 +2\.0\.0 +outdated/);
  await terminal.send('U');
  await terminal.until(/> @acme\/rules +\^2\.0\.0 +2\.0\.0 +2\.0\.0 +2\.0\.0\n/);
  await terminal.send('z');
  await terminal.until(/> @acme\/rules +\^1\.0\.0 +1\.1\.0/);
  await terminal.resize(200, 60);
  await terminal.send(`${KEYS.down}x`);
  await terminal.until(/Remove @common\/tone from .*\? +y: yes/);
  await terminal.send('y');
  await terminal.until(/: 1 package, 1 outdated/);
  t.deepEqual(JSON.parse(scene.read('prompd.json')).dependencies, { '@acme/rules': '^1.0.0' });
  await terminal.send('z');
  await terminal.until(/@common\/tone +1\.0\.0/);
  t.deepEqual(JSON.parse(scene.read('prompd.json')), asking('^1.0.0'));
  await terminal.resize(80, 24);
  await terminal.send('s');
  await terminal.until(/the store: 4 packages/);
  await terminal.send('3');
  t.regex(await terminal.until('You are not signed in'), /\nRun prompd login --registry http/);
  await terminal.send('q');
  t.is(await terminal.ended(), 0);
  t.deepEqual(await terminal.state(), { cursor: true, alternate: false, cooked: true });
});

test('in the third tab a request is read and decided; one’s own the registry refuses, in its words', async t => {
  const env = {
    PROMPD_HOME: tempDir(t),
    PROMPD_REGISTRY: registry().url,
    PROMPD_TOKEN: await registry().tokenOf('both', 'publish'),
  };
  const terminal = await openTerminal(t, ['browse'], { cwd: tempDir(t), env, columns: 100, rows: 40 });
  await terminal.until('[1 Search]');
  await terminal.send(`${KEYS.enter}3`);
  await terminal.until(/2 requests wait for a decision, 1 of them yours; signed in as both/);
  await terminal.until(/> @bank\/own@1\.0\.0 .* yours/);
  await terminal.send(KEYS.enter);
  await terminal.until(/authors +both \(yours: somebody else decides\)/);
  await terminal.send(`amine${KEYS.enter}`);
  await terminal.until(/^EFOUREYES: /m);
  await terminal.until('Reason, may stay empty: mine');
  await terminal.send(KEYS.escape);
  await terminal.until('a: approve  d: decline');
  await terminal.send(KEYS.escape);
  await terminal.until('2 requests wait');
  await terminal.send('j');
  await terminal.until('> @bank/kyc@1.1.0');
  await terminal.send(KEYS.enter);
  await terminal.until(/state +pending, 1 missing/);
  await terminal.send('G');
  t.regex(await terminal.until('-- end --'), /\n\+# @bank\/kyc 1\.1\.0\n/);
  await terminal.send(`d${KEYS.enter}`);
  await terminal.until('Say why it is declined.');
  await terminal.send('Not yet? No.');
  await terminal.until(
    /^In your own name, for the function that is missing {2}Tab: otherwise\nDecline\. Reason: Not yet\? No\.$/m,
  );
  for (const as of ['business', 'risk', 'validator']) {
    await terminal.send(KEYS.tab);
    await terminal.until(`In your own name, for ${as}  Tab`);
  }
  await terminal.send(KEYS.tab);
  await terminal.until(/^In the name of bob {2}Tab: otherwise\nDecline\. Reason: Not yet\? No\.$/m);
  await terminal.send(KEYS.enter);
  await terminal.until('@bank/kyc@1.1.0 is declined.');
  await terminal.until(/1 request waits for a decision, 1 of them yours/);
  await terminal.send(KEYS.controlC);
  t.is(await terminal.ended(), 0);
  t.deepEqual(await terminal.state(), { cursor: true, alternate: false, cooked: true });
});
