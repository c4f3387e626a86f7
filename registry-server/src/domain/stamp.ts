import { type Actor, credentialOf, userOf } from './actor.js';

/** Who changes something, by which credential, in which request, when, and why: what the audit keeps of it. */
export interface Stamp {
  /** The user. */
  readonly actor: string;
  /** The credential that was used, such as `token 12`. */
  readonly token: string;
  readonly requestId: string;
  readonly now: Date;
  readonly reason?: string | undefined;
  /** Who else made the credential. */
  readonly madeBy?: readonly string[];
}

/** @param reason in the words of who does it */
export function stampOf(actor: Actor, now: Date, reason?: string): Stamp {
  return {
    actor: userOf(actor),
    token: credentialOf(actor),
    requestId: actor.requestId ?? '',
    now,
    reason,
    ...(actor.kind !== 'anonymous' && actor.madeBy && { madeBy: actor.madeBy }),
  };
}

/** Of what the registry does by itself. @param work which of its duties, such as `uplink` */
export function ownStamp(work: string, now: Date): Stamp {
  return { actor: 'registry', token: work, requestId: '', now };
}
