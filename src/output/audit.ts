import { AUDIT_SEVERITIES, type AuditSeverity } from '../core/audit-severity.js';
import type { AuditReport } from '../ops/audit/audit.js';
import type { AuditFix } from '../ops/audit/audit-fix.js';
import type { AuditItem } from '../ops/audit/audit-item.js';
import { printable } from './error.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What an audit found, the worst first, and how much of it there is. */
export function auditText(report: AuditReport, style: Style): string {
  const { items, fix } = report;
  const lines = [
    ...(fix ? fixLines(fix, style) : []),
    ...items.flatMap(item => itemLines(item, style)),
    summary(report, style),
  ];
  return `${lines.join('\n')}\n`;
}

function itemLines(item: AuditItem, style: Style): string[] {
  const { severity, id, name, version, file, line, column, message, hint, via, dev, url } = item;
  const place = [file, line, column].filter(part => part !== undefined).join(':');
  const subject = [name === undefined ? [] : `${name}@${version}`, place].flat().filter(part => part !== '');
  const more = [
    `  ${oneLine(message)}`,
    ...(via.length > 1 ? [`  ${style.dim(`${via.join(' > ')}${dev ? ' (dev)' : ''}`)}`] : []),
    ...(url === undefined ? [] : [`  ${style.dim(oneLine(url))}`]),
    `  ${style.good('hint')}: ${oneLine(hint)}`,
    '',
  ];
  return [
    `${paint(severity, style)} ${style.strong(oneLine(id))} ${style.name(oneLine(subject.join(' ')))}`,
    ...more,
  ];
}

function fixLines({ dryRun, added, removed, blocked }: AuditFix, style: Style): string[] {
  const moved = [
    ...removed.map(key => `${style.bad('-')} ${labelOf(key)}`),
    ...added.map(key => `${style.good('+')} ${labelOf(key)}`),
  ];
  const stuck = blocked.flatMap(({ package: label, reason, via, advisories }) => [
    `${style.warn('not fixed')} ${style.name(label)} (${printable(advisories.join(', '))})`,
    `  ${oneLine(reason)}`,
    ...(via.length > 1 ? [`  ${style.dim(via.join(' > '))}`] : []),
  ]);
  if (moved.length + stuck.length === 0) return ['nothing to fix', ''];
  const told = dryRun ? [style.dim('nothing was changed: this is what a fix moves, and what it leaves')] : [];
  return [...moved, ...stuck, ...told, ''];
}

function summary({ items, counts, ignored, packages, level, failed }: AuditReport, style: Style): string {
  const looked = `looked at ${count(packages, 'package')} and the project's own prompts`;
  const passed = ignored.length === 0 ? '' : `, ${ignored.length} excepted by the policy`;
  if (items.length === 0) return `${style.good('nothing found')}: ${looked}${passed}`;
  const parts = [...AUDIT_SEVERITIES]
    .reverse()
    .filter(severity => counts[severity] > 0)
    .map(severity => `${counts[severity]} ${severity}`);
  const verdict = failed ? style.bad(`fails at ${level}`) : `below ${level}`;
  return `${count(items.length, 'finding')} (${parts.join(', ')})${passed}, ${verdict}: ${looked}`;
}

function paint(severity: AuditSeverity, style: Style): string {
  if (severity === 'critical' || severity === 'high') return style.bad(severity);
  return severity === 'info' ? style.dim(severity) : style.warn(severity);
}

function labelOf(key: string): string {
  return printable(key.slice(key.lastIndexOf('|') + 1));
}

function oneLine(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
