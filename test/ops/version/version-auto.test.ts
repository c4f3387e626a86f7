import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestFn } from 'ava';
import test from 'ava';
import { sharedRegistry } from '../scene.js';
import { MORE, manifest, PROMPT, packageDir, step, versionIn, WORD } from './version-scene.js';

const BROKEN = PROMPT(WORD.replace('word', 'name'), 'Say {{ name }}.');

const registry = sharedRegistry(test as TestFn, async running => {
  await running.publish(manifest('1.2.3'), { 'say.prompd': PROMPT() });
  await running.publish(manifest('2.0.0'), { 'say.prompd': BROKEN });
  await running.publish(manifest('2.1.0-beta.0'), { 'say.prompd': BROKEN }, '?tag=next');
});

/** Raises the version by what changed since the last release. */
const auto = (dir: string) => step(dir, 'auto', {}, registry().url);

const AUTO: readonly [title: string, version: string, prompt: string, to: string, reason: RegExp][] = [
  ['nothing changed', '1.2.3', PROMPT(), '1.2.3', /^Nothing changed since 1\.2\.3\.$/],
  ['another text', '1.2.3', PROMPT(WORD, 'Shout {{ word }}.'), '1.2.4', /^Patch changes since 1\.2\.3\.$/],
  ['a new optional parameter', '1.2.3', MORE, '1.3.0', /^Minor changes since 1\.2\.3\.$/],
  [
    'a breaking change in a line whose next major version is taken',
    '1.2.3',
    BROKEN,
    '3.0.0',
    /^Breaking changes since 1\.2\.3 \(2\.0\.0 is taken\)\.$/,
  ],
  [
    'a version raised by hand that is high enough',
    '1.4.0',
    MORE,
    '1.4.0',
    /^1\.4\.0 is not published yet, and is a large enough step from 1\.2\.3\.$/,
  ],
  [
    'a pre-release that is published already',
    '2.1.0-beta.0',
    BROKEN.replace('Say', 'Shout'),
    '2.1.0',
    /^Patch changes since 2\.0\.0\.$/,
  ],
  ['a version raised by hand that is too low', '1.2.4', MORE, '1.3.0', /^Minor changes since 1\.2\.3\.$/],
  [
    'nothing published up to the version',
    '0.1.0',
    PROMPT(),
    '0.1.0',
    /^No release up to 0\.1\.0 is published/,
  ],
];

for (const [title, version, prompt, to, reason] of AUTO) {
  test(`auto, ${title}: ${version} -> ${to}`, async t => {
    const dir = packageDir(t, version, prompt);
    const result = await auto(dir);
    t.deepEqual([`${result.version}`, versionIn(dir)], [to, to]);
    t.regex(result.auto?.reason ?? '', reason);
  });
}

test('auto refuses to guess what a broken prompt needs', async t => {
  const dir = packageDir(t, '1.2.3', '---\nname: [\n---\n');
  t.like(await t.throwsAsync(auto(dir)), { code: 'EPROMPT' });
  t.is(versionIn(dir), '1.2.3');
});

test('auto takes a package that was never published as it is', async t => {
  const dir = packageDir(t, '1.0.0');
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest('1.0.0', '@acme/new')));
  const { version, git: made, auto: reasoned } = await auto(dir);
  t.deepEqual([`${version}`, made], ['1.0.0', undefined]);
  t.regex(reasoned?.reason ?? '', /^No release/);
});
