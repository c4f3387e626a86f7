import { z } from 'zod';
import {
  type AuditEvent,
  auditChain,
  auditEventSchema,
  type SignedArchive,
  type SignedCheckpoint,
  signedArchiveSchema,
  signedCheckpointSchema,
} from '../core/audit-event.js';

/** Which rows an export has, when it has not all. */
export interface AuditFilter {
  readonly actor?: string | undefined;
  readonly subject?: string | undefined;
  readonly action?: string | undefined;
  /** ISO times: from this one on, and before that one. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Rows after the one of this number. */
  readonly after?: number | undefined;
}

/** The first line of an export: what it is of. */
export interface AuditHeader {
  readonly chain: string;
  /** Empty when it has all rows that the registry has. */
  readonly filter: AuditFilter;
}

/** A line of an export. First comes the header, then what was archived, then checkpoints, then rows. */
export type AuditLine =
  | { readonly kind: 'header'; readonly header: AuditHeader }
  | { readonly kind: 'archive'; readonly archive: SignedArchive }
  | { readonly kind: 'checkpoint'; readonly checkpoint: SignedCheckpoint }
  | { readonly kind: 'event'; readonly event: AuditEvent };

/** Longest line of an export, in characters. */
const MAX_AUDIT_LINE = 1024 * 1024;

const word = z.string().max(1000);
const filterSchema = z.strictObject({
  actor: word.optional(),
  subject: word.optional(),
  action: word.optional(),
  from: word.optional(),
  to: word.optional(),
  after: z.int().nonnegative().optional(),
});

const lineSchema = z.union([
  auditEventSchema.transform((event): AuditLine => ({ kind: 'event', event })),
  z
    .strictObject({ checkpoint: signedCheckpointSchema })
    .transform((line): AuditLine => ({ kind: 'checkpoint', ...line })),
  z
    .strictObject({ archive: signedArchiveSchema })
    .transform((line): AuditLine => ({ kind: 'archive', ...line })),
  z
    .strictObject({ audit: z.strictObject({ chain: auditChain, filter: filterSchema }) })
    .transform((line): AuditLine => ({ kind: 'header', header: line.audit })),
]);

/** @returns undefined for what is no line of an export */
export function parseAuditLine(line: string): AuditLine | undefined {
  if (line.length > MAX_AUDIT_LINE) return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The line as JSON, without its end. */
export function auditLineText(line: AuditLine): string {
  if (line.kind === 'event') return JSON.stringify(line.event);
  if (line.kind === 'header') return JSON.stringify({ audit: line.header });
  return JSON.stringify(
    line.kind === 'archive' ? { archive: line.archive } : { checkpoint: line.checkpoint },
  );
}

/** The lines of a text that comes in pieces. Of one that is too long to be any, its beginning. */
export async function* auditLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of pieces) {
    const [first = '', ...more] = piece.split('\n');
    // One character too many tells that it is too long; the others are not needed for that.
    rest = (rest + first).slice(0, MAX_AUDIT_LINE + 1);
    for (const line of more) {
      yield rest;
      rest = line.slice(0, MAX_AUDIT_LINE + 1);
    }
  }
  if (rest !== '') yield rest;
}
