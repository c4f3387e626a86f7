import type { AuditEvent, SignedArchive, SignedCheckpoint } from '../core/audit-event.js';
import { auditHash, firstHash } from './audit-chain.js';
import { archiveText, checkpointText, isSignedText } from './audit-checkpoint.js';
import type { AuditHeader, AuditLine } from './audit-line.js';

/** What is wrong with an audit. */
export type AuditFault =
  /** A line that cannot be read, or stands where it must not. */
  | 'unreadable'
  /** A row says something else than what was hashed. */
  | 'changed'
  /** Rows are missing between two others. */
  | 'gap'
  /** Rows stand in another order, or twice. */
  | 'order'
  /** A row does not follow from the one before it. */
  | 'unlinked'
  /** A checkpoint was signed over more rows than there are. */
  | 'cut'
  /** The row that a checkpoint was signed over is another one now. */
  | 'rebuilt'
  /** A signature that is not of the key, or not of the key that is trusted. */
  | 'signature'
  /** It is of another chain. */
  | 'chain';

export interface AuditProblem {
  readonly fault: AuditFault;
  /** The row that shows it; undefined where it is none. */
  readonly seq: number | undefined;
  readonly message: string;
}

export interface AuditVerdict {
  readonly chain: string | undefined;
  /** Whether rows were left out on purpose: then only what each says was checked, not that none is missing. */
  readonly filtered: boolean;
  readonly events: number;
  /** Numbers of the first and the last row; undefined where there are none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** The hash of the last row. */
  readonly hash: string | undefined;
  /** Those that hold, oldest first. */
  readonly checkpoints: readonly SignedCheckpoint[];
  /** The first ones; {@link faults} tells how many there are. */
  readonly problems: readonly AuditProblem[];
  readonly faults: number;
}

export interface AuditTrust {
  /** Checkpoints that were kept elsewhere, such as the one that was seen last. */
  readonly known: readonly SignedCheckpoint[];
  /** The key of the registry, in base64; undefined takes the one that signed the first checkpoint. */
  readonly publicKey: string | undefined;
}

/** Problems that are told. */
const MAX_PROBLEMS = 100;
/** Checkpoints in one export. */
const MAX_CHECKPOINTS = 100_000;

/**
 * Checks the audit of one chain, line by line, without the registry:
 * 1. Each row's hash is the SHA-256 over its canonical JSON.
 * 2. Rows are numbered without gaps, from 1 or from where rows were archived, and each has the hash of the one before.
 * 3. Each checkpoint, of the export and those kept elsewhere, is signed by the one key, over no more rows than there are,
 *    and the row that it was signed over has the hash that it says.
 * Cutting off the tail and making the whole chain anew pass 1 and 2: 3 shows them.
 */
export class AuditVerifier {
  readonly #known: readonly SignedCheckpoint[];
  #publicKey: string | undefined;
  #header: AuditHeader | undefined;
  #archive: SignedArchive | undefined;
  #checkpoints: SignedCheckpoint[] = [];
  /** Row number to the hashes that checkpoints say it has. */
  readonly #wanted = new Map<number, SignedCheckpoint[]>();
  readonly #held: SignedCheckpoint[] = [];
  #previous: { readonly seq: number; readonly hash: string } | undefined;
  #first: number | undefined;
  #events = 0;
  readonly #problems: AuditProblem[] = [];
  #faults = 0;

  constructor({ known, publicKey }: AuditTrust) {
    this.#known = known;
    this.#publicKey = publicKey;
  }

  /** @param line undefined for one that cannot be read */
  push(line: AuditLine | undefined): void {
    if (line === undefined) this.#fault('unreadable', this.#previous?.seq, 'A line is none of an audit.');
    else if (line.kind === 'event') this.#event(line.event);
    else if (this.#events > 0) this.#fault('unreadable', undefined, `A ${line.kind} stands behind rows.`);
    else if (line.kind === 'archive') this.#moved(line.archive);
    else if (line.kind === 'checkpoint') this.#checkpoint(line.checkpoint);
    else if (this.#header) this.#fault('unreadable', undefined, 'There are two audits in one file.');
    else this.#header = line.header;
  }

  end(): AuditVerdict {
    if (this.#events === 0) this.#begin();
    const last = this.#previous?.seq ?? 0;
    if (!this.#filtered) {
      for (const [size, checkpoints] of this.#wanted) {
        if (size <= last) continue;
        for (const { at } of checkpoints)
          this.#fault(
            'cut',
            size,
            `The registry signed at ${at} that there are ${size} rows: ${last} are left.`,
          );
      }
    }
    return {
      chain: this.#chain,
      filtered: this.#filtered,
      events: this.#events,
      first: this.#first,
      last: this.#events === 0 ? undefined : this.#previous?.seq,
      hash: this.#events === 0 ? undefined : this.#previous?.hash,
      checkpoints: this.#held.sort((a, b) => a.size - b.size || a.at.localeCompare(b.at)),
      problems: this.#problems,
      faults: this.#faults,
    };
  }

  get #chain(): string | undefined {
    return this.#header?.chain;
  }

  get #filtered(): boolean {
    return Object.keys(this.#header?.filter ?? {}).length > 0;
  }

  #moved(archive: SignedArchive): void {
    const { chain, seq } = archive;
    if (!this.#isSigned(archiveText(archive), archive)) {
      this.#fault('signature', seq, 'What is said of archived rows is not signed by the registry.');
    } else if (chain !== this.#chain) this.#foreign(chain);
    else if ((this.#archive?.seq ?? 0) < seq) this.#archive = archive;
  }

  #checkpoint(checkpoint: SignedCheckpoint): void {
    if (this.#checkpoints.length < MAX_CHECKPOINTS) this.#checkpoints.push(checkpoint);
    else this.#fault('unreadable', undefined, 'There are more checkpoints than anybody makes.');
  }

  /** Once all that stands before the rows is known. */
  #begin(): void {
    const start = this.#archive;
    this.#previous = start ?? { seq: 0, hash: firstHash(this.#chain ?? '') };
    if (!this.#header) this.#fault('unreadable', undefined, 'It does not begin as an audit does.');
    for (const checkpoint of [...this.#known, ...this.#checkpoints]) {
      const { chain, size, at } = checkpoint;
      if (!this.#isSigned(checkpointText(checkpoint), checkpoint)) {
        this.#fault('signature', size, `The checkpoint of ${at} is not signed by the key of the registry.`);
      } else if (chain !== this.#chain) this.#foreign(chain);
      else if (size === this.#previous.seq) this.#hold(checkpoint, this.#previous.hash);
      else if (size > this.#previous.seq) {
        const same = this.#wanted.get(size);
        if (same) same.push(checkpoint);
        else this.#wanted.set(size, [checkpoint]);
      }
    }
    this.#checkpoints = [];
  }

  #event(event: AuditEvent): void {
    if (this.#events === 0) this.#begin();
    const { seq, hash } = event;
    this.#events += 1;
    this.#first ??= seq;
    if (event.chain !== this.#chain) this.#foreign(event.chain, seq);
    if (hashOf(event) !== hash)
      this.#fault('changed', seq, `Row ${seq} does not say what was hashed when it was written.`);
    this.#follow(event);
    for (const checkpoint of this.#wanted.get(seq) ?? []) this.#hold(checkpoint, hash);
    if (seq > (this.#previous?.seq ?? 0)) this.#previous = event;
  }

  #follow({ seq, previousHash }: AuditEvent): void {
    const { seq: before, hash } = this.#previous ?? { seq: 0, hash: '' };
    if (seq <= before && this.#events > 1) {
      this.#fault('order', seq, `Row ${seq} stands behind row ${before}.`);
    } else if (seq > before + 1) {
      if (!this.#filtered)
        this.#fault('gap', seq, `Rows ${before + 1} to ${seq - 1} are missing before row ${seq}.`);
    } else if (seq <= before) {
      this.#fault('order', seq, `Row ${seq} was archived, up to row ${before}.`);
    } else if (previousHash !== hash)
      this.#fault('unlinked', seq, `Row ${seq} does not follow from the row before it.`);
  }

  #hold(checkpoint: SignedCheckpoint, hash: string): void {
    const { size, at } = checkpoint;
    if (checkpoint.hash === hash) this.#held.push(checkpoint);
    else this.#fault('rebuilt', size, `Row ${size} is another one than the registry signed at ${at}.`);
  }

  #isSigned(text: string, signed: { publicKey: string; signature: string }): boolean {
    this.#publicKey ??= this.#known[0]?.publicKey ?? signed.publicKey;
    return signed.publicKey === this.#publicKey && isSignedText(text, signed);
  }

  #foreign(chain: string, seq?: number): void {
    this.#fault('chain', seq, `Something is of the chain ${chain}, not of ${this.#chain ?? 'this one'}.`);
  }

  #fault(fault: AuditFault, seq: number | undefined, message: string): void {
    this.#faults += 1;
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ fault, seq, message });
  }
}

/** @returns undefined for what is nested so deep that nothing could have hashed it */
function hashOf(event: AuditEvent): string | undefined {
  try {
    return auditHash(event);
  } catch {
    return undefined;
  }
}
