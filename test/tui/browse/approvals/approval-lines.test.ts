import test from 'ava';
import type { ShownApproval } from '#prompd/ops/governance/approvals.js';
import { approvalLines, inboxLine } from '#prompd/tui/browse/approvals/approval-lines.js';
import type { Line } from '#prompd/tui/parts/line.js';

const APPROVAL: ShownApproval['approval'] = {
  id: 'apr_0123456789abcdef01234567',
  kind: 'publication',
  project: 'bank',
  package: '@bank/kyc',
  version: '1.1.0',
  tag: 'latest',
  state: 'pending',
  tier: 2,
  computedTier: 1,
  tierReason: undefined,
  policyVersion: 0,
  needs: { approvals: 2, functions: ['business', 'risk'] },
  missing: { approvals: 1, functions: ['risk'] },
  digest: `sha256-${'a'.repeat(64)}`,
  integrity: 'sha512-x',
  authors: ['ann'],
  requestedBy: 'ann',
  requestedAt: '2026-01-02T03:04:05.000Z',
  expiresAt: '2026-01-16T03:04:05.000Z',
  decisions: [
    {
      decision: 'approve',
      by: 'bob',
      onBehalfOf: 'bea',
      function: 'business',
      digest: 'sha256-x',
      counts: true,
      reason: 'as \u001b]0;title\u0007agreed',
      at: '2026-01-03T00:00:00.000Z',
    },
  ],
  base: undefined,
  open: [{ path: 'feat.models', principles: [8], message: 'List the models.' }],
};
const SHOWN: ShownApproval = {
  registry: 'https://registry.example.com/',
  approval: APPROVAL,
  feat: {
    schemaVersion: '1',
    purpose: 'Reads documents.',
    impact: { level: 'high', rationale: 'x' },
    evaluations: [
      { suite: 'a', score: 1, threshold: 0.5, pass: true },
      { suite: 'b', score: 0, threshold: 0.5, pass: false },
    ],
  },
  diff: undefined,
  files: [
    {
      path: 'say.prompd',
      status: 'added',
      sizeAfter: 40,
      patch: `@@ -0,0 +1 @@\n+Say \u202ehidden ${'long '.repeat(40)}end\n`,
    },
  ],
};
const text = (lines: readonly Line[]) => lines.map(line => line.map(span => span.text).join('')).join('\n');

test('a request shows who decided what, what vouches for it, what is open, and all of a first version', t => {
  const all = text(approvalLines(SHOWN, 'rita', 80));
  t.regex(all, /^@bank\/kyc@1\.1\.0 {2}apr_/);
  t.regex(all, /\n {2}state {6}pending, 1 missing \(risk\)\n {2}tier {7}2, computed 1\n/);
  t.regex(all, /\n {2}decision {3}approve by bob for bea as business on 2026-01-03: as agreed\n/);
  t.regex(
    all,
    /\nEvidence\n {2}purpose {4}Reads documents\.\n {2}rating {5}impact high\n {2}tests {6}1 of 2 passed\n/,
  );
  t.regex(all, /\nOpen points: 1\n {2}feat\.models \(principle 8\) List the models\.\n/);
  t.regex(all, /\nThe first version: all of it\n/);
});

test('what has no shape is shown, and nothing of a change is cut off', t => {
  const lines = approvalLines(SHOWN, 'rita', 60);
  t.true(lines.every(line => text([line]).length <= 60));
  t.regex(text(lines), /\+Say <U\+202E>hidden long/);
  t.regex(text(lines), /\bend$/);
});

test('one’s own request is marked as one’s own, another’s with what is missing', t => {
  t.regex(
    text([inboxLine(APPROVAL, 'ann', 98)]),
    /^@bank\/kyc@1\.1\.0 .* tier 2 {2}ann .* 2026-01-02 yours$/,
  );
  const long = { ...APPROVAL, package: '@bank/adverse-media' };
  t.regex(
    text([inboxLine(long, 'rita', 78)]),
    /^@bank\/adverse-media@1\.1\.0 .* tier 2 {2}ann +1 missing \(risk\)$/,
    'where there is little room, the date is left out and not the version',
  );
  t.regex(text([inboxLine(APPROVAL, 'rita', 78)]), / 1 missing \(risk\)$/);
  t.regex(text(approvalLines(SHOWN, 'ann', 80)), /authors {4}ann \(yours: somebody else decides\)/);
});
