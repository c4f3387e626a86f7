import type { Digest } from '../../core/digest.js';
import type { Problem } from '../../core/problem.js';
import {
  contractDigest,
  contractOf,
  type LoadedSection,
  type Origin,
  type ParameterDefinition,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import { openPrompt } from './open-prompt.js';

export interface ShownParameter extends ParameterDefinition {
  /** Where it is defined: in the prompt itself, or in one that it inherits from. */
  readonly from: Origin;
}

export interface ShownSection {
  readonly id: string;
  readonly role: string | undefined;
  /** How it came about: the body, the front matter, or an override. */
  readonly by: LoadedSection['from'];
  readonly from: Origin;
}

export interface ShownPrompt {
  /** How the prompt can be named again. */
  readonly prompt: string;
  readonly id: string;
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly file: string;
  readonly parameters: readonly ShownParameter[];
  readonly sections: readonly ShownSection[];
  /** Files whose content is appended to the context. */
  readonly contexts: readonly { readonly path: string; readonly language: string; readonly from: Origin }[];
  /** The prompts it inherits from, nearest first. */
  readonly inherits: readonly string[];
  readonly contract: Digest;
  /** Warnings only. */
  readonly problems: readonly Problem[];
}

/**
 * What a prompt asks for and is made of, after inheritance.
 * @param word a file or a reference, as typed
 * @throws PrompdError as `openPrompt`
 */
export async function show(context: Context, word: string): Promise<ShownPrompt> {
  const { prompt, title, problems } = await openPrompt(context, word);
  const { source, frontMatter } = prompt.document;
  return {
    prompt: title,
    id: prompt.id,
    name: frontMatter.name,
    version: frontMatter.version,
    description: frontMatter.description,
    file: source.file.path,
    parameters: prompt.parameters.map(({ definition, origin }) => ({ ...definition, from: origin })),
    sections: prompt.sections.map(({ id, role, from, origin }) => ({ id, role, by: from, from: origin })),
    contexts: prompt.contexts.map(({ path, language, origin }) => ({ path, language, from: origin })),
    inherits: prompt.ancestors,
    contract: contractDigest(contractOf(prompt)),
    problems,
  };
}
