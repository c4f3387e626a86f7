import { randomBytes } from 'node:crypto';

/** Process ids come again, and other machines on the same disk have the same ones. */
const run = randomBytes(8).toString('hex');
let count = 0;

/** A name in the staging area that is used once. */
export function stagingName(): string {
  return `${process.pid}-${run}${count++}`;
}
