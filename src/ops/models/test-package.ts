import type { ExitCode } from '../../core/exit-codes.js';
import { EXIT } from '../../core/exit-codes.js';
import type { Pace, TestReport } from '../../models/index.js';
import type { Context } from '../context.js';
import { openModelDesk } from './model-desk.js';
import { openReportDesk, type ReportReceipt } from './report-desk.js';
import { planSuite, type SuiteOptions, type TestPlan } from './suite-plan.js';
import { countRuns, runSuite } from './suite-run.js';
import { openTestTarget } from './test-suite.js';

export interface TestOptions extends SuiteOptions {
  /** A folder or an installed package, as typed; by default the package that the user stands in. */
  readonly target?: string | undefined;
  /** For the report: the request for approval of the version, where it waits for that. */
  readonly request?: string | undefined;
  readonly judgeProvider?: string | undefined;
  readonly judgeModel?: string | undefined;
  /** Requests under way at once. */
  readonly concurrency?: number | undefined;
  /** Longest silence of a model. */
  readonly timeoutMs?: number | undefined;
  /** Time and chance; the machine's own by default. */
  readonly pace?: Pace | undefined;
}

export interface ReportedTest {
  readonly report: TestReport;
  /** Tells the registry. The report is there by then, to be kept whatever becomes of this. */
  readonly send: () => Promise<ReportReceipt>;
}

/**
 * Runs the tests of a package against each model of its map, or against the one that flags name.
 * @throws PrompdError as `openTestTarget` and `planSuite`; ECANCELLED. What a provider refuses is part of the report,
 *   not thrown
 */
export async function testPackage(context: Context, options: TestOptions): Promise<TestReport> {
  return run(context, await plan(context, options), options);
}

/**
 * As {@link testPackage}, for the registry that has the package to be told what came of it.
 * @throws PrompdError as `openReportDesk`, before any model is asked
 */
export async function testAndReport(context: Context, options: TestOptions): Promise<ReportedTest> {
  const planned = await plan(context, options);
  const desk = await openReportDesk(context, planned, options.request);
  const report = await run(context, planned, options);
  return { report, send: () => desk.send(report) };
}

async function plan(context: Context, options: TestOptions): Promise<TestPlan> {
  return planSuite(await openTestTarget(context, options.target), context.config, options);
}

async function run(context: Context, planned: TestPlan, options: TestOptions): Promise<TestReport> {
  const { progress } = context;
  progress.start('test', countRuns(planned));
  try {
    return await runSuite(planned, {
      desk: openModelDesk(context, options),
      book: context.config,
      judge: { provider: options.judgeProvider, model: options.judgeModel },
      concurrency: options.concurrency ?? 4,
      onRun: () => progress.advance(),
    });
  } finally {
    progress.stop();
  }
}

/** 1 when a test failed; 3 when none did and some could not be decided; 0 when all passed. */
export function testExitCode({ models }: TestReport): ExitCode {
  const cases = models.flatMap(({ tests }) => tests);
  if (cases.some(({ status }) => status === 'failed' || status === 'refused')) return EXIT.general;
  return cases.some(({ status }) => status === 'undecided') ? EXIT.provider : EXIT.ok;
}
