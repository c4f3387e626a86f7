import test from 'ava';
import { checkProjectManifest } from '#prompd/core/manifest.js';
import { familyOf } from '#prompd/core/model-family.js';
import { exactModels, variantPath } from '#prompd/prompt/prompt-variant.js';

for (const [model, family] of [
  ['gpt-4o', 'gpt'],
  ['chatgpt-4o-latest', 'gpt'],
  ['o3-mini', 'gpt'],
  ['claude-sonnet-4-5-20250929', 'claude'],
  ['anthropic/claude-3.5-haiku', 'claude'],
  ['us.anthropic.claude-3-haiku-20240307-v1:0', 'claude'],
  ['qwen2.5:7b', 'qwen'],
  ['Qwen/QwQ-32B', 'qwen'],
  ['meta-llama/Llama-3.1-8B-Instruct', 'llama'],
  ['meta.llama3-70b-instruct-v1:0', 'llama'],
  ['codellama:13b', 'llama'],
  ['deepseek-r1-distill-llama-70b', undefined],
  ['o365-helper', undefined],
  ['mistral-large', undefined],
  ['', undefined],
] as const) {
  test(`"${model}" is of ${family ? `the family ${family}` : 'no family'}`, t => {
    t.is(familyOf(model), family);
  });
}

const MODELS = [
  { family: 'llama', prompts: { ask: 'llama.prompd' } },
  { family: 'llama', provider: 'cloud', prompts: { ask: 'cloud-llama.prompd' } },
  { provider: 'work', model: 'llama-3.1', prompts: { ask: 'exact.prompd' } },
  { provider: 'work', model: 'gpt-4o' },
  { family: 'gpt', provider: 'work', prompts: { ask: 'gpt.prompd' } },
] as const;

for (const [title, id, choice, expected] of [
  ['the exact model before its family', 'ask', { provider: 'work', model: 'llama-3.1' }, 'exact.prompd'],
  ['the family where no entry is exact', 'ask', { provider: 'work', model: 'llama-3.2' }, 'llama.prompd'],
  [
    'the family where the exact model is of another provider',
    'ask',
    { provider: 'other', model: 'llama-3.1' },
    'llama.prompd',
  ],
  [
    'the family where the exact entry has no variant',
    'ask',
    { provider: 'work', model: 'gpt-4o' },
    'gpt.prompd',
  ],
  ['nothing for a family of another provider', 'ask', { provider: 'other', model: 'gpt-4o' }, undefined],
  ['the name alone where no provider is known', 'ask', { model: 'llama-3.1' }, 'exact.prompd'],
  ['nothing for another prompt', 'grade', { provider: 'work', model: 'llama-3.1' }, undefined],
  [
    'nothing for what objects have by themselves',
    'constructor',
    { provider: 'work', model: 'llama-3.1' },
    undefined,
  ],
  [
    'nothing for a file that was named by its path',
    undefined,
    { provider: 'work', model: 'llama-3.1' },
    undefined,
  ],
] as const) {
  test(`the variant is ${title}`, t => {
    t.is(variantPath([...MODELS], id, choice), expected);
  });
}

test('a manifest takes entries for models and for families, and nothing between', t => {
  const problems = (models: unknown) =>
    checkProjectManifest(JSON.stringify({ name: '@acme/ask', version: '1.0.0', models })).problems.map(
      ({ severity }) => severity,
    );
  t.deepEqual(problems(MODELS), []);
  t.deepEqual(
    exactModels([...MODELS]).map(({ model }) => model),
    ['llama-3.1', 'gpt-4o'],
  );
  for (const wrong of [
    { family: 'llama' },
    { family: 'bard', prompts: {} },
    { provider: 'work' },
    { family: 'gpt', model: 'gpt-4o', provider: 'work', prompts: {} },
  ]) {
    t.true(problems([wrong]).includes('error'), JSON.stringify(wrong));
  }
});
