import type { ProjectManifest } from '../../core/manifest.js';
import type { ModelChoice } from './choose-model.js';

/**
 * The file that a package's model map puts in a prompt's place for one model: the first entry of exactly this provider
 * and model that names the prompt.
 * @param id of the prompt in the manifest; undefined for a file that was named by its path, which has no variants
 * @returns path inside of the package; undefined when the prompt itself is meant
 */
export function variantPath(
  models: ProjectManifest['models'],
  id: string | undefined,
  { provider, model }: ModelChoice,
): string | undefined {
  if (id === undefined) return undefined;
  for (const entry of models ?? []) {
    const { prompts = {} } = entry;
    if (entry.provider === provider.name && entry.model === model && Object.hasOwn(prompts, id))
      return prompts[id];
  }
  return undefined;
}
