import { type Finding, scanTree } from '#prompd/scan/index.js';
import { memoryTree } from '#prompd/tarball/index.js';

/** What one rule finds in a file. */
export async function foundBy(
  rule: string,
  content: string | Uint8Array,
  file = 'prompts/a.prompd',
): Promise<readonly Finding[]> {
  const manifest = { prompts: file.endsWith('.prompd') ? { a: file } : {} };
  const findings = await scanTree(memoryTree([[file, content]]), manifest);
  return findings.filter(finding => finding.rule === rule);
}

/** RFC 4648, section 6, padded. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('');
  const digits = (bits.match(/.{1,5}/g) ?? []).map(five => Number.parseInt(five.padEnd(5, '0'), 2));
  const letters = digits.map(digit => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[digit]).join('');
  return letters.padEnd(Math.ceil(letters.length / 8) * 8, '=');
}
