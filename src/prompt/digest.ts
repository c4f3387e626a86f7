import { type Digest, digestOf } from '../core/digest.js';
import { effectivePrompt } from './effective-prompt.js';
import type { LoadedPrompt } from './loaded-prompt.js';

/**
 * Digest of all that decides what a prompt renders to and how it is meant to be asked: the template text of each
 * message after inheritance, contexts, parameters, inputs, and the defaults for execution. It is that of the canonical
 * JSON of the prompt as it is delivered.
 */
export function promptDigest(prompt: LoadedPrompt): Digest {
  return digestOf(effectivePrompt(prompt));
}
