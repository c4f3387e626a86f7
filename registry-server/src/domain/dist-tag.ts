import { PrompdError } from 'prompd/core';
import semver from 'semver';

export const LATEST = 'latest';
/** Words that have another meaning where a tag can stand in an address. */
const RESERVED = new Set(['dist-tags', 'dist-tag-moves']);
const PATTERN = /^[a-z0-9][a-z0-9._-]{0,63}$/i;

/** One move of a tag, kept for good. */
export interface DistTagMove {
  readonly tag: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: string;
  readonly movedAt: Date;
}

/** Whether a text can be a tag: a short word that is no version and no range, so that `name@word` has one meaning. */
export function isDistTag(raw: string): boolean {
  return PATTERN.test(raw) && !RESERVED.has(raw) && semver.validRange(raw, { loose: true }) === null;
}

/** `latest` is what a bare name means, so it always points somewhere. @throws PrompdError EUSAGE */
export function assertRemovable(tag: string): void {
  if (tag !== LATEST) return;
  throw new PrompdError('EUSAGE', 'The tag "latest" cannot be removed.', {
    facts: { tag },
    hint: 'Move it to another version instead.',
  });
}
