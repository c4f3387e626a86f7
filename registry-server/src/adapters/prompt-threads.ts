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
import type { CheckThreads } from './check-threads.js';

/** Prompts that are rendered at once; composing has its own turn, so that nobody waits for it who renders. */
const RENDERERS = 2;
/** Requests that may wait for a thread: more than these are sent away. */
const MAX_WAITING = 1_000;

/** Composes and renders in threads, which are ended when a prompt takes longer than it may. */
export class PromptThreads implements PromptWorkshop {
  readonly #threads: CheckThreads;
  readonly #composeTime: number;
  readonly #renderTime: number;
  readonly #composing = pLimit(1);
  readonly #rendering = pLimit(RENDERERS);

  /** @param checkTime for composing the prompts of a version; @param renderTime for rendering one; milliseconds */
  constructor(threads: CheckThreads, { checkTime, renderTime }: { checkTime: number; renderTime: number }) {
    this.#threads = threads;
    this.#composeTime = checkTime;
    this.#renderTime = renderTime;
  }

  compose(work: CompositionWork): Promise<Readonly<Record<string, CompositionOutcome>>> {
    return this.#composing(() =>
      this.#threads.use(thread => thread.ask('compose', { work }, this.#composeTime)),
    );
  }

  async render(work: RenderWork): Promise<RenderedPrompt> {
    if (this.#rendering.pendingCount >= MAX_WAITING) {
      throw new RequestError('EUNAVAILABLE', 'Too many prompts are being rendered.');
    }
    return this.#rendering(async () => {
      try {
        return await this.#threads.use(thread => thread.ask('render', { work }, this.#renderTime));
      } catch (error) {
        throw error instanceof RequestError && error.code === 'ECHECKLIMIT'
          ? tooLong(this.#renderTime)
          : error;
      }
    });
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
