const PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._@+-]{0,98}[\p{L}\p{M}\p{N}])?$/u;

/** Whether a text can name a user: it must stand in an address and in a log, and be written in one way only. */
export function isUserName(raw: string): boolean {
  return raw.length <= 100 && PATTERN.test(raw) && raw === raw.normalize('NFC');
}
