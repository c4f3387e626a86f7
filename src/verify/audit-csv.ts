import type { AuditEvent } from '../core/audit-event.js';

const CSV_COLUMNS = [
  'chain',
  'seq',
  'at',
  'actor',
  'token',
  'action',
  'subject',
  'before',
  'after',
  'reason',
  'requestId',
  'details',
  'previousHash',
  'hash',
] as const satisfies readonly (keyof AuditEvent)[];

/** The first line of an audit as CSV. */
export const CSV_HEADER: string = csvLine(CSV_COLUMNS);

/** A row of an audit as CSV. @see RFC 4180 */
export function auditCsv(event: AuditEvent): string {
  return csvLine(
    CSV_COLUMNS.map(column => {
      const value = event[column];
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    }),
  );
}

/**
 * Spreadsheets take a cell for a formula that begins with one of a few characters, also where it is quoted: an apostrophe
 * before it makes it text.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
function csvLine(cells: readonly string[]): string {
  const quoted = cells.map(cell => `"${cell.replace(/^(?=[=+\-@\t\r\n|%])/, "'").replaceAll('"', '""')}"`);
  return `${quoted.join(',')}\r\n`;
}
