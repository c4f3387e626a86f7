import type { Digest } from '../core/digest.js';
import { compiledDigest, compilePrompt } from './compiled-prompt.js';
import type { LoadedPrompt } from './loaded-prompt.js';

/**
 * Digest of all that decides what a prompt renders to and how it is meant to be asked: the template text of each
 * message after inheritance, contexts, parameters, inputs, and the defaults for execution. Where the texts come from,
 * descriptions of the prompt and its version are no part of it.
 */
export function promptDigest(prompt: LoadedPrompt): Digest {
  return compiledDigest(compilePrompt(prompt));
}
