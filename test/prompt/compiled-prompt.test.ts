import test from 'ava';
import { compiledDigest, compilePrompt, openCompiled } from '#prompd/prompt/compiled-prompt.js';
import { parseCompiled } from '#prompd/prompt/compiled-schema.js';
import { promptDigest } from '#prompd/prompt/digest.js';
import { loadPrompt } from '#prompd/prompt/load.js';
import type { LoadedPrompt } from '#prompd/prompt/loaded-prompt.js';
import { renderPrompt } from '#prompd/prompt/render.js';
import { fixturePackages } from '../support/fixture-packages.js';
import { fixtureFiles } from '../support/fixture-prompts.js';
import { loadOf } from './support.js';

/** As a client has it: through JSON, checked. */
const sent = (prompt: LoadedPrompt) => parseCompiled(JSON.parse(JSON.stringify(compilePrompt(prompt))));

test('every prompt of the example packages has the same digest, and renders the same, when it was compiled', async t => {
  for (const fixture of fixturePackages) {
    const files = fixtureFiles(fixture);
    for (const path of Object.values(fixture.manifest?.prompts ?? {})) {
      const file = await files.open(path);
      const { prompt } = file ? await loadPrompt(file, files) : {};
      if (!prompt) throw new Error(`${fixture.id} ${path} does not load`);
      const compiled = sent(prompt);
      t.is(compiledDigest(compiled), promptDigest(prompt));
      const values = Object.fromEntries(
        prompt.parameters.flatMap(({ definition: { name, default: fallback, example, type } }) => {
          const value = fallback ?? example ?? (type === 'string' ? 'sample' : undefined);
          return value === undefined ? [] : [[name, value]];
        }),
      );
      t.deepEqual(
        outcome(() => renderPrompt(openCompiled(compiled, 'x'), values).messages),
        outcome(() => renderPrompt(prompt, values).messages),
      );
    }
  }
});

test('parents, borrowed texts, contexts, examples and inputs are in the compiled form', async t => {
  const prompt = await loadOf({
    'main.prompd':
      '---\nname: child\ninherits: ./parent.prompd\ncontexts: ./notes.md\nparameters:\n  - name: who\n    type: string\n---\n# User\nHello {{ who }} of {{ inputs.place }}\n',
    'parent.prompd':
      '---\nname: parent\ninputs:\n  place: Rome\n---\n# System\nBe kind.\r\n\n# User\nnever seen\n\n# Assistant\nOne\n\n# Assistant\nTwo\n',
    'notes.md': 'some notes',
  });
  const compiled = sent(prompt);
  const { messages } = renderPrompt(openCompiled(compiled, '@bank/kyc@1.0.0/main'), { who: 'Ada' });
  t.deepEqual(messages, renderPrompt(prompt, { who: 'Ada' }).messages);
  t.regex(messages[1]?.content ?? '', /Hello Ada of Rome/);
  t.regex(messages[0]?.content ?? '', /some notes/);
});

test('a fault of a compiled template names the prompt and the message', async t => {
  const prompt = await loadOf({
    'main.prompd': '---\nname: a\n---\n# System\nfine\n\n# User\n{{ 1 / 0 }}\n',
  });
  const error = t.throws(() => renderPrompt(openCompiled(sent(prompt), '@bank/kyc@1.0.0/a'), {}));
  t.regex(error?.message ?? '', /^@bank\/kyc@1\.0\.0\/a#user:1:/);
});

for (const [what, raw] of Object.entries({
  'no object': 'text',
  'a message without text': { messages: [{ role: 'user' }] },
  'a parameter of an unknown type': {
    messages: [],
    contexts: [],
    parameters: [{ name: 'a', type: 'function', required: false }],
    borrowed: [],
    inputs: {},
    execution: {},
  },
  'what is nested thousands of times': JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as unknown,
})) {
  test(`${what} is no compiled prompt`, t => {
    t.throws(() => parseCompiled(raw), { code: 'EPROMPT' });
  });
}

function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  }
}
