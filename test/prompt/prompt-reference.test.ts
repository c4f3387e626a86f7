import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { parsePromptReference } from '#prompd/prompt/prompt-reference.js';

const GOOD: readonly [raw: string, name: string, rest: { range?: string; prompt?: string; path?: string }][] =
  [
    ['@acme/review', '@acme/review', {}],
    ['@acme/review:summary', '@acme/review', { prompt: 'summary' }],
    ['@acme/review@^1.2.0', '@acme/review', { range: '^1.2.0' }],
    ['@acme/review@1.2.0:summary', '@acme/review', { range: '1.2.0', prompt: 'summary' }],
    ['@acme/review@^1/prompts/a.prompd', '@acme/review', { range: '^1', path: 'prompts/a.prompd' }],
    ['@acme/review@latest/a.md', '@acme/review', { range: 'latest', path: 'a.md' }],
    ['@acme/review@>=1||<3:x', '@acme/review', { range: '>=1||<3', prompt: 'x' }],
    ['@acme/review/prompts/a.prompd', '@acme/review', { path: 'prompts/a.prompd' }],
    ['review:summary', 'review', { prompt: 'summary' }],
    ['review@~2/a.md', 'review', { range: '~2', path: 'a.md' }],
  ];

for (const [raw, name, rest] of GOOD) {
  test(`understands ${raw}`, t => {
    t.like(parsePromptReference(raw), { raw, name, ...rest });
  });
}

const BAD = [
  '',
  ':x',
  '@acme',
  '@acme/',
  '@/x',
  'Review:x',
  '@acme/review:',
  '@acme/review:a/b',
  '@acme/review:../x',
  '@acme/review@',
  '@acme/review@!!:x',
  '@acme/review/../x',
  '@acme/review//x',
  '@acme/review/./x',
  '@acme/review/a\\b',
  '@acme/review/',
  '@acme/review: x',
  '../x',
  '/etc/passwd',
  'https://example.com/x',
  `@acme/${'a'.repeat(600)}`,
];

for (const raw of BAD) {
  test(`refuses ${JSON.stringify(raw.slice(0, 40))}`, t => {
    const error = t.throws(() => parsePromptReference(raw), { instanceOf: PrompdError });
    t.is(error?.code, 'EBADSPEC');
    t.truthy(error?.hint);
  });
}
