/** The public half of a key that access tokens are signed with. */
export interface AccessKey {
  readonly kid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
  readonly createdAt: Date;
}

export interface AccessKeyRepository {
  /** Oldest first. */
  list(): Promise<readonly AccessKey[]>;
  add(key: AccessKey): Promise<void>;
}
