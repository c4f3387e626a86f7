import { once } from 'node:events';
import type { Response } from 'express';

export interface StreamLimits {
  /** Longest time in which the client takes nothing, in milliseconds. */
  readonly idleTime: number;
  /** Longest time for the whole answer, in milliseconds. */
  readonly totalTime: number;
}

/** An answer that is written piece by piece to a client that may be slow, or gone. */
export interface AnswerStream {
  /** @returns false when the client is gone, or too slow: then there is nobody to write for */
  write(chunk: Buffer): Promise<boolean>;
  end(chunk: Buffer): Promise<void>;
}

export function answerStream(response: Response, { idleTime, totalTime }: StreamLimits): AnswerStream {
  const over = AbortSignal.timeout(totalTime);
  const isOpen = () => !response.destroyed && !response.writableEnded;
  const write = async (chunk: Buffer): Promise<boolean> => {
    if (!isOpen()) return false;
    if (response.write(chunk)) return true;
    const gone = new AbortController();
    const leave = () => gone.abort();
    response.once('close', leave);
    try {
      await once(response, 'drain', {
        signal: AbortSignal.any([gone.signal, over, AbortSignal.timeout(idleTime)]),
      });
      return isOpen();
    } catch {
      // Half an answer must not look like a whole one.
      response.destroy();
      return false;
    } finally {
      response.off('close', leave);
    }
  };
  return {
    write,
    async end(chunk) {
      if (await write(chunk)) response.end();
    },
  };
}
