import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { type Delivered, readDelivered } from './delivered.js';
import { fileFor, readJsonFile, writeJsonFile } from './private-files.js';
import type { Wanted } from './wanted.js';

const MAX_BYTES = 9 * 1024 * 1024;
/** The last moment of dates in milliseconds of Unix time (ECMA-262, section 21.4.1.1). */
const LAST_MOMENT = 8.64e15;

const keptSchema = z.object({
  format: z.literal(1),
  confirmedAt: z.number().nonnegative().max(LAST_MOMENT),
  etag: z.string().max(300).optional(),
  answer: z.unknown(),
});
const goneSchema = z.object({
  format: z.literal(1),
  gone: z.object({ code: z.enum(['EREVOKED', 'ENOVERSION', 'ENOPROMPT']), message: z.string().max(2000) }),
});
const revokedSchema = z.object({ format: z.literal(1), revoked: z.string().max(600) });

/** What the disk holds for a prompt. */
export type Kept =
  | {
      readonly kind: 'answer';
      readonly delivered: Delivered;
      readonly etag: string | undefined;
      /** Milliseconds of Unix time, by the clock of whoever wrote it. */
      readonly confirmedAt: number;
    }
  /** The registry took it away: neither this nor an older answer may be served. */
  | { readonly kind: 'gone'; readonly error: PrompdError };

/**
 * The last known good answers of one registry in a folder. Many processes use it at once; each file is written as a whole, and
 * read as something that anybody may have written: its digest is checked again.
 */
export class DiskCache {
  /** @param folder absolute, or relative to where the program runs; made when it is first written to */
  constructor(
    private readonly folder: string,
    private readonly registry: string,
    private readonly onProblem: (problem: PrompdError) => void,
  ) {}

  async read(wanted: Wanted): Promise<Kept | undefined> {
    const raw = await readJsonFile(this.#answerFile(wanted), MAX_BYTES);
    if (raw === undefined) return undefined;
    const gone = goneSchema.safeParse(raw).data?.gone;
    if (gone) return { kind: 'gone', error: new PrompdError(gone.code, gone.message) };
    const kept = keptSchema.safeParse(raw).data;
    if (!kept) return undefined;
    try {
      const { view: _view, ...delivered } = readDelivered(kept.answer, wanted);
      return { kind: 'answer', delivered, etag: kept.etag, confirmedAt: kept.confirmedAt };
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      this.onProblem(error);
      return undefined;
    }
  }

  async keep(
    wanted: Wanted,
    kept: { delivered: Delivered; etag: string | undefined; confirmedAt: number },
  ): Promise<void> {
    const { delivered, etag, confirmedAt } = kept;
    await this.#write(this.#answerFile(wanted), {
      format: 1,
      confirmedAt,
      ...(etag === undefined ? {} : { etag }),
      answer: delivered,
    });
  }

  /** Remembers that the registry no longer delivers a prompt. */
  async bury(wanted: Wanted, { code, message }: PrompdError): Promise<void> {
    await this.#write(this.#answerFile(wanted), { format: 1, gone: { code, message } });
  }

  /** Remembers for all processes, and those that start without the registry, that a version was revoked. */
  async revoke(version: string): Promise<void> {
    await this.#write(this.#revocationFile(version), { format: 1, revoked: version });
  }

  /** @param version `name@version` */
  async isRevoked(version: string): Promise<boolean> {
    const raw = await readJsonFile(this.#revocationFile(version), MAX_BYTES);
    return revokedSchema.safeParse(raw).data?.revoked === version;
  }

  #answerFile({ slot }: Wanted): string {
    return path.join(this.folder, 'delivery', 'answers', fileFor(this.registry, slot));
  }

  #revocationFile(version: string): string {
    return path.join(this.folder, 'delivery', 'revoked', fileFor(this.registry, version));
  }

  async #write(file: string, value: unknown): Promise<void> {
    try {
      await writeJsonFile(file, value);
    } catch (cause) {
      const facts = { file, reason: systemCode(cause) ?? 'unknown' };
      this.onProblem(new PrompdError('EIO', 'The cache of prompts cannot be written.', { facts, cause }));
    }
  }
}
