import type { Clock } from 'prompd/core';
import { type Actor, userOf } from '../domain/actor.js';
import type {
  DueReview,
  EndingEvidence,
  OpenDraft,
  WorklistRepository,
} from '../ports/worklist-repository.js';

/** What waits for somebody, beside what they are asked to approve. */
export interface Waiting {
  readonly drafts: readonly OpenDraft[];
  readonly reviews: readonly DueReview[];
  readonly evidence: readonly EndingEvidence[];
}

const DAY = 24 * 60 * 60 * 1000;
/** Days ahead that are looked at. */
const AHEAD = 30;

export class Worklist {
  readonly #worklist: WorklistRepository;
  readonly #now: Clock;

  constructor({ worklist, now }: { readonly worklist: WorklistRepository; readonly now: Clock }) {
    this.#worklist = worklist;
    this.#now = now;
  }

  /** What who asks works on, and what ends within 30 days in their projects. */
  async of(actor: Actor): Promise<Waiting> {
    const user = userOf(actor);
    const until = new Date(this.#now().getTime() + AHEAD * DAY);
    const [drafts, reviews, evidence] = await Promise.all([
      this.#worklist.drafts(user),
      this.#worklist.reviews(user, until.toISOString().slice(0, 10)),
      this.#worklist.evidence(user, until),
    ]);
    return { drafts, reviews, evidence };
  }
}
