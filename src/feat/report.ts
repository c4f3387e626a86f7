import type { PackageManifest } from '../core/manifest.js';
import { openPoints } from './check.js';
import { evidenceLines } from './evidence-lines.js';
import type { FeatBlock, Tier } from './feat-block.js';
import type { OpenPoint } from './open-point.js';
import { PRINCIPLES, type Principle } from './principles.js';
import type { ReviewDays } from './review.js';
import { type Tiering, tieringOf } from './tier.js';

/** What somebody decided about a version. */
export interface ReportDecision {
  readonly by: string;
  /** For whom, where it was delegated. */
  readonly onBehalfOf?: string | undefined;
  /** As business, risk or validator. */
  readonly function: string;
  readonly decision: 'approved' | 'declined' | 'withdrawn';
  /** ISO time. */
  readonly at: string;
  readonly reason?: string | undefined;
  /** Of what was signed. */
  readonly digest?: string | undefined;
}

/** How a version was approved at its registry. */
export interface ReportApproval {
  readonly status: string;
  readonly requestedBy: string;
  /** ISO time. */
  readonly requestedAt: string;
  readonly policyVersion: number;
  /** Of content, feat block, model map and policy version. */
  readonly digest: string;
  readonly decisions: readonly ReportDecision[];
}

export interface ReportInput {
  readonly manifest: PackageManifest;
  /** Of the archive; undefined for a folder. */
  readonly integrity?: string | undefined;
  /** The tier that counts, where somebody changed it; what is computed otherwise. */
  readonly tier?: Tier | undefined;
  readonly approvals: readonly ReportApproval[];
  readonly reviewDays?: ReviewDays;
  readonly now: Date;
}

/** One principle with what there is for it, and what there is not. */
export interface ReportedPrinciple extends Pick<Principle, 'number' | 'group' | 'title'> {
  readonly evidence: readonly { readonly path: string; readonly lines: readonly string[] }[];
  readonly open: readonly OpenPoint[];
}

/** The evidence of one version, principle by principle. */
export interface FeatReport {
  readonly name: string;
  readonly version: string;
  readonly integrity: string | undefined;
  /** `YYYY-MM-DD`, in UTC. */
  readonly date: string;
  readonly tier: Tier;
  readonly tiering: Tiering;
  readonly reviewBy: string | undefined;
  readonly principles: readonly ReportedPrinciple[];
  /** Records, each with its SHA-256. */
  readonly records: NonNullable<FeatBlock['evidence']>;
  readonly tests: readonly { readonly name: string; readonly prompt: string; readonly statements: number }[];
  readonly models: readonly string[];
  readonly approvals: readonly ReportApproval[];
  readonly open: readonly OpenPoint[];
}

/** Puts together what supports evidence for FEAT in a version. It judges nothing but whether something is there. */
export function featReport({ manifest, integrity, approvals, now, ...options }: ReportInput): FeatReport {
  const { feat, models = [], tests = [] } = manifest;
  const tiering = tieringOf(feat);
  const { tier = tiering.tier, reviewDays } = options;
  const open = openPoints(feat, { tier, now, ...(reviewDays && { reviewDays }) });
  return {
    name: manifest.name,
    version: manifest.version,
    integrity,
    date: now.toISOString().slice(0, 10),
    tier,
    tiering,
    reviewBy: feat?.reviewBy,
    principles: PRINCIPLES.map(({ number, group, title, fields }) => ({
      number,
      group,
      title,
      evidence: fields.flatMap(path => {
        const lines = evidenceLines(valueAt(feat, path));
        return lines.length === 0 ? [] : [{ path: `feat.${path}`, lines }];
      }),
      open: open.filter(({ principles }) => principles.includes(number)),
    })),
    records: feat?.evidence ?? [],
    tests: tests.map(({ name, prompt, assert }) => ({ name, prompt, statements: assert.length })),
    models: models.map(entry =>
      'family' in entry ? `the family ${entry.family}` : `${entry.provider} ${entry.model}`,
    ),
    approvals,
    open,
  };
}

function valueAt(feat: FeatBlock | undefined, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
      feat,
    );
}
