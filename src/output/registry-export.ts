import type { ExportResult } from '../ops/registry/registry-export.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What was exported, and how to read it. */
export function exportText(
  { dir, packages, versions, written, serial, publicKey }: ExportResult,
  style: Style,
): string {
  return [
    `Exported ${count(packages, 'package')} with ${count(versions, 'version')} to ${style.name(dir)}; ${count(written, 'archive')} new`,
    style.dim(`serial ${serial}`),
    style.dim(`public key ${publicKey}`),
  ].join('\n');
}
