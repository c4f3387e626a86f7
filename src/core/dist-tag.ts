import semver from 'semver';
import { PrompdError } from './errors.js';

/** What a bare name means. */
export const LATEST = 'latest';
/** Words that have another meaning where a tag can stand in an address of a registry. */
const RESERVED = new Set(['dist-tags', 'dist-tag-moves', 'owners', 'dependents', 'downloads', 'impact']);
const PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/**
 * Whether a text can be a tag: a word of at most 64 characters that is no version and no range, so that `name@word` has
 * one meaning. The one rule of clients and registries.
 */
export function isDistTag(raw: string): boolean {
  return PATTERN.test(raw) && !RESERVED.has(raw) && semver.validRange(raw, { loose: true }) === null;
}

/** A tag as a user typed it. @throws PrompdError EUSAGE for what cannot be one */
export function parseDistTag(raw: string): string {
  if (isDistTag(raw)) return raw;
  throw new PrompdError('EUSAGE', `"${raw.slice(0, 100)}" cannot be a tag.`, {
    facts: { found: raw.slice(0, 100) },
    hint: 'A tag is a word of at most 64 letters, digits, ".", "_" and "-" that is no version and no range, as in "next".',
  });
}
