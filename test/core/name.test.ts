import { builtinModules } from 'node:module';
import test from 'ava';
import fc from 'fast-check';
import validateName from 'validate-npm-package-name';
import { baseNameOf, isPackageName, parsePackageName, scopeOf } from '#prompd/core/name.js';

for (const good of ['code-review', '@acme/code-review', 'a', '@a/b.c_d', 'x'.repeat(214)]) {
  test(`"${good.slice(0, 30)}" is a package name`, t => {
    t.true(isPackageName(good));
    t.true(parsePackageName(good) === good);
  });
}

for (const bad of [
  '',
  'Code',
  '@acme',
  '@acme/',
  '@/x',
  'a/b',
  '../x',
  '.x',
  '_x',
  'a b',
  'a\u0000b',
  'a\ud800b',
  '@a\udc00/b',
  '@a/..',
  'node_modules',
  'x'.repeat(215),
  '@a/b/c',
  'пакет',
]) {
  test(`"${bad.slice(0, 30)}" is refused as a package name`, t => {
    t.false(isPackageName(bad));
    t.throws(() => parsePackageName(bad), { code: 'EBADNAME' });
  });
}

test('a name comes apart into scope and base name', t => {
  t.is(scopeOf(parsePackageName('@acme/code-review')), '@acme');
  t.is(baseNameOf(parsePackageName('@acme/code-review')), 'code-review');
  t.is(scopeOf(parsePackageName('code-review')), undefined);
  t.is(baseNameOf(parsePackageName('code-review')), 'code-review');
});

test('names are valid where npm says that they are', t => {
  const letters = fc.constantFrom('a', 'z', '0', '-', '_', '.', 'A', '~', ' ', '%', 'é', '/', '@');
  const part = fc.string({ unit: letters, maxLength: 8 });
  const scoped = fc.tuple(part, part).map(([scope, base]) => `@${scope}/${base}`);
  const known = fc.constantFrom(...builtinModules, 'node_modules', 'favicon.ico', '@a/node_modules', '@a/fs');
  fc.assert(
    fc.property(fc.oneof(part, scoped, known), raw => {
      t.is(isPackageName(raw), validateName(raw).validForNewPackages);
    }),
    { numRuns: 1000 },
  );
});
