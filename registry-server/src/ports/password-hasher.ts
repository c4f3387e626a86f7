/** Hashes passwords so that guessing them from the hash takes long. */
export interface PasswordHasher {
  /** @returns in PHC form. @throws RequestError EUNAVAILABLE when too many wait */
  hash(password: string): Promise<string>;
  /**
   * Takes the same time whether there is a hash to compare with or not.
   * @throws RequestError EUNAVAILABLE when too many wait
   */
  verify(hash: string | null | undefined, password: string): Promise<boolean>;
}
