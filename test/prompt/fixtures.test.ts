import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadPrompt } from '#prompd/prompt/load.js';
import { PackageFiles, type PromptPackage } from '#prompd/prompt/package-files.js';
import type { ParameterDefinition } from '#prompd/prompt/parameter-type.js';
import { coerceParameters } from '#prompd/prompt/parameter-values.js';
import { renderPrompt } from '#prompd/prompt/render.js';
import { validatePrompt } from '#prompd/prompt/validate.js';
import { type FixturePackage, fixturePackages, highestFixture } from '../support/fixture-packages.js';

for (const fixture of fixturePackages) {
  for (const [id, file] of Object.entries(fixture.manifest?.prompts ?? {})) {
    test(`${fixture.id}:${id} has no findings, and renders with the examples of its parameters`, async t => {
      const files = new PackageFiles(packageOf(fixture));
      const main = await files.open(file);
      if (!main) throw new Error(`${file} is missing`);
      t.deepEqual(await validatePrompt(main, files), []);
      const { prompt } = await loadPrompt(main, files);
      if (!prompt) throw new Error('it has no findings and does not load');
      const definitions = prompt.parameters.map(({ definition }) => definition);
      const samples = Object.fromEntries(
        definitions.map(definition => [definition.name, sampleOf(definition)]),
      );
      const { values, faults } = coerceParameters(definitions, { files: [samples] });
      t.deepEqual(faults, []);
      const { messages, text } = renderPrompt(prompt, values);
      t.true(messages.length > 0);
      t.notRegex(text, /\{%|\{\{|undefined|\[object/);
    });
  }
}

function packageOf({ id, name, version, folder, manifest }: FixturePackage): PromptPackage {
  return {
    id,
    name,
    version,
    label: '',
    prompts: manifest?.prompts ?? {},
    main: manifest?.main,
    read: async file => readFileSync(path.join(folder, file)),
    async dependency(asked) {
      const range = manifest?.dependencies?.[asked];
      const found = range === undefined ? undefined : highestFixture(asked, range);
      return found && packageOf(found);
    },
  };
}

function sampleOf({ type, example, enum: choices, min, default: fallback }: ParameterDefinition): unknown {
  const given = example ?? fallback ?? choices?.[0];
  if (given !== undefined) return given;
  switch (type) {
    case 'integer':
    case 'number':
    case 'float':
      return min ?? 1;
    case 'boolean':
      return true;
    case 'array':
      return [];
    case 'object':
    case 'json':
      return {};
    case 'base64':
      return 'AA==';
    default:
      return 'sample';
  }
}
