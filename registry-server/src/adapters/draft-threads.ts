import pLimit from 'p-limit';
import type { Problem } from 'prompd/core';
import type { Finding } from 'prompd/scan';
import type { FileContent } from '../domain/draft.js';
import type { DraftWorkshop } from '../ports/draft-workshop.js';
import type { ModuleComparison, PackedDraft, WorkFiles } from '../services/drafts/draft-work.js';
import type { CheckQuestions } from './check-message.js';
import { CheckThread } from './check-thread.js';

/** Does the work on drafts in a thread of its own, which is ended when something takes longer than it may. */
export class DraftThreads implements DraftWorkshop {
  readonly #time: number;
  readonly #turn = pLimit(1);
  #thread: CheckThread | undefined;

  /** @param checkTime for one piece of work, in milliseconds */
  constructor({ checkTime }: { checkTime: number }) {
    this.#time = checkTime;
  }

  open(archive: Uint8Array): Promise<Readonly<Record<string, FileContent>>> {
    return this.#ask('open', { archive });
  }

  problems(files: WorkFiles): Promise<readonly Problem[]> {
    return this.#ask('problems', { files });
  }

  compare(before: WorkFiles, after: WorkFiles): Promise<ModuleComparison> {
    return this.#ask('compare', { before, after });
  }

  pack(files: WorkFiles): Promise<PackedDraft> {
    return this.#ask('pack', { files });
  }

  findings(archive: Uint8Array): Promise<readonly Finding[]> {
    return this.#ask('findings', { archive });
  }

  digests(archive: Uint8Array): Promise<Readonly<Record<string, string>>> {
    return this.#ask('digests', { archive });
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #ask<K extends keyof CheckQuestions>(
    kind: K,
    question: CheckQuestions[K]['ask'],
  ): Promise<CheckQuestions[K]['answer']> {
    return this.#turn(() => {
      if (!this.#thread?.alive) this.#thread = new CheckThread();
      return this.#thread.ask(kind, question, this.#time);
    });
  }
}
