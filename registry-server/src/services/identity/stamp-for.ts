import type { Actor } from '../../domain/actor.js';
import { type Stamp, stampOf } from '../../domain/stamp.js';

/**
 * Who did it: an actor, or somebody who is about to become one, by a way to sign in.
 * @param reason in the words of who does it
 */
export function stampFor(
  who: Actor | { readonly user: string; readonly by: string },
  now: Date,
  reason?: string,
): Stamp {
  if ('kind' in who) return stampOf(who, now, reason);
  return { actor: who.user, token: who.by, requestId: '', now };
}
