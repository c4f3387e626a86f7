import type { AuditedLog, LogAudit } from '../ops/audit/audit-log.js';
import { printable } from './error.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What the transparency logs showed: a line a registry, and what is missing below it. */
export function auditLogText({ logs, packages }: LogAudit, style: Style): string {
  if (packages === 0) return 'nothing to look for: the lockfile names no packages of registries\n';
  return logs.map(log => `${logLines(log, style).join('\n')}\n`).join('');
}

function logLines(
  { registry, url, state, size, root, checked, missing }: AuditedLog,
  style: Style,
): string[] {
  const where = `${style.name(printable(registry))} ${style.dim(printable(url))}`;
  if (state === 'absent')
    return [`${style.warn('no log')} ${where}: ${count(checked, 'package')} not looked for`];
  const tree = `a tree of ${count(size ?? 0, 'published version')}, root ${root ?? ''}`;
  if (state === 'verified')
    return [`${style.good('in the log')} ${where}: ${count(checked, 'package')}, ${tree}`];
  return [
    `${style.bad('not in the log')} ${where}: ${missing.length} of ${count(checked, 'package')}, ${tree}`,
    ...missing.map(label => `  ${printable(label)}`),
  ];
}
