export {
  type AuditEvent,
  auditEventSchema,
  type SignedArchive,
  type SignedCheckpoint,
  signedArchiveSchema,
  signedCheckpointSchema,
} from '../core/audit-event.js';
export { auditHash, firstHash } from './audit-chain.js';
export { archiveText, checkpointText, isSignedText } from './audit-checkpoint.js';
export { auditCsv, CSV_HEADER } from './audit-csv.js';
export { type AuditLine, auditLines, auditLineText, parseAuditLine } from './audit-line.js';
export { type AuditVerdict, AuditVerifier } from './audit-verifier.js';
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
  NO_SUCH_KEY,
  type TrustedKey,
  unsigned,
  verifyRegistrySignatures,
} from './registry-signature.js';
export { type TarballOrigin, verifyTarball } from './verify-tarball.js';
