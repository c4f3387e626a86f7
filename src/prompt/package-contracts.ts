import { type Digest, digestOf } from '../core/digest.js';
import { PrompdError } from '../core/errors.js';
import { contractOf } from './contract.js';
import { loadPrompt } from './load.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import { PackageFiles, type PromptPackage } from './package-files.js';
import type { ParameterDefinition } from './parameter-type.js';
import { slotIds, slotPieces } from './slot.js';

/** A prompt's contract, with what a caller notices without relying on it. */
export interface PromptSurface {
  readonly parameters: readonly ParameterDefinition[];
  /** Ids after inheritance. */
  readonly sections: readonly string[];
  /** Of all that messages are made of, besides the values of parameters. */
  readonly text: Digest;
  /** Of `provider`, `model` and the other defaults for execution. */
  readonly settings: Digest;
}

/** The prompts of one version of a package. */
export interface PackageContracts {
  /** The prompt that a reference means that names none. */
  readonly main: string | undefined;
  /** By id. */
  readonly prompts: ReadonlyMap<string, PromptSurface>;
  /** Prompts that cannot be loaded, and why. */
  readonly unreadable: ReadonlyMap<string, string>;
}

/** What callers of a prompt see of it. */
export function surfaceOf(prompt: LoadedPrompt): PromptSurface {
  const messages = slotIds(prompt).map(slot => [
    slot,
    slotPieces(prompt, slot)
      .map(({ text }) => text)
      .join(''),
  ]);
  const contexts = prompt.contexts.map(({ language, text }) => [language, text]);
  return {
    parameters: prompt.parameters.map(({ definition }) => definition),
    sections: contractOf(prompt).sections,
    text: digestOf({ messages: Object.fromEntries(messages), contexts, inputs: plainJson(prompt.inputs) }),
    settings: digestOf(plainJson(prompt.execution)),
  };
}

/**
 * Loads all prompts of a package and says what callers rely on. A prompt that cannot be loaded is told, not thrown.
 * @param pkg with its dependencies, as far as its prompts inherit or take text from them
 */
export async function readPackageContracts(pkg: PromptPackage): Promise<PackageContracts> {
  const files = new PackageFiles(pkg);
  const prompts = new Map<string, PromptSurface>();
  const unreadable = new Map<string, string>();
  for (const [id, path] of Object.entries(pkg.prompts)) {
    try {
      const file = await files.open(path);
      if (!file) {
        unreadable.set(id, `There is no file "${path}".`);
        continue;
      }
      const { prompt, problems } = await loadPrompt(file, files);
      const [first] = problems.filter(({ severity }) => severity === 'error');
      if (prompt) prompts.set(id, surfaceOf(prompt));
      else unreadable.set(id, first?.message ?? `${path} is no prompt.`);
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      unreadable.set(id, error.message);
    }
  }
  const ids = Object.keys(pkg.prompts);
  const main = pkg.main ?? (ids.length === 1 ? ids[0] : undefined);
  return { main, prompts, unreadable };
}

/** YAML has values that JSON lacks, as infinity: what they become is the same for the same text. */
function plainJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
