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
import { type PublishedPackages, promptManifest } from './published-package.js';
import type { ReadText } from './read-text.js';

// The policy of the pages allows no code that is made of text.
z.config({ jitless: true });

export interface Checked {
  readonly problems: readonly ShownProblem[];
  /** Undefined while an error stands in the way. */
  readonly prompt: LoadedPrompt | undefined;
}

/**
 * Checks a prompt as it is being written, with the code of the command line.
 * @param path of the prompt in its module
 * @param around the other texts of the module, and the packages that it takes text from
 */
export async function checkSource(
  path: string,
  text: string,
  { read, published }: { readonly read: ReadText; readonly published: PublishedPackages },
): Promise<Checked> {
  const { name, version, main, prompts, dependencies } = manifestOf(await read('prompd.json'));
  const files = new PackageFiles({
    id: 'draft',
    name,
    version,
    label: '',
    prompts,
    main,
    read: async wanted => {
      const found = wanted === path ? text : await read(wanted);
      return found === undefined ? undefined : new TextEncoder().encode(found);
    },
    dependency: asked => published.dependency(asked, dependencies[asked]),
  });
  const file: PromptFile | undefined = await files.open(path);
  if (!file) return { problems: [], prompt: undefined };
  const problems = await validatePrompt(file, files);
  const { prompt } = await loadPrompt(file, files);
  return { problems: problems.map(problem => ({ ...problem })), prompt };
}

/** What the check needs of prompd.json; the registry says what is wrong with it when the draft is checked. */
function manifestOf(text: string | undefined): z.infer<typeof promptManifest> {
  try {
    return promptManifest.parse(JSON.parse(text ?? '{}'));
  } catch {
    return promptManifest.parse({});
  }
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
