import test from 'ava';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { featReport, type ReportApproval, reportHtml, reportMarkdown } from '#prompd/feat/index.js';
import { DAY, KYC, kycFeat } from './blocks.js';

const APPROVAL: ReportApproval = {
  status: 'approved',
  requestedBy: 'jane',
  requestedAt: '2026-11-18T08:00:00Z',
  policyVersion: 3,
  digest: `sha256-${'a'.repeat(64)}`,
  decisions: [
    { by: 'rita', function: 'risk', decision: 'approved', at: '2026-11-19T08:00:00Z', onBehalfOf: 'rolf' },
  ],
};
const REPORT = featReport({ manifest: KYC, integrity: 'sha512-xyz', approvals: [APPROVAL], now: DAY });
const HOSTILE =
  '</td><script>alert(1)</script>\n# Approved [x](javascript:alert(1)) ![i](http://example.com/i) | `a` \u202e\u0007';

const hostile = featReport({
  manifest: {
    ...KYC,
    description: HOSTILE,
    feat: kycFeat({ tradeoffs: HOSTILE, groupsAtRisk: [{ group: HOSTILE, harm: HOSTILE }] }),
  },
  approvals: [{ ...APPROVAL, requestedBy: HOSTILE }],
  now: DAY,
});

test('a report goes through all fourteen principles, with what is recorded for each', t => {
  t.deepEqual(
    REPORT.principles.map(({ number }) => number),
    Array.from({ length: 14 }, (_none, index) => index + 1),
  );
  for (const { number, evidence } of REPORT.principles) t.true(evidence.length > 0, String(number));
  t.deepEqual(REPORT.open, []);
  t.deepEqual([REPORT.tier, REPORT.tiering.score], [2, 6]);
});

test('a report shows approvals, tests and records, and says what it is', t => {
  const text = reportMarkdown(REPORT);
  for (const part of [
    'rita for rolf',
    'policy version 3',
    'sees that the register',
    'edee9a9458',
    'sha512-xyz',
    'AI-2026-0117',
  ])
    t.true(text.includes(part), part);
  t.regex(text, /supports evidence for the FEAT principles/);
  t.notRegex(text, /\bcompliant\b|mandated/i);
});

test('what is open stands at its principle and in the list of all', t => {
  const report = featReport({
    manifest: { ...KYC, feat: kycFeat({ owners: {} }) },
    approvals: [],
    now: DAY,
  });
  t.deepEqual(
    report.principles.find(({ number }) => number === 7)?.open.map(({ path }) => path),
    ['feat.owners.business', 'feat.owners.risk', 'feat.owners.technical'],
  );
  t.regex(reportMarkdown(report), /Name who answers for its risk/);
});

test('nothing that a package says becomes markup in the Markdown report', t => {
  const text = reportMarkdown(hostile);
  t.is(text.replaceAll('\n', '').search(/\p{C}/u), -1);
  const tree = JSON.stringify(fromMarkdown(text));
  for (const kind of ['html', 'link', 'image', 'inlineCode', 'code'])
    t.false(tree.includes(`"type":"${kind}"`), kind);
  t.deepEqual(text.split('\n').filter(line => /^# /.test(line)).length, 1);
});

test('nothing that a package says becomes markup in the HTML report, which loads and runs nothing', t => {
  const html = reportHtml(hostile);
  t.notRegex(html, /<script|<img|<a |javascript:[^<]*"/i);
  t.is(html.replaceAll('\n', '').search(/\p{C}/u), -1);
  t.true(html.includes('&lt;/td&gt;&lt;script&gt;'));
  t.notRegex(html, /\b(?:src|href)=/);
  t.regex(html, /default-src 'none'/);
  t.regex(html, /@media print/);
});

test('the same package makes the same report', t => {
  t.is(
    reportHtml(REPORT),
    reportHtml(featReport({ manifest: KYC, integrity: 'sha512-xyz', approvals: [APPROVAL], now: DAY })),
  );
});

test('a package without a block gets a report that says so', t => {
  const { feat: _feat, ...bare } = KYC;
  const report = featReport({ manifest: bare, approvals: [], now: DAY });
  t.is(report.tier, 3);
  t.regex(reportMarkdown(report), /The package has no feat block/);
  t.true(report.principles.every(({ evidence }) => evidence.length === 0));
});
