import { rmSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { why } from '#prompd/ops/install/why.js';
import { styleFor } from '#prompd/output/style.js';
import { whyText } from '#prompd/output/why.js';
import { installed } from '../project-scene.js';
import { sharedRegistry } from '../scene.js';

const registry = sharedRegistry(test, async ({ publish }) => {
  await publish({ name: '@common/tone', version: '1.0.0', dependencies: { '@common/loop': '*' } });
  await publish({ name: '@common/tone', version: '2.0.0' });
  await publish({ name: '@common/loop', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
  await publish({ name: '@common/rules', version: '1.0.0', dependencies: { '@common/tone': '^1.0.0' } });
  await publish({ name: '@acme/a', version: '1.0.0', dependencies: { '@common/rules': '1' } });
  await publish({
    name: '@acme/b',
    version: '1.0.0',
    dependencies: { voice: 'prompd:@common/tone@~2.0.0', '@common/rules': '^1.0.0' },
  });
});

const manifest = {
  name: '@acme/app',
  version: '1.0.0',
  dependencies: { '@acme/a': '^1.0.0', '@common/tone': '^1.0.0' },
  devDependencies: { '@acme/b': '*' },
};

test('every chain is told, the shortest first, with what each asks for', async t => {
  const scene = await installed(t, registry(), manifest);
  const result = await why(scene.context, '@common/tone');
  t.is(
    whyText(result, styleFor(false)),
    `@common/tone@1.0.0
  @acme/app > @common/tone@1.0.0 (^1.0.0)
  @acme/app > @acme/a@1.0.0 (^1.0.0) > @common/rules@1.0.0 (1) > @common/tone@1.0.0 (^1.0.0)
  @acme/app > @acme/b@1.0.0 (*) > @common/rules@1.0.0 (^1.0.0) > @common/tone@1.0.0 (^1.0.0)

@common/tone@2.0.0 (dev)
  @acme/app > @acme/b@1.0.0 (*) > @common/tone@2.0.0 (as voice, ~2.0.0)
`,
  );
  const one = async (wanted: string) => (await why(scene.context, wanted)).packages.map(({ key }) => key);
  t.deepEqual(await one('@common/tone@^2.0.0'), ['default|@common/tone@2.0.0']);
  t.deepEqual(await one('@common/tone@1.0.0'), ['default|@common/tone@1.0.0']);
  t.deepEqual(await one('voice'), ['default|@common/tone@2.0.0']);
  const cut = await why(scene.context, '@common/tone@1.0.0', { limit: 1 });
  t.true(cut.packages[0]?.isCut);
  t.regex(whyText(cut, styleFor(false)), /and more: ask for them with "--limit 10"/);
});

test('without the packages in the store the ranges are those that the registry said; an override is told beside them', async t => {
  const scene = await installed(t, registry(), {
    dependencies: { '@acme/a': '^1.0.0' },
    overrides: { '@common/tone': '2.0.0' },
  });
  const before = await why(scene.context, '@common/tone');
  t.deepEqual(before.packages[0]?.chains[0]?.at(-1), {
    name: '@common/tone',
    version: '2.0.0',
    asked: '@common/tone',
    range: '^1.0.0',
    override: '2.0.0',
  });
  rmSync(path.join(scene.home, 'packages'), { recursive: true });
  t.deepEqual(await why(scene.context, '@common/tone'), before);
});

test('a package that is not there is an error with the one that was meant, or the versions that are there', async t => {
  const scene = await installed(t, registry(), manifest);
  const near = await t.throwsAsync(why(scene.context, '@common/tnoe'), { code: 'ENOTINSTALLED' });
  t.like(near, { hint: 'Did you mean "@common/tone"?', exitCode: 5 });
  const other = await t.throwsAsync(why(scene.context, '@common/tone@^3.0.0'), { code: 'ENOTINSTALLED' });
  t.like(other, { facts: { versions: ['1.0.0', '2.0.0'] } });
  await t.throwsAsync(why(scene.context, './folder'), { code: 'EBADSPEC' });
});
