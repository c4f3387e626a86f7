import { type Digest, digestOf } from '../core/digest.js';
import type { PackageManifest } from '../core/manifest.js';

export interface ApprovalSubject {
  readonly manifest: PackageManifest;
  /** Of the archive, as its registry names it. */
  readonly integrity: string;
  readonly policyVersion: number;
  /** The channel that it is approved for; undefined for its publication. */
  readonly channel?: string | undefined;
}

/**
 * What an approval signs: the content by its integrity, the feat block, the model map and the policy by which it was
 * decided. Whoever has the archive can compute it.
 */
export function approvalDigest({ manifest, integrity, policyVersion, channel }: ApprovalSubject): Digest {
  const { name, version, feat = null, models = [] } = manifest;
  return digestOf({
    type: 'prompd-approval-1',
    name,
    version,
    integrity,
    feat,
    models,
    policyVersion,
    channel: channel ?? null,
  });
}
