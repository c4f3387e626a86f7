import pLimit from 'p-limit';
import type { Problem } from 'prompd/core';
import type { Finding } from 'prompd/scan';
import type { FileContent } from '../domain/draft.js';
import type { DraftWorkshop } from '../ports/draft-workshop.js';
import type { ModuleComparison, PackedDraft, WorkFiles } from '../services/drafts/draft-work.js';
import type { CheckQuestions } from './check-message.js';
import type { CheckThreads } from './check-threads.js';

/** Does the work on drafts in a thread, which is ended when something takes longer than it may. */
export class DraftThreads implements DraftWorkshop {
  readonly #threads: CheckThreads;
  readonly #time: number;
  readonly #turn = pLimit(1);

  /** @param checkTime for one piece of work, in milliseconds */
  constructor(threads: CheckThreads, { checkTime }: { checkTime: number }) {
    this.#threads = threads;
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

  #ask<K extends keyof CheckQuestions>(
    kind: K,
    question: CheckQuestions[K]['ask'],
  ): Promise<CheckQuestions[K]['answer']> {
    return this.#turn(() => this.#threads.use(thread => thread.ask(kind, question, this.#time)));
  }
}
