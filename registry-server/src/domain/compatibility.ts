import { randomBytes } from 'node:crypto';
import { type CompatibilityStatus, type Integrity, type PackageManifest, PrompdError } from 'prompd/core';
import { type ExactModel, variantPath } from 'prompd/prompt';
import type { ModelName, PromptSurvey } from 'prompd/testing';
import { RequestError } from './problem-document.js';

export const RUN_STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** A run of the tests of one version, as a job. */
export interface CompatibilityRun {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  /** Not so for one that waits for approval, or was refused: such a run is for its reviewers and authors. */
  readonly isPublished: boolean;
  readonly models: readonly ModelName[];
  /** Whose tests run; null for all that have tests. */
  readonly prompts: readonly string[] | null;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly state: RunState;
  /** How often it was begun. */
  readonly attempts: number;
  /** When it is tried again; null unless it waits for that. */
  readonly nextAt: Date | null;
  readonly cancelledBy: string | null;
  /** Requests that it takes, judges left out; null before it is planned. */
  readonly total: number | null;
  readonly done: number;
  /** What came of it; null before it is done. */
  readonly outcome: readonly RunOutcome[] | null;
  /** Why it failed, or is tried again. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Grows with every change. */
  readonly revision: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
}

/** What a run says of one prompt and model. */
export interface RunOutcome {
  readonly prompt: string;
  readonly provider: string;
  readonly asked: string;
  readonly model: string;
  readonly status: CompatibilityStatus;
  readonly score: number | null;
  /** Why it is untested. */
  readonly reason?: string | undefined;
}

/** The version that tests are about: a published one, or one that waits for approval. */
export interface TestedVersion {
  readonly packageId: number;
  readonly name: string;
  readonly id: number;
  readonly version: string;
  readonly manifest: PackageManifest;
  readonly integrity: Integrity;
}

/** Whether nothing happens to it any more. */
export function isOver({ state }: Pick<CompatibilityRun, 'state'>): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

export function makeRunId(): string {
  return `cr_${randomBytes(12).toString('hex')}`;
}

export function isRunId(raw: string): boolean {
  return /^cr_[0-9a-f]{24}$/.test(raw);
}

/** The same answer for a run that does not exist and one of a package that the caller may not see. */
export function runNotFound(id: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no compatibility run ${id}.`, { facts: { id } });
}

/** The error for a run that there is no changing any more. */
export function runIsOver(id: string, state: RunState): RequestError {
  return new RequestError('ECONFLICT', `The run ${id} is over: ${state}.`, { facts: { id, state } });
}

/** Who found something out: the registry itself, or a user whose word it is. */
export const EVIDENCE_SOURCES = ['server', 'reported'] as const;
export type EvidenceSource = (typeof EVIDENCE_SOURCES)[number];

/** What was found out about one prompt, model and suite. */
export interface Evidence {
  readonly prompt: string;
  readonly promptDigest: string;
  readonly suiteDigest: string;
  readonly provider: string;
  /** As it was asked for. */
  readonly asked: string;
  /** The exact model that answered. */
  readonly model: string;
  readonly status: Exclude<CompatibilityStatus, 'untested'>;
  /** Share of the runs that passed, 0 to 1. */
  readonly score: number;
  /** The tests with their runs, cut to a bounded length. */
  readonly tests: readonly EvidenceTest[];
  readonly source: EvidenceSource;
  /** The user who asked for the run, or who reports. */
  readonly testedBy: string;
  /** The run of this registry; null for what was reported. */
  readonly run: string | null;
  /** The version that was tested: later ones with the same digests share the evidence. */
  readonly version: string;
  readonly testedAt: Date;
  readonly expiresAt: Date;
}

/** What is kept of a test. */
export interface EvidenceTest {
  readonly name: string;
  readonly status: string;
  readonly runs: readonly EvidenceTestRun[];
  /** Runs that are not listed, as there were too many. */
  readonly more?: number | undefined;
}

export interface EvidenceTestRun {
  readonly status: string;
  readonly latencyMs?: number | undefined;
  /** Input and output together, as the provider counted them; as they were estimated where it did not. */
  readonly tokens?: number | undefined;
  readonly answerDigest?: string | undefined;
  readonly excerpt?: string | undefined;
  /** Of the statements that did not hold. */
  readonly failures: readonly string[];
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** One prompt and one model, as the matrix has them. */
export interface MatrixCell {
  readonly provider: string;
  /** As the model map or the one who tested names it. */
  readonly asked: string;
  /** The exact model; null where none is known, as nothing was tested. */
  readonly model: string | null;
  /** File of the variant that this model gets. */
  readonly variant?: string | undefined;
  /** Of what this model gets: the prompt, or its variant. */
  readonly digest: string;
  readonly status: CompatibilityStatus;
  /** Whether there is evidence that holds no more. */
  readonly expired: boolean;
  readonly evidence: Evidence | null;
}

export interface MatrixRow {
  readonly prompt: string;
  readonly digest: string | null;
  /** Null for a prompt without tests. */
  readonly suite: string | null;
  readonly problem?: string | undefined;
  readonly models: readonly MatrixCell[];
}

/** What the matrix is made of. */
export interface MatrixParts {
  readonly surveys: readonly PromptSurvey[];
  /** The model map of the version. */
  readonly map: Parameters<typeof variantPath>[0];
  readonly exact: readonly ExactModel[];
  /** Of the package, newest first. */
  readonly evidence: readonly Evidence[];
  readonly now: Date;
}

/**
 * The matrix of a version: for each prompt the models of its map, and all others that there is evidence about. Evidence
 * counts for the digests of prompt and suite alone: which version it came from does not matter. What the registry found
 * itself counts before what was reported, and of each the newest that has not expired.
 */
export function matrixOf({ surveys, map, exact, evidence, now }: MatrixParts): readonly MatrixRow[] {
  return surveys.map(({ id, digest, suite, variants, problem }) => {
    const cells: MatrixCell[] = [];
    const gets = (provider: string, model: string) => {
      const variant = variantPath(map, id, { provider, model });
      const found = variant === undefined ? digest : variants.find(({ file }) => file === variant)?.digest;
      return { variant, digest: found };
    };
    const current = evidence.filter(
      one =>
        one.prompt === id &&
        one.suiteDigest === suite &&
        one.promptDigest === gets(one.provider, one.asked).digest,
    );
    const add = (provider: string, asked: string, about: readonly Evidence[]) => {
      const { variant, digest: expected } = gets(provider, asked);
      if (expected === undefined) return;
      const holds = about.filter(({ expiresAt }) => expiresAt > now);
      const best = holds.find(({ source }) => source === 'server') ?? holds[0];
      const shown = best ?? about[0] ?? null;
      cells.push({
        provider,
        asked,
        model: shown?.model ?? null,
        variant,
        digest: expected,
        status: best?.status ?? 'untested',
        expired: best === undefined && about.length > 0,
        evidence: shown,
      });
    };
    for (const { provider, model } of exact) {
      add(
        provider,
        model,
        current.filter(one => one.provider === provider && isAbout(one, model)),
      );
    }
    const named = new Set(cells.map(({ provider, asked }) => `${provider} ${asked}`));
    const others = new Map(
      current
        .filter(
          one => !named.has(`${one.provider} ${one.asked}`) && !named.has(`${one.provider} ${one.model}`),
        )
        .map(one => [`${one.provider} ${one.model}`, one]),
    );
    for (const { provider, asked, model } of others.values()) {
      add(
        provider,
        asked,
        current.filter(one => one.provider === provider && one.model === model),
      );
    }
    return { prompt: id, digest: digest ?? null, suite: suite ?? null, problem, models: cells };
  });
}

/**
 * What the matrix says of one model, by the name under which it is asked or by its exact name. Of several, what was tested
 * counts before what was not.
 * @param model by itself, or behind its provider and a slash
 */
export function statusOf({ models }: Pick<MatrixRow, 'models'>, model: string): CompatibilityStatus {
  const isMeant = ({ provider, asked, model: exact }: MatrixCell) =>
    [asked, exact].some(name => name === model || `${provider}/${name}` === model);
  const statuses = models.filter(isMeant).map(({ status }) => status);
  return statuses.find(status => status !== 'untested') ?? 'untested';
}

function isAbout({ asked, model }: Evidence, name: string): boolean {
  return asked === name || model === name;
}
