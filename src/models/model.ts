import type { PrompdError } from '../core/errors.js';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ModelRequest {
  /** As the provider names it. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly temperature?: number | undefined;
  /** Longest answer, in tokens of the model. */
  readonly maxTokens?: number | undefined;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly totalTokens: number;
  /** True when the provider reported none of it and the numbers are `countTokens` of the texts. */
  readonly estimated: boolean;
}

export interface ModelAnswer {
  readonly text: string;
  readonly usage: TokenUsage;
  /** `length`: the answer was cut at the limit of tokens. */
  readonly finishReason: 'stop' | 'length' | 'other';
  /** The exact model that answered, as the provider says; else the one that was asked. */
  readonly model: string;
  /** What the provider's adapter left out or changed, in its own words. */
  readonly warnings: readonly string[];
}

export interface ModelCall {
  readonly signal: AbortSignal;
  /** Asks for the answer as a stream, and gets each part as it arrives. */
  readonly onText?: ((text: string) => void) | undefined;
}

/** One provider, ready to be asked. */
export interface Endpoint {
  /** One request, without repetition. @throws ModelFailure; whatever the signal was aborted with */
  ask(request: ModelRequest, call: ModelCall): Promise<ModelAnswer>;
}

/** Why an endpoint gave no answer: the error for the user, and whether asking again may help. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  /** @param retryAfterMs what the provider asks to wait; undefined where it says nothing; `retry` false for never */
  constructor(
    readonly error: PrompdError,
    readonly retry: { readonly worthIt: boolean; readonly afterMs?: number | undefined } = { worthIt: false },
  ) {
    super(error.message);
  }
}
