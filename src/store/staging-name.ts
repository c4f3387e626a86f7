import { randomBytes } from 'node:crypto';

/** A name in the staging area that no other process uses. */
export function stagingName(): string {
  return `${process.pid}-${randomBytes(8).toString('hex')}`;
}
