import type { PromptClientOptions } from './options.js';
import { PromptClient } from './prompt-client.js';

export { PrompdError } from '../core/errors.js';
export type { CompiledPrompt } from '../prompt/compiled-prompt.js';
export type { Message } from '../prompt/render.js';
export type { BootstrapFile, BootstrapPrompt } from './bootstrap.js';
export type { PromptChange } from './changes.js';
export type { Feedback } from './feedback.js';
export type { PromptClientOptions } from './options.js';
export type {
  AnswerSource,
  Fallback,
  GetOptions,
  PromptAnswer,
  Provenance,
  RenderedAnswer,
} from './prompt-answer.js';
export type { PromptClient } from './prompt-client.js';

/**
 * Makes a client that gets prompts from a registry, keeps them fresh, and survives the registry's outage. Nothing is sent
 * before the first prompt is asked for; call `close` when the program ends.
 * @throws PrompdError EUSAGE for options that cannot be used
 */
export function createPromptClient(options: PromptClientOptions): PromptClient {
  return new PromptClient(options);
}
