import { type Clock, PrompdError, type SignedTreeHead } from 'prompd/core';
import { consistencyRanges, inclusionRanges, type LeafRange, rangeHash, subtreesOf } from 'prompd/verify';
import { type Actor, viewerOf } from '../domain/actor.js';
import { RequestError } from '../domain/problem-document.js';
import { type LogEntry, type LoggedVersion, type LogSigner, logSigner } from '../domain/transparency-log.js';
import type { LogKeyStore } from '../ports/log-key.js';
import type { TransparencyLogRepository } from '../ports/transparency-log-repository.js';

export interface ProofsRequest {
  /** Size of the tree that the caller remembers: from there on consistency is proved. */
  readonly from: number | undefined;
  readonly packages: readonly { readonly name: string; readonly version: string }[];
}

export interface Inclusion extends LoggedVersion {
  readonly path: readonly Buffer[];
}

export interface Proofs {
  readonly head: SignedTreeHead;
  /** From `from` to the head; null when the caller remembers a larger tree than there is. */
  readonly consistency: readonly Buffer[] | null;
  /** Of those packages that the caller may know to be in the log, in the tree of the head. */
  readonly inclusions: readonly Inclusion[];
}

/** A head is signed anew after this time (milliseconds), so that it tells that the log lives. */
const HEAD_AGE = 60_000;

/**
 * The Merkle tree over everything published, with its proofs. Each answer takes one read of as many rows as the logarithm
 * of the tree's size, for each leaf that it is about.
 * @see RFC 6962, section 2.1
 */
export class TransparencyLog {
  readonly #log: TransparencyLogRepository;
  readonly #keys: LogKeyStore;
  readonly #now: Clock;
  #signer: Promise<LogSigner> | undefined;
  #newest: SignedTreeHead | undefined;

  constructor({ log, keys, now }: { log: TransparencyLogRepository; keys: LogKeyStore; now: Clock }) {
    this.#log = log;
    this.#keys = keys;
    this.#now = now;
  }

  /** The tree over all leaves, signed. */
  async head(): Promise<SignedTreeHead> {
    return this.#headOf(await this.#log.size());
  }

  /**
   * The proof that one tree is the beginning of another.
   * @param second by default all leaves that there are
   * @throws RequestError EBADREQUEST for trees that are not there, or stand the wrong way around
   */
  async consistency(
    first: number,
    second?: number,
  ): Promise<{ first: number; second: number; path: Buffer[] }> {
    const size = await this.#log.size();
    const larger = second ?? size;
    assertSize(larger, size);
    assertSize(first, larger);
    return { first, second: larger, path: await this.#hashes(consistencyRanges(first, larger)) };
  }

  /**
   * The proof that a leaf of this hash stands in the tree. It says nothing of what the leaf is about.
   * @throws PrompdError ENOTFOUND
   * @throws RequestError EBADREQUEST for a tree that is not there
   */
  async leaf(
    leafHash: Buffer,
    wanted: number | undefined,
  ): Promise<{ index: number; size: number; path: Buffer[] }> {
    const size = await this.#log.size();
    assertSize(wanted ?? size, size);
    const index = await this.#log.indexOf(leafHash);
    if (index === undefined || index >= (wanted ?? size)) {
      throw new PrompdError('ENOTFOUND', 'No leaf of the log has this hash.', {
        facts: { hash: leafHash.toString('hex'), size: wanted ?? size },
        hint: 'Hashes are those of leaves, as GET /log/entries shows them.',
      });
    }
    return {
      index,
      size: wanted ?? size,
      path: await this.#hashes(inclusionRanges(index, wanted ?? size)),
    };
  }

  /** Leaves in their order; of private packages the hash alone, unless the caller may see them. */
  entries(actor: Actor, { start, limit }: { start: number; limit: number }): Promise<readonly LogEntry[]> {
    return this.#log.entries({ start, limit, viewer: viewerOf(actor) });
  }

  /** All that an installation asks, in one answer. */
  async proofs(actor: Actor, { from = 0, packages }: ProofsRequest): Promise<Proofs> {
    // Looking for a version may append it: the tree is the one after that.
    const found = await this.#log.find(packages, { viewer: viewerOf(actor) });
    const head = await this.head();
    const consistency = from <= head.size ? consistencyRanges(from, head.size) : undefined;
    const paths = found.map(({ index }) => inclusionRanges(index, head.size));
    const read = await this.#reader([...(consistency ?? []), ...paths.flat()]);
    const hashesOf = (ranges: readonly LeafRange[]) => ranges.map(range => rangeHash(range, read));
    return {
      head,
      consistency: consistency === undefined ? null : hashesOf(consistency),
      inclusions: found.map((leaf, at) => ({ ...leaf, path: hashesOf(paths[at] ?? []) })),
    };
  }

  async #headOf(size: number): Promise<SignedTreeHead> {
    const timestamp = this.#now().getTime();
    const newest = this.#newest;
    if (newest?.size === size && timestamp - newest.timestamp < HEAD_AGE) return newest;
    const [root] = await this.#hashes([{ start: 0, end: size }]);
    const signer = await this.signer();
    const head = signer.sign({ size, root: root?.toString('base64') ?? '', timestamp });
    if ((this.#newest?.size ?? 0) <= size) this.#newest = head;
    return head;
  }

  /** The key of the log. @throws PrompdError ECONFIG when it is not the one that clients know it by */
  signer(): Promise<LogSigner> {
    this.#signer ??= this.#openSigner();
    return this.#signer.catch((error: unknown) => {
      // The operator may put the key back while the server runs.
      this.#signer = undefined;
      throw error;
    });
  }

  /** A log that signed once never signs with another key: its clients would take it for another log. */
  async #openSigner(): Promise<LogSigner> {
    const known = await this.#log.publicKey();
    const key = (await this.#keys.load()) ?? (known === undefined ? await this.#keys.create() : undefined);
    const signer = key && logSigner(key);
    const kept = known ?? (signer && (await this.#log.keepPublicKey(signer.publicKey, this.#now())));
    if (signer && signer.publicKey === kept) return signer;
    throw new PrompdError(
      'ECONFIG',
      'The key of the transparency log is not the one that clients know it by.',
      {
        facts: { expected: kept ?? 'none', found: signer?.publicKey ?? 'none' },
        hint: 'Put signing-keys/log.pem back into the data folder, from a backup.',
      },
    );
  }

  async #hashes(ranges: readonly LeafRange[]): Promise<Buffer[]> {
    const read = await this.#reader(ranges);
    return ranges.map(range => rangeHash(range, read));
  }

  #reader(ranges: readonly LeafRange[]) {
    return this.#log.subtrees(ranges.flatMap(subtreesOf));
  }
}

function assertSize(wanted: number, size: number): void {
  if (wanted <= size) return;
  throw new RequestError('EBADREQUEST', `There is no tree of ${wanted} leaves within one of ${size}.`, {
    facts: { wanted, size },
    hint: 'GET /log tells how many leaves there are.',
  });
}
