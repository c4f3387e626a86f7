import { type AuditLevel, reaches } from '../../core/audit-severity.js';
import { PrompdError } from '../../core/errors.js';
import { compareText, type PackageId, type PackageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { Context } from '../context.js';
import type { OpenedPackage } from '../prompts/prompt-packages.js';
import type { AuditItem } from './audit-item.js';

/** Looks at what an operation brings into a project, before any of it is placed. */
export interface InstallAudit {
  /** Scans the files of a package that is new. */
  look(wanted: PackageId & { readonly key: PackageKey }, tree: SourceTree): Promise<void>;
  /** Has the prompts of a package looked at that is not new, as packages below it are. */
  lookAgain(key: PackageKey): void;
  /** Whether a level is set that an install may fail at. @throws PrompdError EBADJSON, ECONFIG for the project's policy */
  mayFail(): Promise<boolean>;
  /**
   * Renders the prompts that are made of several packages, and warns of what was found since the last time.
   * @param open opens what was looked at, and what it depends on, in its place or not
   * @throws PrompdError EAUDIT when something reaches the level; EBADJSON, ECONFIG for the project's policy
   */
  settle(open: (key: PackageKey) => Promise<OpenedPackage>): Promise<void>;
}

/** An install warns, and fails only where somebody says from which severity on. */
const DEFAULT_LEVEL: AuditLevel = 'none';
/** What is less than this, an install does not speak of; "prompd audit" does. */
const WARNED: AuditLevel = 'moderate';
/** Warnings that somebody reads while packages are installed. */
const MAX_WARNINGS = 10;

/** @param dir the project's folder: its policy counts, and none that a package brings */
export function installAudit(context: Context, dir: string): InstallAudit {
  let items: AuditItem[] = [];
  const seen = new Set<PackageKey>();
  const composed = new Set<PackageKey>();
  return {
    async look(wanted, tree) {
      if (seen.has(wanted.key)) return;
      seen.add(wanted.key);
      // Loaded when something is new: most installs find everything in its place.
      const { scanWanted } = await import('./scan-wanted.js');
      const found = await scanWanted(wanted, tree);
      items.push(...found.items);
      if (found.isComposed) composed.add(wanted.key);
    },
    lookAgain: key => void composed.add(key),
    async mayFail() {
      const { judgeNew } = await import('./scan-wanted.js');
      const { level } = await judgeNew(context, dir, { items: [], byDefault: DEFAULT_LEVEL });
      return level !== 'none';
    },
    async settle(open) {
      // In order, so that what is warned of does not depend on what came first over the network.
      for (const key of [...composed].sort(compareText)) {
        const { scanComposed } = await import('./scan-wanted.js');
        items.push(...(await scanComposed(await open(key))));
      }
      composed.clear();
      if (items.length === 0) return;
      const found = items;
      items = [];
      const { judgeNew } = await import('./scan-wanted.js');
      const { kept, level } = await judgeNew(context, dir, { items: found, byDefault: DEFAULT_LEVEL });
      const failing = kept.filter(({ severity }) => reaches(severity, level));
      if (failing.length > 0) throw refused(failing, level);
      warn(
        context,
        kept.filter(({ severity }) => reaches(severity, WARNED)),
      );
    },
  };
}

function warn({ progress }: Context, items: readonly AuditItem[]): void {
  for (const item of items.slice(0, MAX_WARNINGS)) progress.warn(lineOf(item));
  if (items.length > MAX_WARNINGS)
    progress.warn(`${items.length - MAX_WARNINGS} more findings: run "prompd audit" to read them.`);
}

function refused(items: readonly AuditItem[], level: AuditLevel): PrompdError {
  const packages = [...new Set(items.map(({ name, version }) => `${name}@${version}`))];
  return new PrompdError(
    'EAUDIT',
    `${packages.length === 1 ? `${packages[0]} has` : `${packages.length} packages have`} findings of severity ${level} or above. Nothing was installed.`,
    {
      facts: { level, packages, findings: items.slice(0, 50).map(lineOf) },
      hint: 'Read what was found. What is harmless can be excepted in "prompd-audit.json"; "--audit-level none" installs all the same.',
    },
  );
}

function lineOf({ name, version, file, line, column, severity, id, message }: AuditItem): string {
  const place = [file, line, column].filter(part => part !== undefined).join(':');
  return `${name}@${version}${place === '' ? '' : ` ${place}`}: ${severity} ${id}: ${message}`;
}
