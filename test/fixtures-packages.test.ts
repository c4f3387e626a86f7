import { createHash } from 'node:crypto';
import test from 'ava';
import semver from 'semver';
import { scanTree } from '#prompd/scan/index.js';
import { memoryTree } from '#prompd/tarball/index.js';
import { type FixturePackage, fixturePackages, highestFixture } from './support/fixture-packages.js';

test('there are at least eighteen packages, some with several versions and one with a pre-release', t => {
  const names = [...new Set(fixturePackages.map(({ name }) => name))];
  const versionsOf = (name: string) => fixturePackages.filter(fixture => fixture.name === name).length;
  t.true(names.length >= 18, `${names.length} packages`);
  t.true(names.filter(name => versionsOf(name) > 1).length >= 4);
  t.true(fixturePackages.some(({ version }) => semver.prerelease(version) !== null));
});

test('dependencies reach at least three levels deep', t => {
  t.true(Math.max(...fixturePackages.map(fixture => depthOf(fixture))) >= 3);
});

for (const fixture of fixturePackages) {
  const { id, name, version, files, manifest, problems } = fixture;

  test(`${id}: the manifest has no problem and agrees with its folder`, t => {
    t.deepEqual(problems, []);
    t.like(manifest, { name, version });
  });

  test(`${id}: the manifest tells what a search shows`, t => {
    for (const field of ['description', 'author', 'license', 'category', 'main'] as const) {
      t.truthy(manifest?.[field], field);
    }
    t.true((manifest?.keywords?.length ?? 0) >= 3);
  });

  test(`${id}: every file that the manifest names is there, and every prompt file is named`, t => {
    const named = Object.values(manifest?.prompts ?? {});
    t.deepEqual(
      named.filter(path => !files.has(path)),
      [],
    );
    const inherited = [...files.values()].flatMap(text =>
      [...text.matchAll(/^inherits: \.\/(\S+)$/gm)].map(([, path]) => `prompts/${path}`),
    );
    const prompts = [...files.keys()].filter(path => /\.(?:prompd|prmd)$/.test(path));
    t.deepEqual(
      prompts.filter(path => !named.includes(path) && !inherited.includes(path)),
      [],
    );
  });

  test(`${id}: the README shows how to use it and knows every prompt`, t => {
    const readme = files.get('README.md') ?? '';
    t.true(readme.startsWith(`# ${name}\n`));
    t.regex(readme, /```(?:sh|yaml)\n/);
    const prompts = Object.keys(manifest?.prompts ?? {});
    t.deepEqual(prompts.length === 1 ? [] : prompts.filter(prompt => !readme.includes(`\`${prompt}\``)), []);
  });

  test(`${id}: the rules for publishing find nothing`, async t => {
    const findings = await scanTree(memoryTree(files), { prompts: manifest?.prompts ?? {} });
    // What is only worth a look is for audits.
    t.deepEqual(
      findings.filter(({ level }) => level !== 'info'),
      [],
    );
  });

  test(`${id}: every dependency has a version that fits its range`, t => {
    const unmet = Object.entries(manifest?.dependencies ?? {}).filter(
      ([dependency, range]) => !highestFixture(dependency, range),
    );
    t.deepEqual(unmet, []);
  });

  for (const { name: title, prompt, assert } of manifest?.tests ?? []) {
    test(`${id}: the test "${title}" names a prompt of the package, and its patterns compile`, t => {
      t.truthy(manifest?.prompts?.[prompt]);
      for (const { type, value } of assert) {
        if (type === 'regex') t.notThrows(() => new RegExp(String(value), 'u'));
      }
    });
  }

  const { feat } = manifest ?? {};
  if (feat) {
    test(`${id}: the evidence of the feat block has the digests that it names`, t => {
      t.true((feat.evidence?.length ?? 0) > 0);
      for (const { uri, sha256 } of feat.evidence ?? []) {
        const text = files.get(uri);
        t.truthy(text, uri);
        t.is(
          createHash('sha256')
            .update(text ?? '')
            .digest('hex'),
          sha256,
        );
      }
    });
  }
}

function depthOf(fixture: FixturePackage): number {
  const below = Object.entries(fixture.manifest?.dependencies ?? {}).map(([name, range]) => {
    const dependency = highestFixture(name, range);
    return dependency ? depthOf(dependency) : 0;
  });
  return 1 + Math.max(0, ...below);
}
