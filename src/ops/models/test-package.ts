import pLimit from 'p-limit';
import { digestOfText } from '../../core/digest.js';
import { PrompdError } from '../../core/errors.js';
import type { ExitCode } from '../../core/exit-codes.js';
import { EXIT } from '../../core/exit-codes.js';
import {
  type AssertionResult,
  type CaseReport,
  caseStatus,
  checkAnswer,
  type ModelReport,
  type Pace,
  type RunReport,
  scoreOf,
  statusOfFailure,
  type TestReport,
  type TimedAnswer,
  verdictOf,
} from '../../models/index.js';
import type { Context } from '../context.js';
import type { ModelChoice, ModelWish } from './choose-model.js';
import { judgeAnswer } from './judge.js';
import { type ModelDesk, openModelDesk } from './model-desk.js';
import { type PlannedCase, planTests, type TestPlanOptions } from './test-plan.js';

export interface TestOptions extends TestPlanOptions {
  readonly judgeProvider?: string | undefined;
  readonly judgeModel?: string | undefined;
  /** Requests under way at once. */
  readonly concurrency?: number | undefined;
  /** Longest silence of a model. */
  readonly timeoutMs?: number | undefined;
  /** Time and chance; the machine's own by default. */
  readonly pace?: Pace | undefined;
}

/** What of an answer goes into the report. */
const EXCERPT = 300;

/**
 * Runs the tests of a package against each model of its map, or against the one that flags name.
 * @throws PrompdError as `planTests`; ECANCELLED. What a provider refuses is part of the report, not thrown
 */
export async function testPackage(context: Context, options: TestOptions): Promise<TestReport> {
  const plan = await planTests(context, options);
  const { target, suiteDigest, models } = plan;
  const desk = openModelDesk(context, options);
  const limit = pLimit(options.concurrency ?? 4);
  const flags: ModelWish = { provider: options.judgeProvider, model: options.judgeModel };
  const total = models.reduce((sum, { cases }) => sum + cases.reduce((all, { runs }) => all + runs, 0), 0);
  context.progress.start('test', total);
  try {
    const reports = await Promise.all(
      models.map(async ({ choice, cases }) => {
        const answeredBy = new Set<string>();
        const run = async (planned: PlannedCase) => {
          const report = await runOnce(context, planned, { choice, desk, flags, answeredBy });
          context.progress.advance();
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
    context.progress.stop();
  }
}

/** 1 when a test failed; 3 when none did and some could not be decided; 0 when all passed. */
export function testExitCode({ models }: TestReport): ExitCode {
  const cases = models.flatMap(({ tests }) => tests);
  if (cases.some(({ status }) => status === 'failed' || status === 'refused')) return EXIT.general;
  return cases.some(({ status }) => status === 'undecided') ? EXIT.provider : EXIT.ok;
}

interface RunContext {
  readonly choice: ModelChoice;
  readonly desk: ModelDesk;
  readonly flags: ModelWish;
  readonly answeredBy: Set<string>;
}

async function runOnce(context: Context, planned: PlannedCase, run: RunContext): Promise<RunReport> {
  const { messages, temperature, maxTokens } = planned;
  let answer: TimedAnswer;
  try {
    answer = await run.desk.ask({ ...run.choice, messages, temperature, maxTokens });
  } catch (error) {
    const known = expected(error);
    return { status: statusOfFailure(known.code), assertions: [], error: told(known) };
  }
  run.answeredBy.add(answer.model);
  const { results, error } = await decide(context, planned, { ...run, answer });
  const failed = results.some(({ passed }) => !passed);
  return {
    // A statement that does not hold decides, whatever else is open.
    status: failed ? 'failed' : error ? 'undecided' : 'passed',
    latencyMs: answer.latencyMs,
    usage: answer.usage,
    answerDigest: digestOfText(answer.text),
    excerpt: answer.text.slice(0, EXCERPT),
    assertions: results,
    ...(error ? { error: told(error) } : {}),
  };
}

async function decide(
  { config }: Context,
  { messages, assertions }: PlannedCase,
  { answer, choice, desk, flags }: RunContext & { answer: TimedAnswer },
): Promise<{ results: readonly AssertionResult[]; error: PrompdError | undefined }> {
  const results: AssertionResult[] = [];
  const question = messages.map(({ content }) => content).join('\n\n');
  let error: PrompdError | undefined;
  for (const { assertion, judgePrompt: prompt } of assertions) {
    try {
      const judge = { config, desk, flags, asked: choice, prompt, question };
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

function caseReport({ name, prompt, promptDigest }: PlannedCase, runs: readonly RunReport[]): CaseReport {
  return { name, prompt, promptDigest, status: caseStatus(runs), runs };
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
