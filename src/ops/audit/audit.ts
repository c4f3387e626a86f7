import { AUDIT_SEVERITIES, type AuditLevel, type AuditSeverity, reaches } from '../../core/audit-severity.js';
import { PrompdError } from '../../core/errors.js';
import { LOCKFILE } from '../../lockfile/index.js';
import { applyPolicy, type Exception } from '../../scan/index.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { type Switches, withSwitches } from '../install/switches.js';
import { openProject, type Project, readProject } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { findAdvisories, type UnknownPackages } from './audit-advisories.js';
import { type AuditFix, type FixPreview, fixAdvisories } from './audit-fix.js';
import { type AuditItem, inOrder } from './audit-item.js';
import { scanOwnFiles } from './audit-own-files.js';
import { auditedPackages, scanInstalled } from './audit-packages.js';
import { auditLevel, projectPolicy } from './audit-policy.js';

export interface AuditOptions {
  /** Leave out what only devDependencies need. */
  readonly omitDev?: boolean;
  /** Move packages with advisories to versions without, where the ranges allow it. */
  readonly fix?: boolean;
  /** Only find out what `fix` would move, and what it would leave. */
  readonly dryRun?: boolean;
  readonly use?: Switches['use'];
  readonly auditLevel?: Switches['auditLevel'];
}

export interface AuditReport {
  /** Absolute path of the project. */
  readonly project: string;
  /** From which severity on findings fail. */
  readonly level: AuditLevel;
  /** Whether one does. */
  readonly failed: boolean;
  /** Installed packages that were looked at. */
  readonly packages: number;
  /** The worst first. */
  readonly items: readonly AuditItem[];
  readonly counts: Readonly<Record<AuditSeverity, number>>;
  /** What the policy lets pass. */
  readonly ignored: readonly (AuditItem & { readonly exception: Exception })[];
  readonly expired: readonly Exception[];
  readonly unused: readonly Exception[];
  /** Packages of which nobody could say whether there are advisories. */
  readonly unknown: readonly UnknownPackages[];
  /** What `--fix` did, or would do; undefined without it. */
  readonly fix: AuditFix | undefined;
}

/** `prompd audit` fails on anything that is more than information, as npm's does. */
const DEFAULT_LEVEL: AuditLevel = 'low';

/**
 * Looks at all that a project has locked and at its own prompts: the rules, and the advisories of the registries.
 * @throws PrompdError ELOCKMISSING, ENOTINSTALLED, EINTEGRITY, EBADJSON and ECONFIG for the policy, and whatever asking
 *   registries throws
 */
export async function audit(outer: Context, options: AuditOptions = {}): Promise<AuditReport> {
  const context = withSwitches(outer, options);
  const project = await openProject(context);
  if (!options.fix) return auditProject(context, project, { options });
  return withProjectLock(context, { dir: project.dir }, async () => {
    const before = await readProject(project.dir);
    const outcome = await fixAdvisories(context, before, { dryRun: options.dryRun === true });
    return auditProject(context, await readProject(project.dir), { options, ...outcome });
  });
}

async function auditProject(
  context: Context,
  project: Project,
  { options, fix, preview }: { options: AuditOptions; fix?: AuditFix; preview?: FixPreview },
): Promise<AuditReport> {
  const policy = await projectPolicy(project.dir);
  const level = auditLevel(context, policy, DEFAULT_LEVEL);
  const { items, unknown, packages } = await itemsOf(context, project, { ...options, preview });
  const { kept, ignored, expired, ...verdict } = applyPolicy(items.sort(inOrder), policy, context.now());
  // What was not looked at may need the exceptions that nothing needed here.
  const unused = verdict.unused.filter(
    ({ advisory }) => !options.omitDev && (advisory === undefined || unknown.length === 0),
  );
  const report: AuditReport = {
    project: project.dir,
    level,
    failed: kept.some(({ severity }) => reaches(severity, level)),
    packages,
    items: kept,
    counts: countsOf(kept),
    ignored: ignored.map(({ item, exception }) => ({ ...item, exception })),
    expired,
    unused,
    unknown,
    fix,
  };
  tell(context, report);
  return report;
}

async function itemsOf(
  context: Context,
  project: Project,
  { omitDev = false, preview }: AuditOptions & { preview: FixPreview | undefined },
): Promise<{ items: AuditItem[]; unknown: readonly UnknownPackages[]; packages: number }> {
  const own = await scanOwnFiles(context, project);
  const { manifest, dir } = project;
  const lockfile = preview?.lockfile ?? project.lockfile;
  if (!lockfile) {
    const wanted = { ...manifest.dependencies, ...manifest.devDependencies };
    if (Object.keys(wanted).length === 0) return { items: own, unknown: [], packages: 0 };
    throw new PrompdError(
      'ELOCKMISSING',
      `There is no ${LOCKFILE} in ${dir}: nobody knows what it stands for.`,
      {
        facts: { folder: dir },
        hint: 'Run "prompd install", then audit what it installed.',
      },
    );
  }
  const packages = await auditedPackages(project, lockfile, { omitDev });
  const { items, unknown } = await findAdvisories(context, packages);
  const scanned = await withSuppliers(context, project, ({ store }) =>
    scanInstalled(packages, { lockfile, store: preview?.store ?? store }),
  );
  return { items: [...own, ...scanned, ...items], unknown, packages: packages.length };
}

function countsOf(items: readonly AuditItem[]): Record<AuditSeverity, number> {
  const counts: Record<AuditSeverity, number> = { info: 0, low: 0, moderate: 0, high: 0, critical: 0 };
  for (const severity of AUDIT_SEVERITIES)
    counts[severity] = items.filter(item => item.severity === severity).length;
  return counts;
}

/** What is not known, and exceptions that do nothing, must not go unnoticed. */
function tell({ progress }: Context, { unknown, expired, unused }: AuditReport): void {
  for (const { registry, reason, packages } of unknown) {
    const from = registry === undefined ? '' : ` of the registry "${registry}"`;
    progress.warn(
      `Nothing is known of advisories about ${packages} package${packages === 1 ? '' : 's'}${from}: ${reason}.`,
    );
  }
  for (const exception of expired)
    progress.warn(
      `The exception for ${nameOf(exception)} expired on ${exception.expires}: it counts no more.`,
    );
  for (const exception of unused)
    progress.warn(`The exception for ${nameOf(exception)} is not needed: take it out of the policy.`);
}

function nameOf({ rule, advisory = '', package: name, file }: Exception): string {
  return [
    rule ?? advisory,
    ...(name === undefined ? [] : [`in ${name}`]),
    ...(file === undefined ? [] : [`at ${file}`]),
  ].join(' ');
}
