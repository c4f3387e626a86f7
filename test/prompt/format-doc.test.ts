import { readFileSync } from 'node:fs';
import test from 'ava';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { parse } from 'yaml';
import { z } from 'zod';
import { PARAMETER_TYPES } from '#prompd/prompt/parameter-type.js';
import { FILTER_NAMES } from '#prompd/prompt/template/filter-table.js';
import { TEST_NAMES } from '#prompd/prompt/template/test.js';
import { validatePrompt } from '#prompd/prompt/validate.js';
import { fileOf, renderOf, resolverOf } from './support.js';

const page = readFileSync(new URL('../../../docs/format.md', import.meta.url), 'utf8');

/** An example: files, values, and what comes out. The prompt to render is the last one before the outcome. */
interface Example {
  readonly main: string;
  readonly files: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
  readonly kind: 'result' | 'problems';
  readonly outcome: string;
}

const examples = readExamples();

for (const { main, files, values, kind, outcome } of examples) {
  test(`the example ${main} has the ${kind} that the page shows`, async t => {
    const { [main]: text = '', ...others } = files;
    const problems = await validatePrompt(fileOf(text, main), resolverOf(files));
    if (kind === 'problems') {
      const lines = problems.map(p => `${p.file}:${p.line}:${p.column} ${p.severity} ${p.code} ${p.message}`);
      t.is(lines.join('\n'), outcome);
      return;
    }
    t.deepEqual(
      problems.filter(({ severity }) => severity === 'error'),
      [],
    );
    t.is((await renderOf({ ...others, 'main.prompd': text }, values)).text, outcome);
  });
}

test('the page has examples of everything', t => {
  t.true(examples.length >= 9);
});

test('the page lists exactly the filters, tests and types that there are', t => {
  t.deepEqual(listBehind('Filters:'), [...FILTER_NAMES].sort());
  t.deepEqual(listBehind('Tests:'), [...TEST_NAMES].sort());
  for (const type of PARAMETER_TYPES) t.regex(page, new RegExp(`^\\|[^|]*\`${type}\``, 'm'));
});

/** The names in backticks of the paragraph that begins with a word. */
function listBehind(word: string): string[] {
  const start = page.indexOf(`\n${word}`);
  const paragraph = page.slice(start, page.indexOf('\n\n', start + 1));
  return [...paragraph.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name).sort();
}

function readExamples(): Example[] {
  const found: Example[] = [];
  let files: Record<string, string> = {};
  let values: Record<string, unknown> = {};
  let main = '';
  for (const node of fromMarkdown(page).children) {
    if (node.type !== 'code' || !node.meta) continue;
    if (node.meta === 'values') {
      values = z.record(z.string(), z.unknown()).parse(parse(node.value));
    } else if (node.meta === 'result' || node.meta === 'problems') {
      found.push({ main, files, values, kind: node.meta, outcome: node.value });
      files = {};
      values = {};
    } else {
      files = { ...files, [node.meta]: `${node.value}\n` };
      if (node.lang === 'prompd') main = node.meta;
    }
  }
  return found;
}
