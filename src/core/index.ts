export { type Advisory, auditSeverity, isAffected, versionRange } from './advisory.js';
export { AUDIT_SEVERITIES, type AuditSeverity } from './audit-severity.js';
export {
  AUTHOR_SIGNATURE_HEADER,
  type AuthorSignature,
} from './author-signature.js';
export { type SplitShare, type SplitVariant, splitVariant } from './channel-split.js';
export type { Clock } from './clock.js';
export { type Digest, digestOf, digestOfText } from './digest.js';
export { isDistTag, LATEST } from './dist-tag.js';
export { ERROR_TABLE, type ErrorCode, type ErrorRow } from './error-table.js';
export { type ErrorDetails, type Fact, type Facts, PrompdError } from './errors.js';
export { evidenceProblems } from './evidence-problems.js';
export { EXIT, type ExitCode } from './exit-codes.js';
export { hexOf, type Integrity, integrityOf, parseIntegrity } from './integrity.js';
export { formatJson, parseJson } from './json.js';
export {
  type Checked,
  checkPackageManifest,
  checkProjectManifest,
  MANIFEST_FILE,
  type PackageManifest,
  type ProjectManifest,
  readPackageManifest,
  readProjectManifest,
} from './manifest.js';
export {
  COMPATIBILITY_STATUSES,
  type CompatibilityStatus,
  decideModel,
  MODEL_POLICIES,
  type ModelDecision,
  type ModelPolicy,
} from './model-policy.js';
export { baseNameOf, isPackageName, type PackageName, parsePackageName, scopeOf } from './name.js';
export { type Dist, type Packument, parsePackument, type VersionMetadata } from './packument.js';
export { byPlace, hasErrors, type Problem, type Severity, withHints } from './problem.js';
export { type Progress, SILENT } from './progress.js';
export { publishDependencyProblems } from './publish-dependencies.js';
export { redact } from './redact.js';
export {
  keyIdOf,
  REGISTRY_KEY_TYPE,
  type RegistryKey,
  type RegistrySignature,
  registryPayload,
  type SignedVersion,
} from './registry-signature.js';
export type { SourceTree } from './source-tree.js';
export { parseDependency, parseSpecifier, type Selector, type Specifier, type Target } from './specifier.js';
export { steadyTime } from './steady-time.js';
export { systemCode } from './system-code.js';
export {
  type LogAnswer,
  type LogInclusion,
  type LogLeaf,
  type LogQuestion,
  MAX_LOG_PACKAGES,
  type SignedTreeHead,
  type TreeHead,
} from './transparency-log.js';
export type { UnpackedPackage, VerifiedTarball } from './verified-tarball.js';
export { compareVersions, isVersion, parseVersion, type Version } from './version.js';
