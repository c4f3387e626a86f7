import type { Digest } from '../core/digest.js';
import {
  type CaseReport,
  caseStatus,
  type ModelReport,
  type RunReport,
  scoreOf,
  type Verdict,
  verdictOf,
} from './test-report.js';

/** What a run of tests says about one prompt and one model. */
export interface PromptEvidence {
  /** Id in `prompts`. */
  readonly prompt: string;
  readonly promptDigest: Digest;
  readonly suiteDigest: Digest;
  readonly provider: string;
  /** As it was asked for. */
  readonly asked: string;
  /** The exact model that answered; the one that was asked where none answered. */
  readonly model: string;
  readonly verdict: Verdict;
  /** Share of the decided runs that passed, 0 to 1; null when none was decided. */
  readonly score: number | null;
  readonly tests: readonly CaseReport[];
  /** Why the run decides nothing, where it is `untested`. */
  readonly reason?: string;
}

/**
 * What a model's report says of each prompt. Verdict and score are computed from the runs, never taken over: neither the
 * status of a case nor a verdict that stands in the report counts. Where several exact models answered under one name,
 * none of them has answered all tests, and the evidence is `untested`.
 */
export function evidenceOf({ provider, model: asked, tests }: ModelReport): readonly PromptEvidence[] {
  const byPrompt = new Map<string, CaseReport[]>();
  for (const test of tests) byPrompt.set(test.prompt, [...(byPrompt.get(test.prompt) ?? []), test]);
  return [...byPrompt].flatMap(([prompt, written]) => {
    const [first] = written;
    if (!first) return [];
    const cases = written.map(one => ({ ...one, status: caseStatus(one.runs) }));
    const exact = new Set(cases.flatMap(({ runs }) => runs.flatMap(({ model }) => model ?? [])));
    const verdict = exact.size > 1 ? 'untested' : verdictOf(cases);
    const [model = asked] = exact;
    const reason = verdict === 'untested' ? reasonOf(exact, cases) : undefined;
    const { promptDigest, suiteDigest } = first;
    const known = { prompt, promptDigest, suiteDigest, provider, asked, model };
    return [
      {
        ...known,
        verdict,
        score: scoreOf(cases),
        tests: cases,
        ...(reason === undefined ? {} : { reason }),
      },
    ];
  });
}

function reasonOf(exact: ReadonlySet<string>, cases: readonly CaseReport[]): string {
  if (exact.size > 1) return `Several models answered under one name: ${[...exact].sort().join(', ')}.`;
  const open = (run: RunReport) => run.status === 'undecided';
  const error = cases.flatMap(({ runs }) => runs.filter(open)).find(run => run.error)?.error;
  return error ? `${error.code}: ${error.message}` : 'A test was not decided.';
}
