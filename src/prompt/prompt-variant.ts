import type { ProjectManifest } from '../core/manifest.js';
import { familyOf } from '../core/model-family.js';

/** The model that is asked. Without a provider, the name alone decides. */
export interface VariantChoice {
  readonly provider?: string | undefined;
  readonly model: string;
}

type ModelMap = NonNullable<ProjectManifest['models']>;
type Entry = ModelMap[number];
/** An entry for one exact model. */
export type ExactModel = Extract<Entry, { model: string }>;

/**
 * The file that a package's model map puts in a prompt's place for one model: that of the first entry of exactly this
 * model that names the prompt, else of the first one of the model's family. An entry that names a provider counts for
 * that provider alone, when one is known.
 * @param id of the prompt in the manifest; undefined for a file that was named by its path, which has no variants
 * @returns path inside of the package; undefined when the prompt itself is meant
 */
export function variantPath(
  models: ProjectManifest['models'],
  id: string | undefined,
  { provider, model }: VariantChoice,
): string | undefined {
  if (id === undefined) return undefined;
  const family = familyOf(model);
  const named = (models ?? []).filter(
    entry =>
      Object.hasOwn(entry.prompts ?? {}, id) &&
      (provider === undefined || entry.provider === undefined || entry.provider === provider),
  );
  const found =
    named.find(entry => 'model' in entry && entry.model === model) ??
    named.find(entry => 'family' in entry && entry.family === family);
  return found?.prompts?.[id];
}

/** The exact models that a map names; families name none that could be asked. */
export function exactModels(models: ProjectManifest['models']): readonly ExactModel[] {
  return (models ?? []).filter((entry): entry is ExactModel => 'model' in entry);
}
