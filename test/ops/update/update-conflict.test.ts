import test from 'ava';
import { makeScene, sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  for (const version of ['1.1.0', '2.1.0']) await publish({ name: '@acme/uc-tone', version });
  await publish({ name: '@acme/uc', version: '1.0.0', dependencies: { '@acme/uc-tone': '^1.0.0' } });
});

const ways: Readonly<Record<string, readonly [string[], string]>> = {
  'an update to the latest version': [['update', '--latest', '@acme/uc-tone'], '2.1.0'],
  'an install of another version': [['install', '@acme/uc-tone@^2.0.0'], '^2.0.0'],
};

for (const [title, [command, range]] of Object.entries(ways)) {
  test(`${title} that conflicts is refused, and its range is not said to stand in prompd.json`, async t => {
    const scene = makeScene(t, registry().url, {
      manifest: { dependencies: { '@acme/uc': '1.0.0', '@acme/uc-tone': '1.1.0' } },
    });
    await scene.good('install');
    const refused = await scene.run(...command, '--conflicts', 'error', '--json');
    t.like(refused.json(), {
      error: { code: 'ENOSOLUTION', hint: `Ask for @acme/uc-tone 1.1.0 instead of "${range}".` },
    });
  });
}
