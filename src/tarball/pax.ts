import { PrompdError } from '../core/errors.js';

/** What an extended header says that changes how the next entry is read. */
export interface PaxFields {
  readonly path?: string;
  readonly linkpath?: string;
  readonly size?: number;
}

/**
 * Reads the records of a pax extended header, `length key=value\n` each.
 *
 * Strict where common readers are lenient: a record that does not fit its length is skipped by some and believed by
 * others, and an archive that two readers see differently is one to refuse.
 * @param body the content of the header
 * @throws PrompdError EARCHIVE for malformed records and for fields that change what a file holds
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_03
 */
export function readPax(body: Buffer): PaxFields {
  const fields: { path?: string; linkpath?: string; size?: number } = {};
  const seen = new Set<string>();
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at);
    const digits = blank > at && blank - at <= 9 ? body.toString('latin1', at, blank) : '';
    const end = at + Number(digits);
    if (!/^[1-9][0-9]*$/.test(digits) || end > body.length || body[end - 1] !== 0x0a) throw malformed();
    const equals = body.indexOf(0x3d, blank);
    if (equals < 0 || equals >= end) throw malformed();
    const key = decode(body.subarray(blank + 1, equals));
    const value = body.subarray(equals + 1, end - 1);
    if (seen.has(key)) throw malformed();
    seen.add(key);
    if (key === 'path' || key === 'linkpath') fields[key] = decode(value);
    else if (key === 'size') fields.size = sizeOf(value);
    else if (key.startsWith('GNU.sparse.') || key === 'hdrcharset') throw unsupported(key);
    at = end;
  }
  return fields;
}

function sizeOf(value: Buffer): number {
  const digits = value.toString('latin1');
  if (!/^[0-9]{1,15}$/.test(digits)) throw malformed();
  return Number(digits);
}

function decode(bytes: Buffer): string {
  // Bytes that are not UTF-8 become U+FFFD, which no entry may have in its name.
  return bytes.toString('utf8');
}

function malformed(): PrompdError {
  return new PrompdError('EARCHIVE', 'The archive has a malformed extended header.');
}

function unsupported(key: string): PrompdError {
  return new PrompdError(
    'EARCHIVE',
    `The archive uses the extended header "${key}", which packages do not.`,
    {
      facts: { field: key.slice(0, 80) },
    },
  );
}
