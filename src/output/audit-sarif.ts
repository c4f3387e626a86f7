import type { Location, Log, ReportingDescriptor, Result } from 'sarif';
import { type AuditSeverity, bySeverity } from '../core/audit-severity.js';
import type { AuditReport } from '../ops/audit/audit.js';
import type { AuditItem } from '../ops/audit/audit-item.js';
import { RULES } from '../scan/index.js';

/** Severities as scanners of code count them, from 0 to 10. */
const SCORE: Readonly<Record<AuditSeverity, string>> = {
  critical: '9.5',
  high: '8.0',
  moderate: '5.5',
  low: '3.0',
  info: '0.0',
};
const LEVEL: Readonly<Record<AuditSeverity, Result.level>> = {
  critical: 'error',
  high: 'error',
  moderate: 'warning',
  low: 'note',
  info: 'note',
};
const ROOT = '%SRCROOT%';
/** A registry that is not asked for has no file in the checkout: what stands for a package there is its lockfile. */
const LOCKFILE = 'prompd-lock.json';

/**
 * An audit as a log of static analysis. Findings in the project's own files are at their places; those in packages, and
 * advisories, are at the package's entry of the lockfile, with the place inside the package in the message.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifLog({ items, ignored }: AuditReport, version: string): Log {
  const rules = descriptors([...items, ...ignored]);
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  const resultOf = (item: AuditItem): Result => ({
    ruleId: item.id,
    ruleIndex: index.get(item.id) ?? -1,
    level: LEVEL[item.severity],
    message: { text: messageOf(item) },
    locations: [locationOf(item)],
    partialFingerprints: { 'prompdFinding/v1': item.fingerprint },
    properties: {
      severity: item.severity,
      ...(item.name === undefined ? {} : { package: `${item.name}@${item.version}`, via: [...item.via] }),
      ...(item.name === undefined || item.file === undefined
        ? {}
        : { file: item.file, line: item.line, column: item.column }),
    },
  });
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'prompd', version, semanticVersion: version, rules } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { [ROOT]: { description: { text: 'The folder of prompd.json.' } } },
        results: [
          ...items.map(resultOf),
          ...ignored.map(
            ({ exception, ...item }): Result => ({
              ...resultOf(item),
              suppressions: [
                {
                  kind: 'external',
                  status: 'accepted',
                  justification: `${exception.reason} (until ${exception.expires})`,
                },
              ],
            }),
          ),
        ],
      },
    ],
  };
}

/** All rules, and of the advisories those that are spoken of. */
function descriptors(items: readonly AuditItem[]): ReportingDescriptor[] {
  const rules = RULES.map(({ id, title, help, levels }) =>
    descriptor(id, { title, help, severity: [...levels].sort(bySeverity)[0] ?? 'info' }),
  );
  const advisories = new Map(
    items
      .filter(({ kind }) => kind === 'advisory')
      .map(({ id, message, hint, severity, url }) => [
        id,
        descriptor(id, { title: message, help: hint, severity, url }),
      ]),
  );
  return [...rules, ...[...advisories.values()].sort((a, b) => (a.id < b.id ? -1 : 1))];
}

function descriptor(
  id: string,
  {
    title,
    help,
    severity,
    url,
  }: { title: string; help: string; severity: AuditSeverity; url?: string | undefined },
): ReportingDescriptor {
  return {
    id,
    name: id,
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: { text: help },
    ...(url === undefined ? {} : { helpUri: url }),
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { 'security-severity': SCORE[severity], tags: ['security'] },
  };
}

function messageOf({ name, version, file, line, column, message, hint, kind, via }: AuditItem): string {
  const place = [file, line, column].filter(part => part !== undefined).join(':');
  const where = name === undefined ? '' : `${name}@${version}${place === '' ? '' : ` ${place}`}: `;
  const way = kind === 'advisory' && via.length > 1 ? ` It is there by ${via.join(' > ')}.` : '';
  return `${where}${message}${way} ${hint}`;
}

function locationOf({ name, version, file, line, column, lockLine }: AuditItem): Location {
  if (name === undefined) return physical(file ?? 'prompd.json', line, column);
  return {
    ...physical(LOCKFILE, lockLine, undefined),
    logicalLocations: [
      { fullyQualifiedName: `${name}@${version}${file === undefined ? '' : `/${file}`}`, kind: 'package' },
    ],
  };
}

function physical(file: string, line: number | undefined, column: number | undefined): Location {
  const uri = file.split('/').map(encodeURIComponent).join('/');
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: ROOT },
      ...(line === undefined
        ? {}
        : { region: { startLine: line, ...(column === undefined ? {} : { startColumn: column }) } }),
    },
  };
}
