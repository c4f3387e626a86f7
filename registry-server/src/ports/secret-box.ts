/** Keeps secrets unreadable for who has the database alone. */
export interface SecretBox {
  /** @param context what it belongs to: it opens with this only */
  seal(secret: Uint8Array, context: string): Promise<Uint8Array>;
  /** @throws PrompdError ECONFIG when the key is gone or another */
  open(sealed: Uint8Array, context: string): Promise<Uint8Array>;
}
