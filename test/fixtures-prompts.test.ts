import test from 'ava';
import semver from 'semver';
import {
  type Contract,
  checkPackagePrompts,
  contractOf,
  type LoadedPrompt,
  listReferences,
  loadPrompt,
  parsePrompt,
  renderPrompt,
  validatePrompt,
} from '#prompd/prompt/index.js';
import { memoryTree } from '#prompd/tarball/index.js';
import { type FixturePackage, fixturePackages } from './support/fixture-packages.js';
import { fixtureDependency, fixtureFiles } from './support/fixture-prompts.js';

for (const fixture of fixturePackages) {
  const { id, name, files, manifest } = fixture;
  const resolver = fixtureFiles(fixture);

  for (const [prompt, path] of Object.entries(manifest?.prompts ?? {})) {
    test(`${id}:${prompt} has no problem`, async t => {
      const file = await resolver.open(path);
      t.deepEqual(file && (await validatePrompt(file, resolver)), []);
    });

    test(`${id}:${prompt} renders with what it needs and with its examples`, async t => {
      const loaded = await load(fixture, prompt);
      for (const values of [examples(loaded, 'required'), examples(loaded, 'all')]) {
        const { messages, text } = renderPrompt(loaded, values);
        t.is(messages.at(-1)?.role, 'user');
        t.true(text.length > 200);
        t.notRegex(text, /\{\{|\{%|\n{3}|undefined|\[object/);
      }
    });

    for (const { name: title, parameters = {} } of (manifest?.tests ?? []).filter(
      at => at.prompt === prompt,
    )) {
      test(`${id}:${prompt} renders with the parameters of its test "${title}"`, async t => {
        const loaded = await load(fixture, prompt);
        t.notThrows(() => renderPrompt(loaded, parameters));
      });
    }
  }

  test(`${id}: what publishing checks finds nothing, with its dependencies at hand and without`, async t => {
    const tree = memoryTree(files);
    const dependency = fixtureDependency(fixture);
    t.deepEqual(await checkPackagePrompts(tree, manifest ?? {}, { dependency }), []);
    t.deepEqual(await checkPackagePrompts(tree, manifest ?? {}), []);
  });

  test(`${id}: the packages that its prompts refer to are those that it depends on`, t => {
    const named = [...files].flatMap(([path, text]) =>
      /\.(?:prompd|prmd)$/.test(path) ? packagesNamedIn(path, text) : [],
    );
    const wanted = [...new Set(named)].filter(other => other !== name);
    t.deepEqual(wanted.sort(), Object.keys(manifest?.dependencies ?? {}).sort());
  });

  const before = previous(fixture);
  if (before) {
    test(`${id}: the version says what changed since ${before.version}`, async t => {
      const changes = await changesBetween(before, fixture);
      const expected = changes.some(({ breaking }) => breaking)
        ? 'major'
        : changes.length > 0
          ? 'minor'
          : 'patch';
      const difference = semver.diff(before.version, fixture.version)?.replace('pre', '');
      t.is(difference, expected, changes.map(({ what }) => what).join('; '));
    });
  }
}

async function load(fixture: FixturePackage, prompt: string): Promise<LoadedPrompt> {
  const resolver = fixtureFiles(fixture);
  const file = await resolver.open(fixture.manifest?.prompts?.[prompt] ?? '');
  const loaded = file && (await loadPrompt(file, resolver));
  if (!loaded?.prompt) throw new Error(`${fixture.id}:${prompt} cannot be loaded`);
  return loaded.prompt;
}

/** An example for every parameter that has one, or only for those that must be given. */
function examples({ parameters }: LoadedPrompt, which: 'required' | 'all'): Record<string, unknown> {
  return Object.fromEntries(
    parameters
      .map(({ definition }) => definition)
      .filter(({ required, example }) => example !== undefined && (which === 'all' || required))
      .map(({ name, example }) => [name, example]),
  );
}

function packagesNamedIn(path: string, text: string): string[] {
  const { prompt } = parsePrompt({ id: path, path, text });
  const references = prompt ? listReferences(prompt) : [];
  return references.flatMap(({ target }) => (target.kind === 'package' ? [target.reference.name] : []));
}

/** The version of the same package that comes right before. */
function previous(fixture: FixturePackage): FixturePackage | undefined {
  return fixturePackages
    .filter(({ name, version }) => name === fixture.name && semver.lt(version, fixture.version))
    .sort((a, b) => semver.rcompare(a.version, b.version))[0];
}

interface Change {
  readonly what: string;
  readonly breaking: boolean;
}

async function changesBetween(older: FixturePackage, newer: FixturePackage): Promise<Change[]> {
  const [before, after] = [older, newer].map(({ manifest }) => Object.keys(manifest?.prompts ?? {}));
  const changes = changesOfList('prompt', before ?? [], after ?? []);
  for (const prompt of before ?? []) {
    if (!after?.includes(prompt)) continue;
    changes.push(
      ...contractChanges(contractOf(await load(older, prompt)), contractOf(await load(newer, prompt))),
    );
  }
  return changes;
}

function contractChanges(before: Contract, after: Contract): Change[] {
  const changes = changesOfList('section', before.sections, after.sections);
  for (const old of before.parameters) {
    const now = after.parameters.find(({ name }) => name === old.name);
    if (!now) changes.push({ what: `parameter ${old.name} is gone`, breaking: true });
    else if (JSON.stringify(now) !== JSON.stringify(old)) {
      changes.push({ what: `parameter ${old.name} has other rules`, breaking: true });
    }
  }
  for (const { name, required } of after.parameters) {
    if (before.parameters.some(old => old.name === name)) continue;
    changes.push({ what: `parameter ${name} is new`, breaking: required });
  }
  return changes;
}

function changesOfList(kind: string, before: readonly string[], after: readonly string[]): Change[] {
  return [
    ...before
      .filter(item => !after.includes(item))
      .map(item => ({ what: `${kind} ${item} is gone`, breaking: true })),
    ...after
      .filter(item => !before.includes(item))
      .map(item => ({ what: `${kind} ${item} is new`, breaking: false })),
  ];
}
