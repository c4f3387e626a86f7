import { randomBytes } from 'node:crypto';
import { PrompdError } from 'prompd/core';

/** For a while, somebody decides in the name of an approver. It holds for what the approver may do at that moment. */
export interface Delegation {
  readonly id: string;
  readonly scope: string;
  /** The approver. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly endsAt: Date;
  readonly revokedAt: Date | undefined;
}

const DAY = 24 * 60 * 60 * 1000;
/** Longer ones are roles. */
const MAX_DAYS = 30;

/** A new id. @param random that many random bytes */
export function makeDelegationId(random: (size: number) => Buffer = randomBytes): string {
  return `dlg_${random(12).toString('hex')}`;
}

/** @throws PrompdError EUSAGE for one to oneself, one that has ended, and one without end */
export function assertDelegation({ from, to, createdAt, endsAt }: Delegation): void {
  if (from === to) throw new PrompdError('EUSAGE', 'Nobody delegates to themselves.');
  if (endsAt <= createdAt) throw new PrompdError('EUSAGE', 'The delegation would be over before it begins.');
  if (endsAt.getTime() - createdAt.getTime() > MAX_DAYS * DAY) {
    throw new PrompdError('EUSAGE', `A delegation holds for at most ${MAX_DAYS} days.`, {
      hint: 'For longer, ask an admin of the project for the role of an approver.',
    });
  }
}
