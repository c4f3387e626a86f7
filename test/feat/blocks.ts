import { readFileSync } from 'node:fs';
import { type PackageManifest, readPackageManifest } from '#prompd/core/manifest.js';
import type { FeatBlock } from '#prompd/feat/index.js';

const FILE = new URL('../../../fixtures/packages/@bank/kyc-summary/1.1.0/prompd.json', import.meta.url);

/** The example package that has everything its tier asks for on {@link DAY}. */
export const KYC: PackageManifest = readPackageManifest(readFileSync(FILE, 'utf8'));
export const DAY = new Date('2026-11-20T12:00:00Z');

/** The block of the example with some members changed; undefined takes one out. */
export function kycFeat(
  changes: { readonly [K in keyof FeatBlock]?: FeatBlock[K] | undefined } = {},
): FeatBlock {
  const { feat } = KYC;
  if (!feat) throw new Error('the example has no feat block');
  const entries = Object.entries({ ...feat, ...changes }).filter(([, value]) => value !== undefined);
  return { schemaVersion: '1', ...Object.fromEntries(entries) };
}

const why = 'Because of the test.';

/** A block that says no more than what the tier is computed from. */
export function rated(
  levels: readonly ['low' | 'medium' | 'high', 'low' | 'medium' | 'high', 'low' | 'medium' | 'high'],
  rest: Partial<FeatBlock> = {},
): FeatBlock {
  const [impact, complexity, reliance] = levels;
  return {
    schemaVersion: '1',
    audience: 'internal',
    impact: { level: impact, rationale: why },
    complexity: { level: complexity, rationale: why },
    reliance: { level: reliance, rationale: why },
    ...rest,
  };
}
