import type { Stamp } from './stamp.js';

/** The user of the operator's own token, from which everybody has their first one. */
export const OPERATOR = 'admin';

/** Those behind a credential: its user, and whoever made it, or the one that it was made with. */
export interface People {
  readonly users: readonly string[];
  readonly madeBy?: readonly string[] | undefined;
}

/**
 * Somebody who is behind both, so that these are not two people's. That the operator made both tokens is no sign of that:
 * somebody has to give people their first ones.
 */
export function inBoth(one: People, other: People): string | undefined {
  const makers = other.madeBy ?? [];
  const isOther = (who: string) => other.users.includes(who);
  return (
    one.users.find(who => isOther(who) || makers.includes(who)) ??
    one.madeBy?.find(who => isOther(who) || (who !== OPERATOR && makers.includes(who)))
  );
}

/** Whom a change counts as done by: its user, and who made their token. */
export function doersOf({ actor, madeBy = [] }: Pick<Stamp, 'actor' | 'madeBy'>): readonly string[] {
  return [actor, ...madeBy.filter(who => who !== OPERATOR)];
}
