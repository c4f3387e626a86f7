import { createHash } from 'node:crypto';

/**
 * A validator for a packument's versions, tags and settings. It is weak: download counts alone do not change it, and the
 * short form has the same.
 * @param baseUrl where archives are served from, which the packument names
 * @see RFC 9110, section 8.8.3
 */
export function packumentTag(
  { id, revision }: { readonly id: number; readonly revision: number },
  baseUrl: string,
): string {
  return `W/"${id}-${revision}-${createHash('sha256').update(baseUrl).digest('hex').slice(0, 12)}"`;
}
