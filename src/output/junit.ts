import junitReportBuilder, { type Builder, type TestCase } from 'junit-report-builder';
import type { CaseReport, RunReport, TestReport } from '../models/index.js';

/**
 * The report as JUnit XML: a suite for each model, a case for each test. What failed or was refused is a failure, what
 * could not be decided an error.
 */
export function junitXml(report: TestReport): string {
  const builder = newBuilder().name(clean(report.target));
  for (const { provider, model, verdict, score, tests } of report.models) {
    const suite = builder.testSuite().name(clean(`${provider}/${model}`));
    suite.property('verdict', verdict);
    suite.property('score', score === null ? 'none' : String(score));
    suite.property('suiteDigest', report.suiteDigest);
    for (const test of tests) addCase(suite.testCase(), test);
  }
  return builder.build();
}

function addCase(testCase: TestCase, { name, prompt, status, runs }: CaseReport): void {
  const milliseconds = runs.reduce((sum, { latencyMs = 0 }) => sum + latencyMs, 0);
  testCase
    .className(clean(prompt))
    .name(clean(name))
    .time(milliseconds / 1000);
  const open = runs.find(run => run.status === status);
  if (status === 'passed' || !open) return;
  const [first = '', ...rest] = evidence(open);
  if (status === 'undecided') testCase.error(first, status, rest.join('\n'));
  else testCase.failure(first, status).stacktrace(rest.join('\n'));
}

function evidence({ assertions, error, excerpt }: RunReport): string[] {
  return [
    ...assertions.filter(({ passed }) => !passed).map(({ type, message }) => `${type}: ${message}`),
    ...(error ? [`${error.code}: ${error.message}`] : []),
    ...(excerpt === undefined ? [] : [`answer: ${excerpt}`]),
  ].map(clean);
}

/** XML 1.0 has no place for most control characters, for half a surrogate pair and for U+FFFE and U+FFFF. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, character =>
    '\t\n\r'.includes(character) ? character : '\ufffd',
  );
}

/** The package's types describe another module format than Node loads: what comes is looked at. */
function newBuilder(): Builder {
  const loaded: unknown = junitReportBuilder;
  if (!isBuilder(loaded)) throw new TypeError('junit-report-builder exports no builder');
  return loaded.newBuilder();
}

function isBuilder(value: unknown): value is Builder {
  return typeof value === 'object' && value !== null && 'newBuilder' in value;
}
