import pLimit from 'p-limit';
import { RequestError } from '../../domain/problem-document.js';
import type {
  DeliveryFeedbackRepository,
  Feedback,
  FeedbackSummary,
} from '../../ports/delivery-feedback-repository.js';
import { DELIVERY } from '../../settings.js';

/** Takes reports of what came of answers, and writes them together: nobody who reports waits for the database. */
export class DeliveryFeedback {
  readonly #repository: DeliveryFeedbackRepository;
  readonly #inTurn = pLimit(1);
  #waiting: Feedback[] = [];

  constructor(repository: DeliveryFeedbackRepository) {
    this.#repository = repository;
  }

  /** @throws RequestError EUNAVAILABLE while too many wait to be written */
  report(feedback: Feedback): void {
    if (this.#waiting.length >= DELIVERY.feedbackWaiting) {
      throw new RequestError('EUNAVAILABLE', 'Too many reports wait to be written.');
    }
    this.#waiting.push(feedback);
  }

  /** What was reported of a package, also what was reported just now. */
  async summary(name: string, since: Date): Promise<readonly FeedbackSummary[]> {
    await this.flush();
    return this.#repository.summary(name, since);
  }

  /** Deletes reports of before that. */
  forget(before: Date): Promise<void> {
    return this.#repository.forget(before);
  }

  /** Writes what was reported, also what somebody else is writing. When that fails it is kept for the next time. */
  flush(): Promise<void> {
    return this.#inTurn(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      await this.#repository.add(waiting);
    } catch (error) {
      this.#waiting = [...waiting, ...this.#waiting].slice(0, DELIVERY.feedbackWaiting);
      throw error;
    }
  }
}
