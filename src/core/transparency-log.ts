/** What a transparency log says of one published version. All of it is text, as it stands in the leaf. */
export interface LogLeaf {
  readonly name: string;
  readonly version: string;
  /** `sha512-` and base64. */
  readonly integrity: string;
  /** ISO time in UTC, with milliseconds. */
  readonly publishedAt: string;
  /** 16 random bytes in base64url: without it nobody can find out by trying what a leaf's hash stands for. */
  readonly nonce: string;
}

/** What a log commits to: its leaves up to a size. */
export interface TreeHead {
  /** Leaves. */
  readonly size: number;
  /** Merkle tree hash of the leaves, 32 bytes in base64. */
  readonly root: string;
  /** Milliseconds since 1970, when it was signed. */
  readonly timestamp: number;
}

/** A tree head that the log answers for. */
export interface SignedTreeHead extends TreeHead {
  /** Base64 of the SubjectPublicKeyInfo of the log's Ed25519 key in DER. */
  readonly publicKey: string;
  /** Base64. */
  readonly signature: string;
}

/** Where a leaf stands, and how its hash leads to the root. */
export interface LogInclusion {
  readonly name: string;
  readonly version: string;
  /** Of the leaf, from 0. */
  readonly index: number;
  readonly publishedAt: string;
  readonly nonce: string;
  /** Hashes in base64, from the leaf upwards. */
  readonly path: readonly string[];
}

/** Packages in one question at most. */
export const MAX_LOG_PACKAGES = 1000;

/** What is asked of a log. */
export interface LogQuestion {
  /** Leaves of the tree that is remembered; 0 when none is. */
  readonly from: number;
  /** At most {@link MAX_LOG_PACKAGES}. */
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

/** What a log says to it. */
export interface LogAnswer {
  readonly head: SignedTreeHead;
  /** The proof from the remembered tree to the head, in base64; undefined when the log has fewer leaves than that. */
  readonly consistency: readonly string[] | undefined;
  /** In the tree of the head. */
  readonly inclusions: readonly LogInclusion[];
}
