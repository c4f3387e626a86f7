import { PrompdError } from '../core/errors.js';
import type { Held } from './memory.js';

/** What happened to a prompt that a client has given before. */
export interface PromptChange {
  /**
   * `moved`: another version or other content; `revoked`; `withdrawn`: the channel or version is gone; `deprecated`: what
   * its owners say against it changed.
   */
  readonly kind: 'moved' | 'revoked' | 'withdrawn' | 'deprecated';
  readonly package: string;
  readonly prompt: string;
  readonly tag: string | null;
  readonly model: string | null;
  /** The version before. */
  readonly previous: string;
  /** The version now; null where there is none. */
  readonly version: string | null;
}

type Listener = (change: PromptChange) => void;

/** Tells listeners what changed. */
export class Changes {
  readonly #listeners = new Set<Listener>();

  constructor(private readonly onProblem: (problem: PrompdError) => void) {}

  listen(listener: Listener): () => void {
    // Not the function itself: it may listen twice.
    const own: Listener = change => listener(change);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** Tells what differs between two answers for one prompt. */
  compare(before: Held, after: Held): void {
    const { version, digest, deprecated } = after.delivered;
    const moved = before.delivered.version !== version || before.delivered.digest !== digest;
    if (moved) this.#tell(before, 'moved', version);
    else if (before.delivered.deprecated !== deprecated) this.#tell(before, 'deprecated', version);
  }

  /** Tells that an answer may no longer be used. */
  gone(before: Held, kind: 'revoked' | 'withdrawn'): void {
    this.#tell(before, kind, null);
  }

  #tell({ wanted, delivered }: Held, kind: PromptChange['kind'], version: string | null): void {
    const { package: name, prompt, tag, model } = wanted;
    const change: PromptChange = {
      kind,
      package: name,
      prompt,
      tag: tag ?? null,
      model: model ?? null,
      previous: delivered.version,
      version,
    };
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (cause) {
        this.onProblem(new PrompdError('EBUG', 'A listener for changes of prompts failed.', { cause }));
      }
    }
  }
}
