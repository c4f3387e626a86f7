/** What a token may do. `admin` includes `publish`, which includes `read`. */
export const SCOPES = ['read', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export type Actor =
  | { readonly kind: 'anonymous'; readonly requestId?: string }
  | {
      readonly kind: 'token';
      /** The request in which they ask. */
      readonly requestId?: string;
      readonly tokenId: number;
      /** Tells the tokens of a user apart. */
      readonly name: string;
      /** Whose token it is: several may belong to one user, and what they own is the user's. */
      readonly user: string;
      readonly scopes: readonly Scope[];
    };

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
  return { user: hasScope(actor, 'read') ? userOf(actor) : undefined, all: hasScope(actor, 'admin') };
}

/** For what the registry looks up for itself. */
export const SEES_ALL: Viewer = { user: undefined, all: true };
