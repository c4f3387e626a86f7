import type { CaseReport, CaseStatus, ModelReport, RunReport, TestReport, Verdict } from '../models/index.js';
import type { ReportReceipt } from '../ops/models/report-desk.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** The report as people read it: a block for each model, a line for each test, the evidence below what did not pass. */
export function testText(report: TestReport, style: Style): string {
  const title = `${style.strong(printable(report.target))}  ${style.dim(`suite ${report.suiteDigest.slice(0, 19)}`)}`;
  return [title, ...report.models.map(model => modelText(model, style))].join('\n\n');
}

/** What the registry made of a report. */
export function reportedText({ registry, recorded, untested }: ReportReceipt, style: Style): string {
  const head = `${style.strong('reported')} to ${printable(registry)}: ${recorded.length} recorded, ${untested.length} untested`;
  return [
    head,
    ...untested.map(({ prompt, model, reason }) =>
      style.dim(`  ${printable(oneLine(`${prompt} with ${model}: ${reason}`))}`),
    ),
  ].join('\n');
}

function modelText(report: ModelReport, style: Style): string {
  const { provider, model, verdict, score, tests } = report;
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const share = score === null ? '' : `, score ${score}`;
  const head = `${style.name(printable(`${provider}/${model}`))}  ${verdictStyle(verdict, style)(verdict)}  ${passed} of ${tests.length} passed${share}`;
  return [head, ...tests.flatMap(test => caseLines(test, style))].join('\n');
}

function caseLines(test: CaseReport, style: Style): string[] {
  const { name, prompt, status, runs } = test;
  const passed = runs.filter(run => run.status === 'passed').length;
  const times = runs.length > 1 ? ` (${passed} of ${runs.length} runs)` : '';
  const line = `  ${statusStyle(status, style)(status.padEnd(9))} ${printable(oneLine(`${prompt}: ${name}`))}${times}`;
  const open = runs.find(run => run.status === status);
  return status === 'passed' || !open ? [line] : [line, ...evidence(open, style)];
}

function evidence({ assertions, error, excerpt }: RunReport, style: Style): string[] {
  const indent = ' '.repeat(12);
  return [
    ...assertions.filter(({ passed }) => !passed).map(({ type, message }) => `${type}: ${message}`),
    ...(error ? [`${error.code}: ${error.message}`] : []),
    ...(excerpt === undefined ? [] : [`answer: ${JSON.stringify(excerpt)}`]),
  ].map(line => indent + style.dim(printable(oneLine(line))));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function verdictStyle(verdict: Verdict, { good, warn, bad }: Style): (text: string) => string {
  if (verdict === 'works') return good;
  return verdict === 'needs-tuning' ? warn : bad;
}

function statusStyle(status: CaseStatus, { good, bad, warn }: Style): (text: string) => string {
  if (status === 'passed') return good;
  return status === 'undecided' ? warn : bad;
}
