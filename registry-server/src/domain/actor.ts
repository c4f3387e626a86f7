/** What a token may do. `admin` includes `publish`, which includes `read`. */
export const SCOPES = ['read', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What every actor has that is somebody. */
interface Somebody {
  /** The request in which they ask. */
  readonly requestId?: string;
  /** Tells the credentials of a user apart. */
  readonly name: string;
  /** Whose credential it is: several may belong to one user, and what they own is the user's. */
  readonly user: string;
  readonly scopes: readonly Scope[];
  /** Names and scopes of the only packages that it is for; absent for all. */
  readonly packages?: readonly string[];
  /** Who else made the credential: they can act by its user's name. */
  readonly madeBy?: readonly string[];
}

/** Who asks, and by which kind of credential. */
export type Actor =
  | { readonly kind: 'anonymous'; readonly requestId?: string }
  | (Somebody & { readonly kind: 'token'; readonly tokenId: number })
  /** A person who signed in; `browser` carries a cookie, which goes along with every request to the registry. */
  | (Somebody & { readonly kind: 'session'; readonly sessionId: string; readonly browser: boolean })
  /** Continuous integration, with a token that it got in exchange for its own. */
  | (Somebody & { readonly kind: 'ci'; readonly tokenId: number; readonly packages: readonly string[] });

export const ANONYMOUS: Actor = { kind: 'anonymous' };

/** Whether the actor holds the scope, or one that includes it. */
export function hasScope(actor: Actor, scope: Scope): boolean {
  if (actor.kind === 'anonymous') return false;
  return SCOPES.slice(SCOPES.indexOf(scope)).some(wider => actor.scopes.includes(wider));
}

/** The user to whom an actor's changes and packages belong. */
export function userOf(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : actor.user;
}

/** Whose private packages are looked for: an actor as the database needs it. */
export interface Viewer {
  /** Undefined for nobody in particular. */
  readonly user: string | undefined;
  /** Sees everything. */
  readonly all: boolean;
}

export function viewerOf(actor: Actor): Viewer {
  // What a credential for some packages is not for, it does not list either.
  if (isRestricted(actor)) return { user: undefined, all: false };
  return { user: hasScope(actor, 'read') ? userOf(actor) : undefined, all: hasScope(actor, 'admin') };
}

/** For what the registry looks up for itself. */
export const SEES_ALL: Viewer = { user: undefined, all: true };
/** Whether the credential is for a package. */
export function coversPackage(actor: Actor, packageName: string): boolean {
  if (actor.kind === 'anonymous' || actor.packages === undefined) return true;
  return actor.packages.some(
    covered => covered === packageName || (!covered.includes('/') && packageName.startsWith(`${covered}/`)),
  );
}

/** Whether the credential is for some packages alone, and for nothing else. */
export function isRestricted(actor: Actor): boolean {
  return actor.kind !== 'anonymous' && actor.packages !== undefined;
}

/** Which credential was used, as the audit names it. */
export function credentialOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anonymous':
      return 'none';
    case 'session':
      return `session ${actor.sessionId}`;
    case 'ci':
      return `ci ${actor.tokenId}`;
    case 'token':
      return `token ${actor.tokenId}`;
  }
}
