import test from 'ava';
import { makeScene, promptText, sharedRegistry } from '../ops/scene.js';
import { runCli } from '../support/cli.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  const prompts = { say: 'say.prompd' };
  const tone = { name: '@acme/tone', version: '1.0.0', description: 'The tone of the house', prompts };
  await publish(tone, { 'say.prompd': promptText('say') });
});

test('without a terminal browse prints what search prints, in text and as JSON', async t => {
  const { good, env } = makeScene(t, registry().url);
  const text = await good('browse', 'tone');
  t.is(text.stdout, (await good('search', 'tone')).stdout);
  t.regex(text.stdout, /^@acme\/tone 1\.0\.0/);
  const json = await good('browse', 'tone', '--json');
  t.deepEqual(json.json(), (await good('search', 'tone', '--json')).json());
  t.is((await good('browse', '--offline')).stdout, 'No package fits.\n', 'nothing was looked at yet');
  await good('install', '@acme/tone');
  t.regex((await good('browse', 'tone', '--offline')).stdout, /^@acme\/tone 1\.0\.0/);
  const { stdout } = await runCli(['browse', 'nothing-is-called-so'], { env });
  t.is(stdout, 'No package fits.\n');
});
