import { LATEST, PrompdError } from 'prompd/core';

/** One move of a tag, kept for good. */
export interface DistTagMove {
  readonly tag: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly actor: string;
  readonly movedAt: Date;
}

/** `latest` is what a bare name means, so it always points somewhere. @throws PrompdError EUSAGE */
export function assertRemovable(tag: string): void {
  if (tag !== LATEST) return;
  throw new PrompdError('EUSAGE', 'The tag "latest" cannot be removed.', {
    facts: { tag },
    hint: 'Move it to another version instead.',
  });
}
