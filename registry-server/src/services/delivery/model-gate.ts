import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import { type CompatibilityStatus, decideModel, type ModelPolicy, PrompdError } from 'prompd/core';

/** Which prompt of which version is about to be delivered for a model. */
export interface ModelQuestion {
  readonly package: string;
  readonly version: string;
  readonly prompt: string;
  /** By itself, or behind its provider and a slash. */
  readonly model: string;
}

/** What an answer says of the model that was named. */
export interface ModelNote {
  readonly model: string;
  readonly status: CompatibilityStatus;
}

export interface ModelGateParts {
  readonly policy: ModelPolicy;
  readonly statusOf: (question: ModelQuestion) => Promise<CompatibilityStatus>;
  /** Milliseconds that never go back. */
  readonly time: () => number;
}

const MAX_KEPT = 20_000;
/** Milliseconds for which an answer is believed: evidence is added and expires meanwhile. */
const BELIEVED = 10_000;
/** Milliseconds that a warning may hold up a delivery: what takes longer to find out is said the next time. */
const PATIENCE = 100;

/** Holds deliveries for a model against what is known of it. */
export class ModelGate {
  readonly #parts: ModelGateParts;
  readonly #known = new LRUCache<string, { readonly status: CompatibilityStatus; readonly at: number }>({
    max: MAX_KEPT,
  });
  readonly #looking = new Map<string, Promise<CompatibilityStatus>>();

  constructor(parts: ModelGateParts) {
    this.#parts = parts;
  }

  /** Whether each delivery for a model has to be held against what is known. */
  get isBinding(): boolean {
    return this.#parts.policy === 'refuse';
  }

  /**
   * @returns what the answer is to say; undefined when there is nothing to say
   * @throws PrompdError EINCOMPATIBLE where the policy refuses; then also what finding out throws, unless it was known
   */
  async note(question: ModelQuestion): Promise<ModelNote | undefined> {
    const { policy } = this.#parts;
    if (policy === 'off') return undefined;
    const { package: name, version, prompt, model } = question;
    const status = await this.#status(question);
    if (status === undefined) return undefined;
    const subject = `${name}@${version}:${prompt}`;
    const { decision, message } = decideModel(policy, status, { subject, model });
    if (decision === 'refuse') {
      throw new PrompdError('EINCOMPATIBLE', message, { facts: { name, version, prompt, model, status } });
    }
    return decision === 'warn' ? { model, status } : undefined;
  }

  async #status(question: ModelQuestion): Promise<CompatibilityStatus | undefined> {
    const { policy, time } = this.#parts;
    const key = [question.package, question.version, question.prompt, question.model].join('\n');
    const known = this.#known.get(key);
    if (known && time() - known.at < BELIEVED) return known.status;
    const looking = this.#looking.get(key) ?? this.#look(key, question);
    try {
      if (policy === 'refuse') return await looking;
      return (await Promise.race([looking, sleep(PATIENCE, undefined)])) ?? known?.status;
    } catch (error) {
      // What was known holds on while it cannot be found out anew; a warning is no reason to fail.
      if (known || policy === 'warn') return known?.status;
      throw error;
    }
  }

  #look(key: string, question: ModelQuestion): Promise<CompatibilityStatus> {
    const { statusOf, time } = this.#parts;
    const looking = statusOf(question)
      .then(status => {
        this.#known.set(key, { status, at: time() });
        return status;
      })
      .finally(() => this.#looking.delete(key));
    // Whoever waits for it hears of its failure.
    looking.catch(() => undefined);
    this.#looking.set(key, looking);
    return looking;
  }
}
