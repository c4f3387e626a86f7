import type { OwnerChange, OwnerList } from '../ops/registry/owner.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One owner a line, by name alone for scripts that read it. */
export function ownersText({ owners }: OwnerList, style: Style): string {
  return owners
    .map(({ user, addedBy, addedAt }) => {
      if (addedAt === undefined) return style.strong(printable(user));
      const how = addedBy === undefined || addedBy === user ? '' : `, added by ${printable(addedBy)}`;
      return `${style.strong(printable(user))}  ${style.dim(`since ${printable(addedAt.slice(0, 10))}${how}`)}`;
    })
    .join('\n');
}

/** @param verb as in "now owns" */
export function ownerChangeText(verb: string, { user, name, owners }: OwnerChange, style: Style): string {
  const all = owners.map(owner => printable(owner.user)).join(', ');
  return `${style.strong(printable(user))} ${verb} ${style.name(name)}\n${style.dim(`owners: ${all}`)}`;
}
