import test from 'ava';
import type { PrompdError } from '#prompd/core/errors.js';
import { parsePackageName } from '#prompd/core/name.js';
import { parsePackument } from '#prompd/core/packument.js';

const name = parsePackageName('@acme/review');
const version = (v: string) => ({
  name,
  version: v,
  dist: { integrity: 'sha512-x', tarball: 'https://example.com/x.tgz' },
});
const document = { name, 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version('1.0.0') } };

test('a packument is read', t => {
  const packument = parsePackument(document, name);
  t.deepEqual([...packument.versions.keys()].map(String), ['1.0.0']);
  t.is(packument.distTags['latest'], '1.0.0');
});

for (const [what, raw] of [
  ['a text', 'x'],
  ['nothing', null],
  ['a list', []],
  ['no versions', { name }],
  ['tags that are numbers', { ...document, 'dist-tags': { latest: 1 } }],
] as const) {
  test(`${what} is no packument`, t => {
    t.throws(() => parsePackument(raw, name), { code: 'EBADRESPONSE' });
  });
}

test('a detail of another type takes no version away', t => {
  const entry = version('1.1.0');
  const odd = { size: null, unpackedSize: 1.5, fileCount: 'many', shasum: null };
  const versions = {
    ...document.versions,
    '1.1.0': { ...entry, description: null, dist: { ...entry.dist, ...odd } },
  };
  const read = parsePackument({ ...document, versions, time: null }, name);
  t.deepEqual([...read.versions.keys()].map(String), ['1.0.0', '1.1.0']);
  t.deepEqual([...read.versions.values()][1]?.dist, {
    ...entry.dist,
    ...Object.fromEntries(Object.keys(odd).map(key => [key, undefined])),
  });
});

test('a time that is no text is left out, and spoils nothing', t => {
  const time = { created: null, '1.0.0': '2026-01-01T00:00:00.000Z', odd: { at: 1 } };
  t.deepEqual(parsePackument({ ...document, time }, name).time, { '1.0.0': '2026-01-01T00:00:00.000Z' });
});

test('what npmjs keeps of a package that was taken away whole is a package without versions', t => {
  const unpublished = {
    name,
    time: { created: '2026-01-01', unpublished: { name: 'ann', versions: ['1.0.0'] } },
  };
  t.is(parsePackument(unpublished, name).versions.size, 0);
  t.throws(() => parsePackument({ ...unpublished, name: '@evil/review' }, name), { code: 'EBADRESPONSE' });
});

test('an answer about another package is refused', t => {
  t.throws(() => parsePackument({ ...document, name: '@evil/review' }, name), { code: 'EOTHERPACKAGE' });
});

test('an entry that lies about its name or version is left out', t => {
  const versions = {
    ...document.versions,
    '1.1.0': version('9.9.9'),
    '1.2.0': { ...version('1.2.0'), name: 'other' },
    v2: version('v2'),
  };
  t.deepEqual([...parsePackument({ ...document, versions }, name).versions.keys()].map(String), ['1.0.0']);
});

test('an entry with more dependencies than a manifest may name is left out', t => {
  const needing = (v: string, count: number) => ({
    ...version(v),
    dependencies: Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, '*'])),
  });
  const versions = { '1.0.0': needing('1.0.0', 500), '1.1.0': needing('1.1.0', 501) };
  t.deepEqual([...parsePackument({ ...document, versions }, name).versions.keys()].map(String), ['1.0.0']);
});

test('more versions than any package has are refused', t => {
  const versions = Object.fromEntries(Array.from({ length: 50_001 }, (_, i) => [`1.0.${i}`, null]));
  t.throws(() => parsePackument({ ...document, versions }, name), { code: 'EANSWERLIMIT' });
});

test('a package of which no entry is well formed is refused, with what is wrong with the first', t => {
  const { dist: _dist, ...bare } = version('1.0.0');
  const read = (versions: object) => parsePackument({ ...document, versions }, name);
  const error = t.throws<PrompdError>(() => read({ '1.0.0': bare, v2: version('v2') }), {
    code: 'EBADRESPONSE',
  });
  t.is(error?.facts['version'], '1.0.0');
  t.regex(String(error?.facts['problem']), /dist/);
  t.is(read({}).versions.size, 0, 'a package may have none');
});
