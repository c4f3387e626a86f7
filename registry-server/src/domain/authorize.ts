import { PrompdError } from 'prompd/core';
import { type Actor, hasScope, type Scope } from './actor.js';

/** Everything that can be asked of the registry. */
export type Action =
  | 'registry.describe'
  | 'registry.search'
  | 'registry.whoami'
  | 'package.read'
  | 'package.publish'
  | 'package.configure'
  | 'package.tag'
  | 'package.unpublish'
  | 'advisory.read'
  | 'advisory.publish'
  | 'token.manage';

export type Access = 'public' | 'private';

/** What an action is done to: the registry as a whole, or one package. */
export type Subject = { readonly kind: 'registry' } | PackageSubject;

export interface PackageSubject {
  readonly kind: 'package';
  readonly name: string;
  readonly access: Access;
}

export const REGISTRY: Subject = { kind: 'registry' };

/**
 * Lets the actor do the action, or throws. Each request asks at least once.
 * @throws PrompdError EAUTH when credentials are missing; EFORBIDDEN when they do not suffice; ENOTFOUND for a
 *   private package, so that nobody learns that it exists
 */
export type Authorize = (actor: Actor, action: Action, subject: Subject) => void;

/** The scope that each action takes; undefined where nobody has to sign in. */
const SCOPE_OF: Readonly<Record<Action, Scope | undefined>> = {
  'registry.describe': undefined,
  'registry.search': undefined,
  'registry.whoami': 'read',
  'package.read': undefined,
  'package.publish': 'publish',
  'package.configure': 'publish',
  'package.tag': 'publish',
  'package.unpublish': 'publish',
  'advisory.read': undefined,
  'advisory.publish': 'admin',
  'token.manage': 'admin',
};

export const authorize: Authorize = (actor, action, subject) => {
  if (subject.kind === 'package' && subject.access === 'private' && !maySeePrivate(actor)) {
    throw packageNotFound(subject.name);
  }
  const scope = SCOPE_OF[action];
  if (scope === undefined || hasScope(actor, scope)) return;
  if (actor.kind === 'anonymous') {
    throw new PrompdError('EAUTH', 'This needs a token.', {
      facts: { action, scope },
      hint: 'Send the header "Authorization: Bearer <token>", or run "prompd login".',
    });
  }
  throw new PrompdError('EFORBIDDEN', `The token "${actor.name}" does not have the scope "${scope}".`, {
    facts: { action, scope, scopes: actor.scopes },
    hint: `Use a token that has the scope "${scope}".`,
  });
};

/** Private packages are seen by whoever holds a valid token. */
export function maySeePrivate(actor: Actor): boolean {
  return hasScope(actor, 'read');
}

/** The same answer for a package that does not exist and one that the caller may not see. */
export function packageNotFound(name: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
}
