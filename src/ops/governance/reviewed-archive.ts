import { PrompdError } from '../../core/errors.js';
import { integrityOf } from '../../core/integrity.js';
import type { PackageManifest } from '../../core/manifest.js';
import type { SourceTree } from '../../core/source-tree.js';
import { approvalDigest } from '../../feat/index.js';
import type { ApprovalDetails, Registry } from '../../registry/index.js';
import { readArchive, readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';

/** What a request is about, held against what it names. */
export interface ReviewedArchive {
  readonly tree: SourceTree;
  readonly manifest: PackageManifest;
}

/**
 * Fetches what a request is about, and computes from the bytes themselves what an approval signs: nobody approves what they
 * were only told.
 * @throws PrompdError EINTEGRITY when the bytes, or the digest, are not those that the request names
 */
export async function reviewedArchive(
  { config }: Context,
  registry: Registry,
  details: ApprovalDetails,
): Promise<ReviewedArchive> {
  const { id, integrity, policyVersion, kind, tag, digest } = details;
  const bytes = await registry.governance.archive(id, config.network.maxArchiveBytes);
  if (integrityOf(bytes) !== integrity) throw otherBytes(details, integrityOf(bytes), integrity);
  const tree = await readArchive(bytes);
  const manifest = await readManifest(tree);
  const subject = { manifest, integrity, policyVersion };
  const forPublication = approvalDigest(subject);
  const forChannel = approvalDigest({ ...subject, channel: tag });
  // What was forced before it was published keeps the digest of its publication.
  const expected =
    kind === 'publication' || (kind === 'break-glass' && digest === forPublication)
      ? forPublication
      : forChannel;
  if (digest !== expected) throw otherBytes(details, digest, expected);
  return { tree, manifest };
}

function otherBytes(
  { id, package: name, version }: ApprovalDetails,
  found: string,
  expected: string,
): PrompdError {
  return new PrompdError(
    'EINTEGRITY',
    `What ${id} names is not what the registry has of ${name}@${version}.`,
    {
      facts: { expected, found },
      hint: 'Approve nothing; tell whoever runs the registry.',
    },
  );
}
