import { PrompdError } from 'prompd/core';

/** A user to whom a package belongs. */
export interface PackageOwner {
  readonly user: string;
  /** Who made them an owner; the user themselves by publishing first. */
  readonly addedBy: string;
  readonly addedAt: Date;
}

/** The last owner stays: a package that belongs to nobody could be changed by nobody. */
export function lastOwner(name: string, user: string): PrompdError {
  return new PrompdError('EUSAGE', `${user} is the last owner of ${name}.`, {
    facts: { name, user },
    hint: 'Add another owner first.',
  });
}
