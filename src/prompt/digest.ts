import { type Digest, digestOf } from '../core/digest.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import { slotIds, slotPieces } from './slot.js';

/**
 * Digest of all that decides what a prompt renders to and how it is meant to be asked: the template text of each
 * message after inheritance, contexts, parameters, inputs, and the defaults for execution. Where the texts come from,
 * descriptions of the prompt and its version are no part of it.
 */
export function promptDigest(prompt: LoadedPrompt): Digest {
  const { parameters, inputs, contexts, execution, borrowed, sections } = prompt;
  return digestOf({
    messages: slotIds(prompt).map(slot => ({
      role: sections.find(({ id }) => id === slot)?.role ?? slot,
      text: slotPieces(prompt, slot)
        .map(({ text }) => text)
        .join(''),
    })),
    contexts: contexts.map(({ text, language }) => ({ text, language })),
    parameters: parameters.map(({ definition }) => definition),
    borrowed: [...borrowed],
    inputs,
    execution,
  });
}
