export interface ChangeListener {
  /** A package changed, on this server or another. */
  readonly changed: (name: string) => void;
  /** Something happened to what is delivered; `callers` when it happened to those who may read it. */
  readonly delivered: (what: string) => void;
  /** From false to true changes may have been missed. */
  readonly following: (following: boolean) => void;
}

/** Says which packages change, whoever changes them. */
export interface ChangeFeed {
  /** @returns what ends it */
  follow(listener: ChangeListener): Promise<() => Promise<void>>;
}
