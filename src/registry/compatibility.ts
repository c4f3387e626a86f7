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

/** What a registry knows of prompts and models. Each method throws as those of `Registry` do. */
export interface RegistryCompatibility {
  /**
   * @param selector a version or a tag
   * @returns undefined where the registry keeps no such thing
   */
  matrix(name: PackageName, selector: string): Promise<CompatibilityMatrix | undefined>;
  /**
   * Reports what a run of one's own found. @param models as `prompd test --json` prints them
   * @throws PrompdError EUNSUPPORTED
   */
  report(name: PackageName, version: string, models: readonly unknown[]): Promise<CompatibilityReceipt>;
}

/** That of a kind of registry that keeps none. @param refuse throws EUNSUPPORTED */
export function noCompatibility(refuse: () => Promise<never>): RegistryCompatibility {
  return { matrix: async () => undefined, report: refuse };
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
