import type { Digest } from '../core/digest.js';
import type { ErrorCode } from '../core/error-table.js';
import type { AssertionResult } from './check-answer.js';
import type { TokenUsage } from './model.js';

/** What one model made of a package's tests. A stable shape: other tools and registries may keep it. */
export interface TestReport {
  readonly schemaVersion: 1;
  /** How the package can be named again. */
  readonly target: string;
  readonly package: { readonly name: string | undefined; readonly version: string | undefined };
  /** Digest of the tests that ran, with the digests of the judge prompts that they name. */
  readonly suiteDigest: Digest;
  readonly models: readonly ModelReport[];
}

/**
 * - `works`: every test passed.
 * - `needs-tuning`: some tests passed and some failed.
 * - `not-supported`: no test passed, or the model cannot take a request: it does not exist for the provider, does not
 *   know a parameter, or cannot read a prompt of that length.
 * - `untested`: at least one test could not be decided, for a reason that is not the model's.
 */
export type Verdict = 'works' | 'needs-tuning' | 'not-supported' | 'untested';

export interface ModelReport {
  readonly provider: string;
  /** As it was asked for. */
  readonly model: string;
  /** The exact models that answered, as the provider named them, sorted. */
  readonly answeredBy: readonly string[];
  readonly verdict: Verdict;
  /** Runs that passed, of all runs that were decided: 0 to 1. Null when none was. */
  readonly score: number | null;
  readonly tests: readonly CaseReport[];
}

/** `refused`: the model cannot take the request. `undecided`: the provider or a judge gave no answer. */
export type CaseStatus = 'passed' | 'failed' | 'refused' | 'undecided';

export interface CaseReport {
  readonly name: string;
  /** Id in `prompts`. */
  readonly prompt: string;
  /** Of the prompt, or of its variant for this model. */
  readonly promptDigest: Digest;
  /** Of all tests of this prompt that ran, with the digests of the judge prompts that they name. */
  readonly suiteDigest: Digest;
  readonly status: CaseStatus;
  readonly runs: readonly RunReport[];
}

export interface RunReport {
  readonly status: CaseStatus;
  /** The exact model that answered, as the provider named it. */
  readonly model?: string;
  readonly latencyMs?: number;
  readonly usage?: TokenUsage;
  /** SHA-256 of the answer. */
  readonly answerDigest?: Digest;
  /** The beginning of the answer. */
  readonly excerpt?: string;
  readonly assertions: readonly AssertionResult[];
  /** Why there is no answer, or no decision about it. */
  readonly error?: { readonly code: ErrorCode; readonly message: string };
}

/** A case passes when all of its runs do; what could not be decided or asked counts before what failed. */
export function caseStatus(runs: readonly Pick<RunReport, 'status'>[]): CaseStatus {
  for (const status of ['undecided', 'refused', 'failed'] as const) {
    if (runs.some(run => run.status === status)) return status;
  }
  return 'passed';
}

/** The rule by which the outcomes of a model's tests become a verdict. */
export function verdictOf(cases: readonly Pick<CaseReport, 'status'>[]): Verdict {
  const count = (status: CaseStatus) => cases.filter(one => one.status === status).length;
  if (cases.length === 0 || count('undecided') > 0) return 'untested';
  if (count('refused') > 0 || count('passed') === 0) return 'not-supported';
  return count('failed') === 0 ? 'works' : 'needs-tuning';
}

/** The share of decided runs that passed; null when none was decided. */
export function scoreOf(cases: readonly Pick<CaseReport, 'runs'>[]): number | null {
  const decided = cases.flatMap(({ runs }) => runs).filter(({ status }) => status !== 'undecided');
  if (decided.length === 0) return null;
  const share = decided.filter(({ status }) => status === 'passed').length / decided.length;
  return Math.round(share * 10_000) / 10_000;
}

/** The codes by which a model, rather than its provider, cannot take a request. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set(['EUNKNOWNMODEL', 'EMODELREQUEST', 'ECONTEXTLENGTH']);

/** How a run ends that got no answer. A stopped answer is one that failed: the model, or its filter, chose to. */
export function statusOfFailure(code: ErrorCode): Exclude<CaseStatus, 'passed'> {
  if (REFUSALS.has(code)) return 'refused';
  return code === 'ECONTENTFILTER' ? 'failed' : 'undecided';
}
