import type { LoadedPrompt } from './loaded-prompt.js';
import type { ParameterDefinition } from './parameter-type.js';
import type { Role } from './role.js';
import { roleOfSlot, slotIds, slotPieces } from './slot.js';

/** The template of one message. */
export interface EffectiveMessage {
  readonly role: Role;
  readonly text: string;
}

/**
 * A prompt with everything that it refers to put in, as plain JSON data: what decides what it renders to and how it is
 * meant to be asked. It renders without its package and those it depends on, and is what registries deliver. Its
 * canonical JSON is what `promptDigest` is the digest of.
 */
export interface EffectivePrompt {
  /** After inheritance, in order of appearance. Texts are templates. */
  readonly messages: readonly EffectiveMessage[];
  readonly contexts: readonly { readonly text: string; readonly language: string }[];
  readonly parameters: readonly ParameterDefinition[];
  /** Names that may start a `{path}` besides the parameters and `inputs`. */
  readonly borrowed: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Defaults for execution, such as `model` and `temperature`. */
  readonly execution: Readonly<Record<string, unknown>>;
}

/** A prompt as it is delivered. Where its texts come from, its description and version are no part of it. */
export function effectivePrompt(prompt: LoadedPrompt): EffectivePrompt {
  const { parameters, inputs, contexts, execution, borrowed } = prompt;
  return {
    messages: slotIds(prompt).map(slot => ({
      role: roleOfSlot(prompt, slot),
      text: slotPieces(prompt, slot)
        .map(({ text }) => text)
        .join(''),
    })),
    contexts: contexts.map(({ text, language }) => ({ text, language })),
    parameters: parameters.map(({ definition }) => definition),
    borrowed: [...borrowed],
    inputs,
    execution,
  };
}
