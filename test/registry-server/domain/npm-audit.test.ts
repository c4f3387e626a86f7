import test from 'ava';
import type { Advisory } from '#prompd/core/advisory.js';
import { parsePackageName } from '#prompd/core/name.js';
import { auditReport, auditTree, packagesOfTree, versionsOf } from '#server/domain/npm-audit.js';

const ADVISORY: Advisory = {
  id: 'PSA-2f6h-9cjm-xq3r',
  package: parsePackageName('@acme/tone'),
  vulnerable: '<1.0.3',
  severity: 'high',
  title: 'Too merry',
  text: 'Sings.',
  patched: undefined,
  url: undefined,
  published: '2026-01-31T12:00:00.000Z',
  withdrawn: undefined,
};
const tone = (version: string, dev = false) => ({ version, dev, integrity: 'sha512-', requires: {} });

test('an audit of a tree names each way to a version that is affected, and no other', t => {
  const tree = auditTree.parse({
    name: 'project',
    dependencies: {
      '@acme/tone': tone('1.0.3'),
      '@acme/reviews': { version: '1.0.0', dependencies: { '@acme/tone': tone('1.0.0', true) } },
      '@acme/letters': { version: '2.0.0', dependencies: { '@acme/tone': tone('1.0.0') } },
    },
  });
  const packages = packagesOfTree(tree);
  t.deepEqual(versionsOf(packages).get('@acme/tone')?.toSorted(), ['1.0.0', '1.0.3']);
  const report = auditReport(
    packages,
    new Map([['@acme/tone', [ADVISORY]]]),
    id => `https://example.com/${id}`,
  );
  t.deepEqual(Object.keys(report.advisories), [ADVISORY.id]);
  const found = report.advisories[ADVISORY.id];
  t.like(found, {
    module_name: '@acme/tone',
    url: `https://example.com/${ADVISORY.id}`,
    patched_versions: '<0.0.0',
  });
  t.deepEqual(
    found?.findings.map(({ version, paths }) => [version, paths.toSorted()]),
    [['1.0.0', ['@acme/letters>@acme/tone', '@acme/reviews>@acme/tone']]],
  );
  t.deepEqual(report.metadata, {
    vulnerabilities: { info: 0, low: 0, moderate: 0, high: 1, critical: 0 },
    dependencies: 4,
    devDependencies: 1,
    optionalDependencies: 0,
    totalDependencies: 5,
  });
});

test('a tree that is too deep, or has something else in it than packages, is refused', t => {
  let dependencies = {};
  for (let depth = 0; depth < 5000; depth++) dependencies = { a: { version: '1.0.0', dependencies } };
  t.throws(() => packagesOfTree(auditTree.parse({ dependencies })), { code: 'EBADREQUEST' });
  for (const wrong of [null, 'text', {}, { version: 7 }, { version: '1.0.0', dependencies: [] }])
    t.throws(
      () => packagesOfTree({ dependencies: { a: wrong } }),
      { code: 'EBADREQUEST' },
      JSON.stringify(wrong),
    );
});
