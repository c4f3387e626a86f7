import type { SignatureReport, SignedItem } from '../ops/signatures/audit-signatures.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What is verified, and what is not, package by package. */
export function auditSignaturesText(report: SignatureReport, style: Style): string {
  const { packages, verified, invalid, missing, unsupported, authors } = report;
  const lines = [`audited ${counted(packages)}`];
  if (verified > 0)
    lines.push(`${counted(verified)} ${have(verified)} a ${style.good('verified')} registry signature`);
  if (authors > 0)
    lines.push(`${counted(authors)} ${have(authors)} a verified signature of a trusted author`);
  for (const { registry, packages: count } of unsupported)
    lines.push(
      `${style.warn('unknown')} ${counted(count)} of ${printable(registry)}: the registry gives no keys`,
    );
  for (const item of missing)
    lines.push(`${style.bad('missing')} ${nameOf(item, style)}: it has no signature`);
  for (const item of invalid)
    lines.push(`${style.bad('invalid')} ${nameOf(item, style)}: ${printable(item.reason)}`);
  if (invalid.length > 0)
    lines.push(
      '',
      'Somebody may have changed what is invalid. Do not use it, and tell whoever runs the registry.',
    );
  if (invalid.some(({ unlisted }) => unlisted))
    lines.push(
      'A registry lists no keys of others that it mirrors: map such a scope to the registry that it comes from.',
    );
  return `${lines.join('\n')}\n`;
}

function nameOf({ name, version, registry }: SignedItem, style: Style): string {
  return `${style.name(name)} ${version} ${style.dim(printable(registry))}`;
}

function counted(count: number): string {
  return `${count} package${count === 1 ? '' : 's'}`;
}

function have(count: number): string {
  return count === 1 ? 'has' : 'have';
}
