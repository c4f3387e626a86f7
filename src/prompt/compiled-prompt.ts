import { type Digest, digestOf } from '../core/digest.js';
import { PrompdError } from '../core/errors.js';
import type { LoadedContext, LoadedPrompt, LoadedSection } from './loaded-prompt.js';
import type { ParameterDefinition } from './parameter-type.js';
import type { RenderablePrompt } from './render.js';
import { isRole } from './role.js';
import { slotIds, slotPieces } from './slot.js';
import { SourceText } from './source-text.js';

/**
 * A prompt with everything that decides what it renders to, and nothing else: it renders without the files and packages
 * that it was made of. Its digest is that of the prompt.
 */
export interface CompiledPrompt {
  /** The template of each message, in the order in which they appear. */
  readonly messages: readonly CompiledMessage[];
  readonly contexts: readonly Pick<LoadedContext, 'text' | 'language'>[];
  readonly parameters: readonly ParameterDefinition[];
  /** Parameters that prompts declare whose text is used without being inherited from. */
  readonly borrowed: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
  /** `provider`, `model`, `temperature`, `max_tokens`, `models`, where given. */
  readonly execution: Readonly<Record<string, unknown>>;
}

export interface CompiledMessage {
  /** The section that it is: a role of the format. */
  readonly role: string;
  /** Template source. */
  readonly text: string;
}

/** Puts a prompt together with all it is made of, so that it can be kept and sent as one value. */
export function compilePrompt(prompt: LoadedPrompt): CompiledPrompt {
  const { parameters, inputs, contexts, execution, borrowed, sections } = prompt;
  return {
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
  };
}

/** The digest of the prompt that was compiled. @see `promptDigest`, which gives the same */
export function compiledDigest(compiled: CompiledPrompt): Digest {
  return digestOf(compiled);
}

/**
 * A compiled prompt as `renderPrompt` takes it.
 * @param name what to call it in errors, for example `@bank/kyc@1.2.0/summary`
 * @throws PrompdError EPROMPT for a message of a role that the format does not have
 */
export function openCompiled(compiled: CompiledPrompt, name: string): RenderablePrompt {
  const taken = new Map<string, number>();
  const sections = compiled.messages.map(({ role, text }): LoadedSection => {
    if (!isRole(role)) throw unknownRole(name, role);
    const before = taken.get(role) ?? 0;
    taken.set(role, before + 1);
    const id = before === 0 ? role : `${role}-${before + 1}`;
    const path = `${name}#${id}`;
    const source = new SourceText({ id: path, path, text });
    const parts = text === '' ? [] : [{ text, source, marks: [{ from: 0, at: 0 }] }];
    const origin = { file: path, line: 1, column: 1 };
    return { id, role, slot: id, origin, from: 'body', heading: undefined, parts, span: undefined };
  });
  const { parameters, contexts, inputs, borrowed } = compiled;
  return {
    document: { source: new SourceText({ id: name, path: name, text: '' }) },
    sections,
    contexts,
    inputs,
    parameters: parameters.map(definition => ({ definition })),
    roots: new Set(['inputs', ...borrowed, ...parameters.map(definition => definition.name)]),
  };
}

function unknownRole(name: string, role: string): PrompdError {
  return new PrompdError('EPROMPT', `${name} has a message of the unknown role "${role.slice(0, 80)}".`, {
    facts: { prompt: name, role: role.slice(0, 80) },
    hint: 'It was made by a newer version of prompd: update this one.',
  });
}
