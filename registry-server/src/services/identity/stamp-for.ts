import type { Actor } from '../../domain/actor.js';
import { type Stamp, stampOf } from '../../domain/stamp.js';

/** Who did it: an actor, or somebody who is about to become one, by a way to sign in. */
export function stampFor(who: Actor | { readonly user: string; readonly by: string }, now: Date): Stamp {
  if ('kind' in who) return stampOf(who, now);
  return { actor: who.user, token: who.by, requestId: '', now };
}
