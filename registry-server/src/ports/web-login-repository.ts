/** Logins in the browser that were confirmed and whose token was not fetched yet. All servers on one database share them. */
export interface WebLoginRepository {
  /** What words of logins are signed with: made once, the same for all servers. */
  secret(): Promise<Uint8Array>;
  /** Whether a login was confirmed. */
  isConfirmed(id: string): Promise<boolean>;
  /** @returns false when it was confirmed before, or too many wait */
  confirm(
    login: { readonly id: string; readonly sealedToken: Uint8Array; readonly expiresAt: Date },
    now: Date,
  ): Promise<boolean>;
  /**
   * The sealed token of a login, once.
   * @returns undefined while nobody has confirmed it; null when it was fetched before
   */
  take(id: string, now: Date): Promise<Uint8Array | null | undefined>;
}
