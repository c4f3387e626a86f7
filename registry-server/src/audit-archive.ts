import { createHash } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PrompdError, systemCode } from 'prompd/core';
import {
  type AuditEvent,
  type AuditLine,
  AuditVerifier,
  archiveText,
  auditLineText,
  checkpointText,
  type SignedCheckpoint,
} from 'prompd/verify';
import { lastRowBefore, takeOutRows } from './adapters/audit-archive.js';
import { SqlAuditRepository } from './adapters/audit-repository.js';
import type { Database } from './adapters/database.js';
import { LogKeyFile } from './adapters/log-key-file.js';
import { SqlTransparencyLogRepository } from './adapters/transparency-log-repository.js';
import { ownStamp } from './domain/stamp.js';
import type { LogSigner } from './domain/transparency-log.js';
import { asOwner, type DataPlace, systemClock, withData } from './open-data.js';
import type { AuditRepository } from './ports/audit-repository.js';
import { TransparencyLog } from './services/transparency-log.js';

export interface AuditArchiveOptions extends DataPlace {
  /** The private key of the transparency log, as PROMPD_LOG_KEY has it. */
  readonly logKey?: string | undefined;
  /** `@bank`, or `registry`. */
  readonly chain: string;
  /** Rows that are older go. */
  readonly before: Date;
  /** Where they are written to; there must be no such file. */
  readonly file: string;
}

/** What went. */
export interface AuditArchiveReport {
  readonly rows: number;
  /** Number and hash of the last row that went. */
  readonly seq: number;
  readonly hash: string;
  /** SHA-256 of the file, in hex. */
  readonly sha256: string;
}

/** Rows that are read at once. */
const BATCH = 500;

/**
 * Moves old rows of a chain to a file:
 * 1. The rows are written aside, with what was signed about them, and verified while they are.
 * 2. The file is on the disk before it gets its name.
 * 3. In one transaction: it is signed up to where the chain was archived, the rows go, and a row says so. The chain
 *    verifies from there on.
 * What is interrupted before 3 leaves all rows where they are. The newest row always stays.
 * @throws PrompdError EINTEGRITY for a chain that does not verify, which is left as it is; EEXISTS for a file that is there;
 *   ENOTFOUND where no row is that old; ELOCKED while a server uses the embedded database
 */
export function archiveAudit(options: AuditArchiveOptions): Promise<AuditArchiveReport> {
  // Who owns the tables: the server's own user may not take rows out.
  return withData(asOwner(options), database => archiveIn(database, options));
}

async function archiveIn(
  database: Database,
  { dataDir, logKey, chain, before, file: named, now = systemClock }: AuditArchiveOptions,
): Promise<AuditArchiveReport> {
  const file = resolve(named);
  const audit = new SqlAuditRepository(database);
  const seq = await lastRowBefore(database, chain, before);
  if (seq < 1 || (await audit.events(chain, { to: before, limit: 1 })).length === 0) {
    throw new PrompdError('ENOTFOUND', `The audit ${chain} has no row that old, beside its newest one.`, {
      facts: { chain, before: before.toISOString() },
    });
  }
  const keys = new LogKeyFile(resolve(dataDir), logKey);
  const log = new TransparencyLog({ log: new SqlTransparencyLogRepository(database), keys, now });
  const signer = await log.signer();
  const { sha256, hash } = await write(file, linesOf(audit, { chain, seq, signer, at: now().toISOString() }));
  const said = { chain, seq, hash, at: now().toISOString(), file: sha256 };
  const signature = signer.signText(archiveText(said));
  const rows = await takeOutRows(
    database,
    { ...said, publicKey: signer.publicKey, signature },
    ownStamp('archive', now()),
  );
  return { rows, seq, hash, sha256 };
}

async function* linesOf(
  audit: AuditRepository,
  { chain, seq, signer, at }: { chain: string; seq: number; signer: LogSigner; at: string },
): AsyncGenerator<AuditLine> {
  yield { kind: 'header', header: { chain, filter: {} } };
  for (const archive of await audit.archives(chain)) yield { kind: 'archive', archive };
  const [last] = await audit.events(chain, { after: seq - 1, limit: 1 });
  const said = { chain, size: seq, hash: last?.hash ?? '', at };
  const { publicKey } = signer;
  yield {
    kind: 'checkpoint',
    checkpoint: { ...said, publicKey, signature: signer.signText(checkpointText(said)) },
  };
  for (let below: number | undefined = seq + 1; ; ) {
    const some: readonly SignedCheckpoint[] = await audit.checkpoints(chain, { below, limit: BATCH });
    for (const checkpoint of some) yield { kind: 'checkpoint', checkpoint };
    below = some.at(-1)?.size;
    if (below === undefined) break;
  }
  for (let after: number | undefined; ; ) {
    const events: readonly AuditEvent[] = await audit.events(chain, { after, limit: BATCH });
    for (const event of events) {
      if (event.seq > seq) return;
      yield { kind: 'event', event };
    }
    after = events.at(-1)?.seq;
    if (after === undefined) return;
  }
}

/** Writes aside, and verifies what it writes. */
async function write(
  file: string,
  lines: AsyncIterable<AuditLine>,
): Promise<{ sha256: string; hash: string }> {
  const aside = `${file}.${process.pid}`;
  const handle = await open(aside, 'wx', 0o600).catch((cause: unknown) => {
    throw unwritable(file, cause);
  });
  try {
    const sum = createHash('sha256');
    const verifier = new AuditVerifier({ known: [], publicKey: undefined });
    for await (const line of lines) {
      verifier.push(line);
      const text = `${auditLineText(line)}\n`;
      sum.update(text);
      await handle.write(text);
    }
    const { problems, hash } = verifier.end();
    const [problem] = problems;
    if (problem || hash === undefined) {
      throw new PrompdError('EINTEGRITY', `The audit does not verify: ${problem?.message ?? 'it is empty'}`, {
        facts: { problems: problems.slice(0, 20).map(({ message }) => message) },
        hint: 'Nothing was archived. Find out who changed the database.',
      });
    }
    await handle.sync();
    await link(aside, file).catch((cause: unknown) => {
      throw unwritable(file, cause);
    });
    return { sha256: sum.digest('hex'), hash };
  } finally {
    await handle.close();
    await rm(aside, { force: true });
  }
}

function unwritable(file: string, cause: unknown): PrompdError {
  if (systemCode(cause) === 'EEXIST') {
    return new PrompdError('EEXISTS', `${file} is there already.`, { facts: { file }, cause });
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PrompdError('EIO', `${file} cannot be written: ${reason}`, { facts: { file }, cause });
}
