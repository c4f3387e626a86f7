export { type AuditEvent, auditHash, firstHash } from './audit-chain.js';
export {
  type AuditArchive,
  type AuditCheckpoint,
  archiveText,
  checkpointText,
  isSignedText,
  type SignedArchive,
  type SignedCheckpoint,
} from './audit-checkpoint.js';
export {
  type AuditFilter,
  type AuditHeader,
  type AuditLine,
  auditEventSchema,
  auditLineText,
  MAX_AUDIT_LINE,
  parseAuditLine,
  signedArchiveSchema,
  signedCheckpointSchema,
} from './audit-line.js';
export { type AuditProblem, type AuditVerdict, AuditVerifier } from './audit-verifier.js';
export { type AuthorKey, authorKeyOf, newAuthorKey, signAsAuthor } from './author-key.js';
export {
  ed25519Spki,
  isAuthorSignature,
  parseAuthorSignature,
  verifyAuthorSignature,
} from './author-signature.js';
export { leafBytes, logLeafHash } from './log/log-leaf.js';
export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './log/merkle-hash.js';
export {
  completedBy,
  consistencyRanges,
  inclusionRanges,
  type LeafRange,
  lastLeafOf,
  rangeHash,
  type Subtree,
  subtreesOf,
} from './log/merkle-tree.js';
export { isSignedTreeHead, treeHeadBytes } from './log/tree-head.js';
export { isConsistent, isIncluded } from './log/verify-proof.js';
export {
  CLOCK_SKEW_MS,
  type TrustedKey,
  unsigned,
  verifyRegistrySignatures,
} from './registry-signature.js';
export { type TarballOrigin, verifyTarball } from './verify-tarball.js';
