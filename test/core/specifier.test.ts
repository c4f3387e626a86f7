import test from 'ava';
import { parseDependency, parseSpecifier } from '#prompd/core/specifier.js';

const registry = (name: string, kind: 'version' | 'range' | 'tag', raw: string) => ({
  kind: 'registry',
  name,
  selector: { kind, raw },
});

const TYPED: readonly [string, object, string?][] = [
  ['code-review', registry('code-review', 'tag', 'latest')],
  ['@acme/review', registry('@acme/review', 'tag', 'latest')],
  ['@acme/review@*', registry('@acme/review', 'range', '*')],
  ['@acme/review@1.2.3', registry('@acme/review', 'version', '1.2.3')],
  ['@acme/review@^1.2', registry('@acme/review', 'range', '^1.2')],
  ['@acme/review@>=1 <3', registry('@acme/review', 'range', '>=1 <3')],
  ['@acme/review@beta', registry('@acme/review', 'tag', 'beta')],
  ['old@prompd:@acme/review@^1', registry('@acme/review', 'range', '^1'), 'old'],
  ['file:../tone', { kind: 'directory', path: '../tone' }],
  ['./tone', { kind: 'directory', path: './tone' }],
  ['.', { kind: 'directory', path: '.' }],
  ['./tone-1.0.0.tgz', { kind: 'archive', path: './tone-1.0.0.tgz' }],
  ['/abs/tone.tar.gz', { kind: 'archive', path: '/abs/tone.tar.gz' }],
  ['https://example.com/tone-1.0.0.tgz', { kind: 'remote', url: 'https://example.com/tone-1.0.0.tgz' }],
];

for (const [raw, target, alias] of TYPED) {
  test(`the specifier "${raw}" is understood`, t => {
    const specifier = parseSpecifier(raw);
    t.like(specifier.target, target);
    t.is(specifier.alias, alias as never);
  });
}

for (const bad of [
  '',
  'git+https://example.com/x.git',
  'acme/review',
  'github:acme/review',
  'Bad Name',
  '@acme/review@',
  'x@file:',
]) {
  test(`the specifier "${bad}" is refused or read as a registry name`, t => {
    const read = () => parseSpecifier(bad);
    if (bad === '@acme/review@') t.like(read().target, { kind: 'registry' });
    else if (bad === 'x@file:') t.notThrows(() => t.throws(read));
    else t.throws(read, { name: 'PrompdError' });
  });
}

const DEPENDENCIES: readonly [string, object][] = [
  ['^1.0.0', registry('@acme/review', 'range', '^1.0.0')],
  ['*', registry('@acme/review', 'range', '*')],
  ['1.0.0', registry('@acme/review', 'version', '1.0.0')],
  ['beta', registry('@acme/review', 'tag', 'beta')],
  ['prompd:@acme/other@~2.1', registry('@acme/other', 'range', '~2.1')],
  ['file:../other', { kind: 'directory', path: '../other' }],
  ['file:other.tgz', { kind: 'archive', path: 'other.tgz' }],
  ['https://example.com/o.tgz', { kind: 'remote', url: 'https://example.com/o.tgz' }],
];

for (const [value, target] of DEPENDENCIES) {
  test(`the dependency value "${value}" is understood`, t => {
    const specifier = parseDependency('@acme/review', value);
    t.like(specifier.target, target);
    t.is(specifier.alias, '@acme/review' as never);
  });
}
