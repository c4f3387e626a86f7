import { PrompdError } from 'prompd/core';
import { type Actor, hasScope, type Scope, userOf } from './actor.js';
import { mirroredName } from './mirrored-name.js';
import { webhookNotFound } from './webhook.js';

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
  | 'package.own'
  | 'log.read'
  | 'token.manage'
  | 'webhook.manage';

export type Access = 'public' | 'private';

/** What an action is done to: the registry as a whole, one package, or one webhook. */
export type Subject = { readonly kind: 'registry' } | PackageSubject | WebhookSubject;

export interface WebhookSubject {
  readonly kind: 'webhook';
  readonly id: string;
  /** The user whose it is. */
  readonly owner: string;
}

export interface PackageSubject {
  readonly kind: 'package';
  readonly name: string;
  readonly access: Access;
  /** The users to whom it belongs; undefined for a name that nobody has published under. */
  readonly owners: readonly string[] | undefined;
  /** The uplink that it is mirrored from. */
  readonly uplink?: string | undefined;
}

export const REGISTRY: Subject = { kind: 'registry' };

/**
 * Lets the actor do the action, or throws. Each request asks at least once.
 * @throws PrompdError EAUTH when credentials are missing; EFORBIDDEN when they do not suffice; ENOTFOUND for a
 *   private package and another user's webhook, so that nobody learns that it exists
 */
export type Authorize = (actor: Actor, action: Action, subject: Subject) => void;

/** What an action takes. */
interface Rule {
  /** The scope that the token must have; undefined where nobody has to sign in. */
  readonly scope: Scope | undefined;
  /** Whether a package that belongs to somebody takes one of its owners, or an admin. */
  readonly owner?: true;
}

const RULES: Readonly<Record<Action, Rule>> = {
  'registry.describe': { scope: undefined },
  'registry.search': { scope: undefined },
  'registry.whoami': { scope: 'read' },
  'package.read': { scope: undefined },
  'package.publish': { scope: 'publish', owner: true },
  'package.configure': { scope: 'publish', owner: true },
  'package.tag': { scope: 'publish', owner: true },
  'package.unpublish': { scope: 'publish', owner: true },
  'package.own': { scope: 'publish', owner: true },
  'advisory.read': { scope: undefined },
  'advisory.publish': { scope: 'publish', owner: true },
  'log.read': { scope: undefined },
  'token.manage': { scope: 'admin' },
  'webhook.manage': { scope: 'publish' },
};

export const authorize: Authorize = (actor, action, subject) => {
  if (subject.kind === 'package' && subject.access === 'private' && !maySeePrivate(actor)) {
    throw packageNotFound(subject.name);
  }
  const { scope, owner } = RULES[action];
  if (scope !== undefined && !hasScope(actor, scope)) throw scopeMissing(actor, action, scope);
  if (owner && subject.kind === 'package' && subject.uplink !== undefined) {
    throw mirroredName(subject.name, subject.uplink);
  }
  if (subject.kind === 'webhook' && userOf(actor) !== subject.owner && !hasScope(actor, 'admin')) {
    throw webhookNotFound(subject.id);
  }
  if (owner && subject.kind === 'package' && !owns(actor, subject)) throw notAnOwner(actor, action, subject);
};

/** Private packages are seen by whoever holds a valid token. */
export function maySeePrivate(actor: Actor): boolean {
  return hasScope(actor, 'read');
}

/** The same answer for a package that does not exist and one that the caller may not see. */
export function packageNotFound(name: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no package ${name}.`, { facts: { name } });
}

/** A name that nobody has belongs to whoever publishes under it first. */
function owns(actor: Actor, { owners }: PackageSubject): boolean {
  if (owners === undefined || hasScope(actor, 'admin')) return true;
  return actor.kind === 'token' && owners.includes(actor.user);
}

function scopeMissing(actor: Actor, action: Action, scope: Scope): PrompdError {
  if (actor.kind === 'anonymous') {
    return new PrompdError('EAUTH', 'This needs a token.', {
      facts: { action, scope },
      hint: 'Send the header "Authorization: Bearer <token>", or run "prompd login".',
    });
  }
  return new PrompdError('EFORBIDDEN', `The token "${actor.name}" does not have the scope "${scope}".`, {
    facts: { action, scope, scopes: actor.scopes },
    hint: `Use a token that has the scope "${scope}".`,
  });
}

/** Named in an error at most, of a package that a crowd owns. */
const MAX_NAMED = 10;

function notAnOwner(actor: Actor, action: Action, { name, owners = [] }: PackageSubject): PrompdError {
  const user = actor.kind === 'token' ? actor.user : 'anonymous';
  const some = owners.slice(0, MAX_NAMED);
  const hint =
    some.length === 0
      ? 'It belongs to nobody: ask an admin of the registry.'
      : `It belongs to ${some.join(', ')}: ask for "prompd owner add ${user} ${name}".`;
  return new PrompdError('EFORBIDDEN', `${user} is no owner of ${name}.`, {
    facts: { action, name, user, owners: some },
    hint,
  });
}
