import pLimit from 'p-limit';
import { PrompdError } from 'prompd/core';
import type { RenderedPrompt } from 'prompd/prompt';
import { RequestError } from '../domain/problem-document.js';
import type {
  CompositionOutcome,
  CompositionWork,
  PromptWorkshop,
  RenderWork,
} from '../ports/prompt-workshop.js';
import { CheckThread } from './check-thread.js';

/** Prompts that are rendered at once; composing has a thread of its own, so that nobody waits for it who renders. */
const RENDERERS = 2;
/** Requests that may wait for a thread: more than these are sent away. */
const MAX_WAITING = 1_000;

/** Composes and renders in threads of their own, which are ended when a prompt takes longer than it may. */
export class PromptThreads implements PromptWorkshop {
  readonly #composeTime: number;
  readonly #renderTime: number;
  readonly #composing = pLimit(1);
  readonly #rendering = pLimit(RENDERERS);
  #composer: CheckThread | undefined;
  readonly #renderers: CheckThread[] = [];

  /** @param checkTime for composing the prompts of a version; @param renderTime for rendering one; milliseconds */
  constructor({ checkTime, renderTime }: { checkTime: number; renderTime: number }) {
    this.#composeTime = checkTime;
    this.#renderTime = renderTime;
  }

  compose(work: CompositionWork): Promise<Readonly<Record<string, CompositionOutcome>>> {
    return this.#composing(async () => {
      if (!this.#composer?.alive) this.#composer = new CheckThread();
      return this.#composer.ask('compose', { work }, this.#composeTime);
    });
  }

  async render(work: RenderWork): Promise<RenderedPrompt> {
    if (this.#rendering.pendingCount >= MAX_WAITING) {
      throw new RequestError('EUNAVAILABLE', 'Too many prompts are being rendered.');
    }
    return this.#rendering(async () => {
      const idle = this.#renderers.pop();
      const thread = idle?.alive ? idle : new CheckThread();
      try {
        return await thread.ask('render', { work }, this.#renderTime);
      } catch (error) {
        throw error instanceof RequestError && error.code === 'ECHECKLIMIT'
          ? tooLong(this.#renderTime)
          : error;
      } finally {
        if (thread.alive) this.#renderers.push(thread);
      }
    });
  }

  /** Ends all threads. */
  async close(): Promise<void> {
    await Promise.all([this.#composer, ...this.#renderers.splice(0)].map(thread => thread?.close()));
  }
}

function tooLong(limit: number): PrompdError {
  return new PrompdError(
    'ERENDERLIMIT',
    `Rendering takes longer than the ${limit} milliseconds allowed here.`,
    {
      facts: { milliseconds: limit },
      hint: 'Give it less to repeat, or render it in the client.',
    },
  );
}
