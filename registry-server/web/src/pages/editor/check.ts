import {
  coerceParameters,
  type LoadedPrompt,
  loadPrompt,
  type Message,
  PackageFiles,
  type PromptFile,
  renderPrompt,
  validatePrompt,
} from 'prompd/prompt';
import { z } from 'zod';
import type { ShownProblem } from '../../parts/problems.js';

// The policy of the pages allows no code that is made of text.
z.config({ jitless: true });

/** What the texts of a module are read with: undefined where there is none of that path. */
export type ReadText = (path: string) => Promise<string | undefined>;

export interface Checked {
  readonly problems: readonly ShownProblem[];
  /** Undefined while an error stands in the way. */
  readonly prompt: LoadedPrompt | undefined;
}

/**
 * Checks a prompt as it is being written, with the code of the command line. What other packages hold is not known here:
 * the registry says that when the draft is checked.
 * @param path of the prompt in its module
 * @param read for the other texts of the module
 */
export async function checkSource(path: string, text: string, read: ReadText): Promise<Checked> {
  const files = new PackageFiles({
    id: 'draft',
    label: '',
    prompts: {},
    read: async wanted => {
      const found = wanted === path ? text : await read(wanted);
      return found === undefined ? undefined : new TextEncoder().encode(found);
    },
    dependency: async () => undefined,
  });
  const file: PromptFile | undefined = await files.open(path);
  if (!file) return { problems: [], prompt: undefined };
  const problems = await validatePrompt(file, files);
  const { prompt } = await loadPrompt(file, files);
  return { problems: problems.map(problem => ({ ...problem })), prompt };
}

export interface Rendered {
  readonly messages: readonly Message[];
  readonly faults: readonly string[];
}

/** Renders a prompt with values as they are typed. An empty text is no value. */
export function renderTyped(prompt: LoadedPrompt, texts: Readonly<Record<string, string>>): Rendered {
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const names = new Set(definitions.map(({ name }) => name));
  const flags = Object.fromEntries(
    Object.entries(texts).filter(([name, value]) => names.has(name) && value !== ''),
  );
  const { values, faults } = coerceParameters(definitions, { flags });
  if (faults.length > 0) return { messages: [], faults: faults.map(({ message }) => message) };
  try {
    return { messages: renderPrompt(prompt, values).messages, faults: [] };
  } catch (error) {
    return { messages: [], faults: [error instanceof Error ? error.message : String(error)] };
  }
}
