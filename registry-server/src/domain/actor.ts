/** What a token may do. `admin` includes `publish`, which includes `read`. */
export const SCOPES = ['read', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'token';
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
