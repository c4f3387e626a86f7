import type { PackageManifest } from '../core/manifest.js';

/** The `feat` block of a manifest, as the schema lets it through. */
export type FeatBlock = NonNullable<PackageManifest['feat']>;

/** How much a use of prompts asks of its reviewers: 1 least, 3 most. */
export type Tier = 1 | 2 | 3;

export const TIERS: readonly Tier[] = [1, 2, 3];

/** Whether a number is a tier. */
export function isTier(number: number): number is Tier {
  return number === 1 || number === 2 || number === 3;
}

/** Whether customers meet the answer, or what somebody made of it. */
export function affectsCustomers({ audience }: FeatBlock): boolean {
  return audience !== 'internal';
}
