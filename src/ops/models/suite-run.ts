import pLimit from 'p-limit';
import { digestOfText } from '../../core/digest.js';
import { PrompdError } from '../../core/errors.js';
import {
  type AssertionResult,
  type CaseReport,
  caseStatus,
  checkAnswer,
  type ModelReport,
  type RunReport,
  scoreOf,
  statusOfFailure,
  type TestReport,
  type TimedAnswer,
  verdictOf,
} from '../../models/index.js';
import type { ModelChoice, ModelWish, ProviderBook } from './choose-model.js';
import { judgeAnswer } from './judge.js';
import type { ModelDesk } from './model-desk.js';
import type { PlannedCase, TestPlan } from './suite-plan.js';

export interface SuiteRunOptions {
  readonly desk: Pick<ModelDesk, 'ask'>;
  /** Who may judge. */
  readonly book: ProviderBook;
  /** Who judges, whatever the tests say. */
  readonly judge?: ModelWish | undefined;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Told after each run of a test. */
  readonly onRun?: (() => void) | undefined;
}

/** What of an answer goes into the report. */
const EXCERPT = 300;

/** How many requests a plan takes, those of judges left out. */
export function countRuns({ models }: TestPlan): number {
  return models.reduce((sum, { cases }) => sum + cases.reduce((all, { runs }) => all + runs, 0), 0);
}

/**
 * Asks what was planned, and holds the answers against the statements.
 * @throws PrompdError ECANCELLED. What a provider refuses is part of the report, not thrown
 */
export async function runSuite(plan: TestPlan, options: SuiteRunOptions): Promise<TestReport> {
  const { target, suiteDigest, models } = plan;
  const limit = pLimit(options.concurrency);
  try {
    const reports = await Promise.all(
      models.map(async ({ choice, cases }) => {
        const answeredBy = new Set<string>();
        const run = async (planned: PlannedCase) => {
          const report = await runOnce(planned, { ...options, choice, answeredBy });
          options.onRun?.();
          return report;
        };
        const tests = await Promise.all(
          cases.map(async planned => {
            const times = Array.from({ length: planned.runs }, () => limit(() => run(planned)));
            return caseReport(planned, await Promise.all(times));
          }),
        );
        return modelReport(choice, tests, answeredBy);
      }),
    );
    const { name, version } = target.manifest;
    return {
      schemaVersion: 1,
      target: target.title,
      package: { name, version },
      suiteDigest,
      models: reports,
    };
  } finally {
    limit.clearQueue();
  }
}

interface RunContext extends SuiteRunOptions {
  readonly choice: ModelChoice;
  readonly answeredBy: Set<string>;
}

async function runOnce(planned: PlannedCase, run: RunContext): Promise<RunReport> {
  const { messages, temperature, maxTokens } = planned;
  let answer: TimedAnswer;
  try {
    answer = await run.desk.ask({ ...run.choice, messages, temperature, maxTokens });
  } catch (error) {
    const known = expected(error);
    return { status: statusOfFailure(known.code), assertions: [], error: told(known) };
  }
  run.answeredBy.add(answer.model);
  const { results, error } = await decide(planned, { ...run, answer });
  const failed = results.some(({ passed }) => !passed);
  return {
    // A statement that does not hold decides, whatever else is open.
    status: failed ? 'failed' : error ? 'undecided' : 'passed',
    model: answer.model,
    latencyMs: answer.latencyMs,
    usage: answer.usage,
    answerDigest: digestOfText(answer.text),
    excerpt: answer.text.slice(0, EXCERPT),
    assertions: results,
    ...(error ? { error: told(error) } : {}),
  };
}

async function decide(
  { messages, assertions }: PlannedCase,
  { answer, choice, desk, book, judge: flags = {} }: RunContext & { answer: TimedAnswer },
): Promise<{ results: readonly AssertionResult[]; error: PrompdError | undefined }> {
  const results: AssertionResult[] = [];
  const question = messages.map(({ content }) => content).join('\n\n');
  let error: PrompdError | undefined;
  for (const { assertion, judgePrompt: prompt } of assertions) {
    try {
      const judge = { book, desk, flags, asked: choice, prompt, question };
      results.push(await checkAnswer(assertion, answer, (one, text) => judgeAnswer(one, text, judge)));
    } catch (caught) {
      error ??= expected(caught);
    }
  }
  return { results, error };
}

/** Bugs are no result, and neither is a user who stops. */
function expected(error: unknown): PrompdError {
  if (error instanceof PrompdError && error.code !== 'ECANCELLED') return error;
  throw error;
}

function told({ code, message, facts }: PrompdError): NonNullable<RunReport['error']> {
  const said = facts['said'];
  return { code, message: typeof said === 'string' ? `${message} ${said}` : message };
}

function caseReport(planned: PlannedCase, runs: readonly RunReport[]): CaseReport {
  const { name, prompt, promptDigest, suiteDigest } = planned;
  return { name, prompt, promptDigest, suiteDigest, status: caseStatus(runs), runs };
}

function modelReport(
  { provider, model }: ModelChoice,
  tests: readonly CaseReport[],
  answeredBy: ReadonlySet<string>,
): ModelReport {
  return {
    provider: provider.name,
    model,
    answeredBy: [...answeredBy].sort(),
    verdict: verdictOf(tests),
    score: scoreOf(tests),
    tests,
  };
}
