import { type AuditSeverity, bySeverity } from '../../core/audit-severity.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { Finding, Judged } from '../../scan/index.js';

/** Something that an audit has to say, about a package or about the project's own files. */
export interface AuditItem extends Judged {
  readonly severity: AuditSeverity;
  /** The package that it is about; undefined for the project's own files. */
  readonly name: PackageName | undefined;
  readonly version: Version | undefined;
  readonly key: PackageKey | undefined;
  /** Inside the package, or from the project's folder. */
  readonly file: string | undefined;
  /** 1-based, in UTF-16 code units; absent where the file as a whole is meant. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
  readonly hint: string;
  /** Of an advisory: the versions that are mended, and where people read about it. */
  readonly patched?: string | undefined;
  readonly url?: string | undefined;
  /** The same for the same finding, wherever it moves in its file. */
  readonly fingerprint: string;
  /** The packages on the way to it, from one that the project asks for to the package itself. */
  readonly via: readonly string[];
  /** Only devDependencies lead to it. */
  readonly dev: boolean;
  /** Line of `prompd-lock.json` at which the package stands. */
  readonly lockLine: number | undefined;
}

/** A package that an audit looks at. */
export interface AuditedPackage {
  readonly key: PackageKey;
  readonly name: PackageName;
  readonly version: Version;
  readonly dev: boolean;
  readonly via: readonly string[];
  readonly lockLine: number | undefined;
}

/** A finding of the rules, about a package or, without one, about the project's own files. */
export function findingItem(finding: Finding, owner: AuditedPackage | undefined): AuditItem {
  const { rule, level, file, line, column, message, hint = '', fingerprint } = finding;
  return {
    kind: 'finding',
    id: rule,
    severity: level,
    file,
    line,
    column,
    message,
    hint,
    fingerprint,
    ...ownerOf(owner),
  };
}

export function ownerOf(
  owner: AuditedPackage | undefined,
): Pick<AuditItem, 'name' | 'version' | 'key' | 'via' | 'dev' | 'lockLine'> {
  const { name, version, key, via = [], dev = false, lockLine } = owner ?? {};
  return { name, version, key, via, dev, lockLine };
}

/** The worst first; equal ones by package, file and place. */
export function inOrder(a: AuditItem, b: AuditItem): number {
  return (
    bySeverity(a.severity, b.severity) ||
    compareText(a.key ?? '', b.key ?? '') ||
    compareText(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(a.id, b.id)
  );
}
