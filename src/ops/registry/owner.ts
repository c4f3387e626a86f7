import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Owner } from '../../registry/index.js';
import type { Context } from '../context.js';
import { nameOrOwn, openForChange, openForReading } from './change-target.js';

export interface OwnerList {
  readonly name: PackageName;
  readonly registry: string;
  /** By the time at which they became owners. */
  readonly owners: readonly Owner[];
}

export interface OwnerChange extends OwnerList {
  readonly user: string;
}

/**
 * The users to whom a package belongs.
 * @param spec its name; undefined for the package of the folder
 * @throws PrompdError ENOMANIFEST, EUSAGE, ENOTFOUND
 */
export async function listOwners(context: Context, spec: string | undefined): Promise<OwnerList> {
  const name = await nameOrOwn(context, spec);
  const registry = await openForReading(context, name);
  return { name, registry: registry.url, owners: await registry.changes.owners(name) };
}

/** Makes a user an owner. @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOUSER */
export async function addOwner(
  context: Context,
  user: string,
  spec: string | undefined,
): Promise<OwnerChange> {
  return change(context, 'addOwner', { user, spec });
}

/** Takes an owner away; never the last one. @throws PrompdError as {@link addOwner} */
export async function removeOwner(
  context: Context,
  user: string,
  spec: string | undefined,
): Promise<OwnerChange> {
  return change(context, 'removeOwner', { user, spec });
}

async function change(
  context: Context,
  what: 'addOwner' | 'removeOwner',
  { user, spec }: { user: string; spec: string | undefined },
): Promise<OwnerChange> {
  if (user.startsWith('@') && user.includes('/')) {
    throw new PrompdError('EUSAGE', `"${user.slice(0, 120)}" is a package; the user comes first.`, {
      hint:
        what === 'addOwner'
          ? 'Write "prompd owner add <user> [package]".'
          : 'Write "prompd owner rm <user> [package]".',
    });
  }
  const name = await nameOrOwn(context, spec);
  const registry = await openForChange(context, name);
  return { name, registry: registry.url, user, owners: await registry.changes[what](name, user) };
}
