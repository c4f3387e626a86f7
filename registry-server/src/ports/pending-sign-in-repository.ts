/** A sign-in that went to another server and has not come back. All secrets but the verifier as SHA-256. */
export interface PendingSignIn {
  /** Of the browser's cookie: another browser cannot go on with it. */
  readonly browserHash: string;
  readonly provider: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
  readonly nonce: string;
  /** A path of this registry. */
  readonly returnTo: string;
  /** Who wants to sign in there from now on; null for a sign-in. */
  readonly linkUser: string | null;
  readonly expiresAt: Date;
}

export interface PendingSignInRepository {
  add(stateHash: string, pending: PendingSignIn, now: Date): Promise<void>;
  /** Each once. */
  take(stateHash: string, now: Date): Promise<PendingSignIn | undefined>;
}
