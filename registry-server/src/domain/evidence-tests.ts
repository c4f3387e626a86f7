import type { CaseReport, RunReport } from 'prompd/models';
import type { EvidenceTest, EvidenceTestRun } from './compatibility.js';

/** Runs of one test that are kept. */
const MAX_RUNS = 10;
/** Characters of a statement's result, of the beginning of an answer, and of an error. */
const MAX_TEXT = 300;
const MAX_FAILURES = 10;
/** Characters of all that is kept as JSON; beyond, only what passed and failed is told. */
const MAX_JSON = 128 * 1024;

/** What is kept of the tests of one prompt: enough to see what was found, whatever the answers were. */
export function evidenceTests(cases: readonly CaseReport[]): readonly EvidenceTest[] {
  const whole = cases.map(one => testOf(one, runOf));
  if (JSON.stringify(whole).length <= MAX_JSON) return whole;
  return cases.map(one => testOf(one, ({ status }) => ({ status, failures: [] })));
}

function testOf({ name, status, runs }: CaseReport, kept: (run: RunReport) => EvidenceTestRun): EvidenceTest {
  const more = runs.length - MAX_RUNS;
  return { name, status, runs: runs.slice(0, MAX_RUNS).map(kept), ...(more > 0 ? { more } : {}) };
}

function runOf({
  status,
  latencyMs,
  usage,
  answerDigest,
  excerpt,
  assertions,
  error,
}: RunReport): EvidenceTestRun {
  return {
    status,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(usage === undefined ? {} : { tokens: usage.totalTokens }),
    ...(answerDigest === undefined ? {} : { answerDigest }),
    ...(excerpt === undefined ? {} : { excerpt: excerpt.slice(0, MAX_TEXT) }),
    failures: assertions
      .filter(({ passed }) => !passed)
      .slice(0, MAX_FAILURES)
      .map(({ message }) => message.slice(0, MAX_TEXT)),
    ...(error ? { error: { code: error.code, message: error.message.slice(0, MAX_TEXT) } } : {}),
  };
}
