import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { effectivePrompt } from '#prompd/prompt/effective-prompt.js';
import { renderEffective } from '#prompd/prompt/render-effective.js';
import { loadOf, renderOf } from './support.js';

const FILES = {
  'main.prompd':
    '---\nname: x\ninherits: ./parent.prompd\ncontexts: [a.py]\nparameters: [{name: who, required: true}]\n---\n' +
    '# User\nHello {who}, { "json": 1 } {tone}\n\n# Rules\n- {{ who|upper }}\n\n# Assistant\nex {who}\n',
  'parent.prompd':
    '---\nname: p\nparameters: [{name: tone, default: warm}]\n---\n# System\nBe {tone}.\n\n# Response\njson',
  'a.py': 'print("{who}")\n',
};

test('a delivered prompt renders without its files as it does with them', async t => {
  const prompt = await loadOf(FILES);
  const delivered = effectivePrompt(prompt);
  const values = { who: '{{ injected }}' };
  t.deepEqual(renderEffective(delivered, values), await renderOf(FILES, values));
  t.true(renderEffective(delivered, values).text.includes('{{ injected }}'));
});

test('a fault in a delivered template is reported with its message, line and column', async t => {
  const delivered = effectivePrompt(
    await loadOf({ 'main.prompd': '---\nname: x\n---\n# User\nfine\nab {{ nope }}' }),
  );
  const error = t.throws(() => renderEffective(delivered, {}), { instanceOf: PrompdError });
  t.is(error?.code, 'EUNDEFINED');
  t.deepEqual(error?.facts, { message: 'user', line: 2, column: 7 });
});

test('the values of a delivered prompt are checked', async t => {
  const delivered = effectivePrompt(await loadOf(FILES));
  const error = t.throws(() => renderEffective(delivered, { other: 1 }), { instanceOf: PrompdError });
  t.is(error?.code, 'EPARAMETER');
});
