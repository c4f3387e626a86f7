import test from 'ava';
import { digestOfText } from '#prompd/core/digest.js';
import { evidenceOf } from '#prompd/models/evidence.js';
import type { CaseReport, ModelReport, RunReport } from '#prompd/models/test-report.js';

const digest = digestOfText('x');
const run = (status: RunReport['status'], model?: string): RunReport => ({
  status,
  assertions: [],
  ...(model === undefined ? {} : { model }),
});
const tested = (prompt: string, ...runs: RunReport[]): CaseReport => ({
  name: 'a test',
  prompt,
  promptDigest: digest,
  suiteDigest: digest,
  // What a report claims counts for nothing.
  status: 'passed',
  runs,
});
const report = (...tests: CaseReport[]): ModelReport => ({
  provider: 'work',
  model: 'm',
  answeredBy: [],
  verdict: 'works',
  score: 1,
  tests,
});

test('each prompt has evidence of its own, by the runs and not by what the report claims', t => {
  const found = evidenceOf(
    report(
      tested('ask', run('passed', 'm-1')),
      tested('ask', run('failed', 'm-1'), run('passed', 'm-1')),
      tested('grade', run('refused')),
    ),
  );
  t.like(found, [
    { prompt: 'ask', asked: 'm', model: 'm-1', verdict: 'needs-tuning', score: 0.6667 },
    { prompt: 'grade', asked: 'm', model: 'm', verdict: 'not-supported', score: 0 },
  ]);
  t.deepEqual(
    found[0]?.tests.map(({ status }) => status),
    ['passed', 'failed'],
  );
});

test('a name behind which several exact models answered is untested, and so is an open test', t => {
  const [mixed] = evidenceOf(report(tested('ask', run('passed', 'm-2'), run('passed', 'm-1'))));
  t.like(mixed, { verdict: 'untested', reason: 'Several models answered under one name: m-1, m-2.' });
  const undecided = { ...run('undecided'), error: { code: 'ERATELIMIT' as const, message: 'Wait.' } };
  const [open] = evidenceOf(report(tested('ask', run('passed', 'm'), undecided)));
  t.like(open, { verdict: 'untested', reason: 'ERATELIMIT: Wait.' });
});
