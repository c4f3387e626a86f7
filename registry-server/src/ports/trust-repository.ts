import type { Stamp } from '../domain/stamp.js';
import type { TrustRule } from '../domain/trust-rule.js';

export type NewTrustRule = Pick<
  TrustRule,
  'scope' | 'package' | 'issuer' | 'repository' | 'workflow' | 'environment' | 'ref'
>;

/** What a rule is about. */
export type TrustPlace = { readonly scope: string } | { readonly package: string };

export interface TrustRepository {
  /** @returns undefined when there are too many already */
  add(rule: NewTrustRule, stamp: Stamp): Promise<TrustRule | undefined>;
  /** Oldest first. */
  list(place: TrustPlace): Promise<readonly TrustRule[]>;
  /** Those that are about a package, by its name or by its scope. */
  rulesFor(packageName: string): Promise<readonly TrustRule[]>;
  /** Takes a rule away, and the tokens that were got by it. @returns false when there is none of that place */
  remove(place: TrustPlace, id: number, stamp: Stamp): Promise<boolean>;
  /**
   * Takes a token of continuous integration, each once, and remembers whose repository it was.
   * @returns false when it was taken before
   */
  use(
    rule: TrustRule,
    token: { readonly hash: string; readonly expiresAt: Date; readonly ownerId: string | undefined },
    now: Date,
  ): Promise<boolean>;
}
