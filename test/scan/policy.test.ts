import test from 'ava';
import { applyPolicy, type Judged, readPolicy } from '#prompd/scan/index.js';

const NOW = new Date('2026-06-15T12:00:00Z');
const FOUND: Judged = { kind: 'finding', id: 'secret', name: '@acme/tone', file: 'docs/a.md' };

const exception = (more: object) => ({
  rule: 'secret',
  reason: 'An example.',
  expires: '2026-12-31',
  ...more,
});
const policy = (...ignore: object[]) => readPolicy(JSON.stringify({ ignore }));

for (const [title, raw, message] of [
  ['without a reason', { ignore: [{ rule: 'secret', expires: '2030-01-01' }] }, /"ignore\.0\.reason"/],
  ['with an empty reason', { ignore: [exception({ reason: ' ' })] }, /must say why/],
  ['with a day that there is not', { ignore: [exception({ expires: '2030-02-31' })] }, /2027-01-31/],
  ['with a date in words', { ignore: [exception({ expires: 'next year' })] }, /2027-01-31/],
  ['that never ends', { ignore: [{ rule: 'secret', reason: 'x' }] }, /"ignore\.0\.expires"/],
  [
    'for a rule that there is not',
    { ignore: [exception({ rule: 'secrets' })] },
    /"secrets", which is no rule/,
  ],
  ['for a rule and an advisory', { ignore: [exception({ advisory: 'PSA-1' })] }, /not both/],
  ['for nothing', { ignore: [{ reason: 'x', expires: '2030-01-01' }] }, /"rule" or an "advisory"/],
  ['with a member that there is not', { ignore: [exception({ until: 'x' })] }, /until/],
] as const) {
  test(`an exception ${title} is an error that says so`, t => {
    t.throws(() => readPolicy(JSON.stringify(raw)), { code: 'ECONFIG', message });
  });
}

test('a policy with another member, another level, or broken JSON is an error', t => {
  t.throws(() => readPolicy('{"ignroe": []}'), { code: 'ECONFIG', message: /ignroe/ });
  t.throws(() => readPolicy('{"level": "terrible"}'), { code: 'ECONFIG', message: /level/ });
  t.throws(() => readPolicy('{"level": '), { code: 'EBADJSON' });
  t.deepEqual(readPolicy('{"level": "high"}'), { level: 'high', ignore: [] });
});

for (const [title, more, applies] of [
  ['everywhere', {}, true],
  ['in the package', { package: '@acme/tone' }, true],
  ['in another package', { package: '@acme/style' }, false],
  ['in the file', { file: 'docs/a.md' }, true],
  ['in another file', { file: 'docs/b.md' }, false],
  ['below the folder', { file: 'docs/' }, true],
  ['below a folder of a similar name', { file: 'doc/' }, false],
  ['of another rule', { rule: 'mixed-script' }, false],
  ['of an advisory of that name', { rule: undefined, advisory: 'secret' }, false],
  ['until today', { expires: '2026-06-15' }, true],
  ['until yesterday', { expires: '2026-06-14' }, false],
  ['until a moment that is over', { expires: '2026-06-15T11:59:59Z' }, false],
  ['until a moment in another time zone', { expires: '2026-06-15T12:00:00-05:00' }, true],
] as const) {
  test(`an exception ${title} ${applies ? 'lets the finding pass' : 'does not let the finding pass'}`, t => {
    const { kept, ignored } = applyPolicy([FOUND], policy(exception(more)), NOW);
    t.is(kept.length, applies ? 0 : 1);
    t.is(ignored.length, applies ? 1 : 0);
  });
}

test('an exception that is over is told as expired, one that nothing needs as unused', t => {
  const rules = policy(
    exception({ expires: '2020-01-01' }),
    exception({ package: '@acme/none' }),
    exception({ package: '@acme/tone' }),
  );
  const { expired, unused } = applyPolicy([FOUND], rules, NOW);
  t.deepEqual(
    [expired, unused].map(list => list.map(({ package: name }) => name)),
    [[undefined], ['@acme/none']],
  );
});
