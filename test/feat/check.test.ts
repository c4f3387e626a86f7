import test from 'ava';
import { checkSchema } from '#prompd/core/manifest.js';
import { type FeatBlock, openPoints, PRINCIPLES, type Tier } from '#prompd/feat/index.js';
import { DAY, kycFeat, rated } from './blocks.js';

const pathsOf = (feat: FeatBlock | undefined, tier: Tier, now = DAY) =>
  openPoints(feat, { tier, now }).map(({ path }) => path);

test('the example package has everything that tier 2 asks for', t => {
  t.deepEqual(openPoints(kycFeat(), { tier: 2, now: DAY }), []);
});

test('a package without a block is told that the block is missing, for every principle', t => {
  const [point, ...more] = openPoints(undefined, { tier: 1, now: DAY });
  t.deepEqual(more, []);
  t.deepEqual([point?.path, point?.principles.length], ['feat', 14]);
});

for (const [title, tier, feat, path] of [
  ['no owner for risk', 2, kycFeat({ owners: { business: 'a', technical: 'b' } }), 'feat.owners.risk'],
  ['no purpose', 1, kycFeat({ purpose: undefined }), 'feat.purpose'],
  ['no model', 1, kycFeat({ models: [] }), 'feat.models'],
  [
    'a model whose version is not pinned',
    2,
    kycFeat({ models: [{ provider: 'p', model: 'm', sourcing: 'in-house', tested: true, evidence: 'x' }] }),
    'feat.models',
  ],
  ['no list of attributes', 2, kycFeat({ personalAttributes: undefined }), 'feat.personalAttributes'],
  [
    'an empty list of attributes beside personal data',
    2,
    kycFeat({ personalAttributes: [] }),
    'feat.personalAttributes',
  ],
  [
    'an attribute that is used without a justification',
    2,
    kycFeat({ personalAttributes: [{ name: 'age', use: 'proxy' }] }),
    'feat.personalAttributes',
  ],
  [
    'an attribute that goes in without a fairness test',
    2,
    kycFeat({ fairnessTests: [] }),
    'feat.fairnessTests',
  ],
  [
    'a test suite that did not pass',
    1,
    kycFeat({ evaluations: [{ suite: 's', score: 1, threshold: 2, pass: false }] }),
    'feat.evaluations',
  ],
  ['a validation that never was', 2, kycFeat({ validation: { status: 'none' } }), 'feat.validation'],
  [
    'an independent validation by who owns it',
    3,
    kycFeat({
      validation: {
        status: 'independent',
        by: 'team:kyc-operations',
        at: '2026-10-30T10:00:00Z',
        evidence: 'evidence/accuracy-2026-10.json',
      },
    }),
    'feat.validation',
  ],
  [
    'no way to override',
    2,
    kycFeat({ humanOversight: { mode: 'on-the-loop', role: 'desk' } }),
    'feat.humanOversight',
  ],
  [
    'a disclosure without its words, where customers meet the answer',
    2,
    kycFeat({ audience: 'customer-facing', disclosure: { required: true } }),
    'feat.disclosure',
  ],
  [
    'no way to object, where customers are affected',
    2,
    kycFeat({ audience: 'customer-indirect', recourse: undefined }),
    'feat.recourse.channel',
  ],
  ['no date of review', 1, kycFeat({ reviewBy: undefined }), 'feat.reviewBy'],
  ['no record', 3, kycFeat({ evidence: [], fairnessTests: [] }), 'feat.evidence'],
] as const) {
  test(`tier ${tier} does not accept ${title}`, t => {
    const paths = pathsOf(feat, tier);
    t.true(paths.includes(path), paths.join());
  });
}

test('internal use of tier 2 needs no way for customers to object; tier 3 does', t => {
  const feat = kycFeat({ recourse: undefined });
  t.deepEqual(pathsOf(feat, 2), []);
  t.true(pathsOf(feat, 3).includes('feat.recourse.channel'));
});

test('a fairness test of tier 3 names a record that is listed', t => {
  t.deepEqual(
    pathsOf(kycFeat(), 3).filter(path => path === 'feat.fairnessTests'),
    [],
  );
  t.true(pathsOf(kycFeat({ evidence: [] }), 3).includes('feat.fairnessTests'));
});

test('a review is put off no further than the tier allows, and not past its day', t => {
  const on = (reviewBy: string, tier: Tier) => pathsOf(kycFeat({ reviewBy }), tier).includes('feat.reviewBy');
  const now = DAY;
  t.false(on('2027-11-20', 1));
  t.true(on('2027-11-21', 1));
  t.false(on('2027-05-19', 2));
  t.true(on('2027-05-20', 2));
  t.false(on('2027-02-18', 3));
  t.true(on('2027-02-19', 3));
  t.false(on(now.toISOString().slice(0, 10), 3), 'on its day it is not past');
  t.true(on('2026-11-19', 1));
});

test('results that are still to come are none, in whichever tier', t => {
  const [measured] = kycFeat().fairnessTests ?? [];
  const validation = { status: 'peer', by: 'jane', at: '2026-11-20T12:00:01Z' } as const;
  const late = measured ? [{ ...measured, runAt: '2026-11-20T20:00:00+07:00' }] : [];
  t.true(pathsOf(kycFeat({ validation }), 1).includes('feat.validation'));
  t.true(pathsOf(kycFeat({ fairnessTests: late }), 1).includes('feat.fairnessTests'));
  t.deepEqual(pathsOf(kycFeat({ validation: { ...validation, at: '2026-11-20T12:00:00Z' } }), 2), []);
});

for (const [path, blank] of [
  ['feat.purpose', { purpose: ' '.repeat(60) }],
  ['feat.useJustification', { useJustification: ' \n\t ' }],
  ['feat.scope.geographies.0', { scope: { geographies: ['\u00a0'] } }],
  ['feat.recourse.channel', { recourse: { channel: '  ' } }],
  ['feat.impact.rationale', { impact: { level: 'low', rationale: ' ' } }],
] as const) {
  test(`a text of blanks alone is no evidence: ${path}`, t => {
    const { faults } = checkSchema({ feat: { ...kycFeat(), ...blank } });
    t.deepEqual(
      faults.map(fault => fault.path.join('.')),
      [path],
    );
  });
}

test('a higher tier asks for everything that a lower one asks for', t => {
  for (const feat of [
    rated(['low', 'low', 'low']),
    kycFeat({ owners: {} }),
    { schemaVersion: '1' as const },
  ]) {
    const [one, two, three] = ([1, 2, 3] as const).map(tier => new Set(pathsOf(feat, tier)));
    t.deepEqual(
      [...(one ?? [])].filter(path => !two?.has(path)),
      [],
    );
    t.deepEqual(
      [...(two ?? [])].filter(path => !three?.has(path)),
      [],
    );
  }
});

test('every open point names principles that there are, and tier 3 leaves none of the fourteen out', t => {
  const known = PRINCIPLES.map(({ number }) => number);
  const named = new Set(
    openPoints({ schemaVersion: '1' }, { tier: 3, now: DAY }).flatMap(({ principles }) => principles),
  );
  t.deepEqual(
    [...named].sort((a, b) => a - b),
    known,
  );
});
