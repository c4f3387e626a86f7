import { createHash } from 'node:crypto';
import type { AuditSeverity } from '../core/audit-severity.js';
import type { Problem } from '../core/problem.js';

/** Something in a package that its readers should know of. An error keeps it from being published. */
export interface Finding extends Problem {
  readonly code: 'ESCAN';
  /** Which rule found it. */
  readonly rule: string;
  /** How much it matters. Critical findings are errors: credentials, and what is hidden from reviewers. */
  readonly level: AuditSeverity;
  /** Stays the same while the text around the place does, wherever that moves in the file. */
  readonly fingerprint: string;
}

/** How much of a line identifies a place, in UTF-16 code units to each side. */
const AROUND = 100;

/** Numbers equal places of one scan, so that each has a fingerprint of its own. */
export class Fingerprints {
  readonly #seen = new Map<string, number>();

  /** @param parts what identifies the finding but for its number among equal ones */
  of(...parts: readonly string[]): string {
    const id = JSON.stringify(parts);
    const count = this.#seen.get(id) ?? 0;
    this.#seen.set(id, count + 1);
    return createHash('sha256').update(`${id} ${count}`).digest('hex').slice(0, 32);
  }
}

/** The text of the line that a place is in, near the place. */
export function lineAround(text: string, index: number): string {
  const before = text.slice(Math.max(0, index - AROUND), index);
  const after = text.slice(index, index + AROUND);
  return (before.slice(before.lastIndexOf('\n') + 1) + (after.split('\n', 1)[0] ?? '')).trim();
}
