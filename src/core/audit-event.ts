import { z } from 'zod';

/** One row of an audit, as it is hashed and exported. */
export interface AuditEvent {
  /** `@bank` for a project, `registry` for what belongs to none. */
  readonly chain: string;
  /** From 1, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly at: string;
  /** The user. */
  readonly actor: string;
  /** The credential that was used, such as `token 12`. */
  readonly token: string;
  /** Such as `version.publish`. */
  readonly action: string;
  /** Such as `package @bank/kyc`. */
  readonly subject: string;
  /** A digest, or a short text where the thing itself is short; null where there was nothing. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** The hash of the row before; of the first row {@link firstHash}. */
  readonly previousHash: string;
  readonly hash: string;
}

/** What is said of a chain at one moment. */
export interface AuditCheckpoint {
  readonly chain: string;
  /** The number of the last row; 0 for a chain without rows. */
  readonly size: number;
  /** The hash of that row; of a chain without rows what stands in for one. */
  readonly hash: string;
  /** ISO 8601 in UTC, with milliseconds: when it was signed. */
  readonly at: string;
}

/** What is said of rows that were moved out of the registry: the chain goes on from there. */
export interface AuditArchive {
  readonly chain: string;
  /** The number of the last row that was moved. */
  readonly seq: number;
  /** The hash of that row. */
  readonly hash: string;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly at: string;
  /** SHA-256 of the file that they were written to, in hex. */
  readonly file: string;
}

export interface Signed {
  /** Ed25519, as SubjectPublicKeyInfo in DER, in base64: the key of the registry's transparency log. */
  readonly publicKey: string;
  /** In base64. */
  readonly signature: string;
}

export type SignedCheckpoint = AuditCheckpoint & Signed;
export type SignedArchive = AuditArchive & Signed;

const count = z.int().nonnegative();
const hash = z.string().regex(/^sha256-[0-9a-f]{64}$/);
const word = z.string().max(1000);
/** The name of a chain. It stands in what is signed line by line: nothing in it may end a line. */
export const auditChain = z.string().max(300).regex(/^\S+$/);
const at = z.iso.datetime({ precision: 3 });
const text = z.string().max(100_000).nullable();
const signed = { publicKey: z.base64().max(1024), signature: z.base64().max(1024) };

// What a row has beyond its members is not in its hash: it must not pass for a part of it.
export const auditEventSchema = z.strictObject({
  chain: auditChain,
  seq: count,
  at,
  actor: word,
  token: word,
  action: word,
  subject: word,
  before: text,
  after: text,
  reason: text,
  requestId: word,
  details: z.record(z.string(), z.unknown()),
  previousHash: hash,
  hash,
});
export const signedCheckpointSchema = z.strictObject({ chain: auditChain, size: count, hash, at, ...signed });
export const signedArchiveSchema = z.strictObject({
  chain: auditChain,
  seq: count,
  hash,
  at,
  file: z.string().regex(/^[0-9a-f]{64}$/),
  ...signed,
});
