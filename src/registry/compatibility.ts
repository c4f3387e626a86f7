import type { CompatibilityStatus } from '../core/model-policy.js';
import type { PackageName } from '../core/name.js';

/** What was found out about one prompt and one model. Times are ISO. */
export interface CompatibilityEvidence {
  /** Share of the runs that passed, 0 to 1. */
  readonly score: number;
  /** `server`: the registry found it out itself; `reported`: the word of a user. */
  readonly source: string;
  readonly testedBy: string;
  /** The version that was tested. */
  readonly version: string;
  readonly testedAt: string;
  readonly expiresAt: string;
}

/** One prompt and one model. */
export interface CompatibilityCell {
  readonly provider: string;
  /** The name that the model is asked by. */
  readonly asked: string;
  /** The exact model; null where nothing was tested. */
  readonly model: string | null;
  /** File of the variant that this model gets. */
  readonly variant?: string | undefined;
  readonly status: CompatibilityStatus;
  /** Whether there is evidence that holds no more. */
  readonly expired: boolean;
  readonly evidence: CompatibilityEvidence | null;
}

export interface CompatibilityRow {
  readonly prompt: string;
  readonly digest: string | null;
  /** Of the tests; null for a prompt that has none. */
  readonly suite: string | null;
  readonly problem?: string | undefined;
  readonly models: readonly CompatibilityCell[];
}

/** Which prompts of a version work with which models. */
export interface CompatibilityMatrix {
  readonly package: string;
  readonly version: string;
  readonly prompts: readonly CompatibilityRow[];
}

export interface CompatibilityReceipt {
  /** Prompts and models about which something was recorded. */
  readonly recorded: readonly { readonly prompt: string; readonly model: string; readonly status: string }[];
  readonly untested: readonly { readonly prompt: string; readonly model: string; readonly reason: string }[];
}

/** What a run says of one prompt and model. */
export interface CompatibilityOutcome {
  readonly prompt: string;
  readonly provider: string;
  readonly asked: string;
  readonly model: string;
  readonly status: CompatibilityStatus;
  /** Null where nothing came out. */
  readonly score: number | null;
  readonly reason?: string | undefined;
}

/** Tests of a version that the registry runs. Times are ISO. */
export interface CompatibilityRun {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly models: readonly { readonly provider: string; readonly model: string }[];
  /** `done`, `failed` and `cancelled` are the last. */
  readonly state: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  /** Requests that it takes; null before it is planned. */
  readonly total: number | null;
  readonly done: number;
  readonly outcome: readonly CompatibilityOutcome[] | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly finishedAt: string | null;
}

/** What a registry knows of prompts and models. Each method throws as those of `Registry` do. */
/** The version that is meant: by a version or a tag, or as what a request for approval is about. */
export type TestedTarget =
  | { readonly name: PackageName; readonly selector: string }
  | { readonly request: string };

export interface RegistryCompatibility {
  /** @returns undefined where the registry keeps no such thing */
  matrix(of: TestedTarget): Promise<CompatibilityMatrix | undefined>;
  /**
   * Reports what a run of one's own found. @param models as `prompd test --json` prints them
   * @throws PrompdError EUNSUPPORTED
   */
  report(of: TestedTarget, models: readonly unknown[]): Promise<CompatibilityReceipt>;
  /**
   * Has the registry run the tests of a version, or gives back the run that does the same already.
   * @param models those of the version that the registry asks, by default
   */
  start(of: TestedTarget, models: CompatibilityRun['models'] | undefined): Promise<CompatibilityRun>;
  /** Newest first. */
  runs(of: TestedTarget): Promise<readonly CompatibilityRun[]>;
  /** @throws PrompdError ENOTFOUND */
  run(id: string): Promise<CompatibilityRun>;
  /** Stops a run, or keeps it from starting. @throws PrompdError ENOTFOUND */
  cancel(id: string): Promise<CompatibilityRun>;
}

/** That of a kind of registry that keeps none. @param refuse throws EUNSUPPORTED */
export function noCompatibility(refuse: () => Promise<never>): RegistryCompatibility {
  return {
    matrix: async () => undefined,
    report: refuse,
    start: refuse,
    runs: refuse,
    run: refuse,
    cancel: refuse,
  };
}

/**
 * What a row says of one model, by the name under which it is asked or by its exact name. Of several, what was tested
 * counts before what was not.
 * @param provider undefined where only the model is known
 */
export function cellFor(
  { models }: Pick<CompatibilityRow, 'models'>,
  { provider, model }: { readonly provider?: string | undefined; readonly model: string },
): CompatibilityCell | undefined {
  const cells = models.filter(
    cell =>
      (provider === undefined || cell.provider === provider) &&
      (cell.asked === model || cell.model === model),
  );
  return cells.find(({ status }) => status !== 'untested') ?? cells[0];
}
