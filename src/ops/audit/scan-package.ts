import type { ProjectManifest } from '../../core/manifest.js';
import type { SourceTree } from '../../core/source-tree.js';
import { type PromptPackage, renderSamples } from '../../prompt/index.js';
import { type Finding, scanRendered, scanTree } from '../../scan/index.js';

/**
 * What the rules find in the files of a package, and in its prompts once they are rendered.
 * @param dependency opens its dependencies, where they are at hand: without them, prompts that are made of them are
 *   looked at as source only
 */
export async function scanPackage(
  tree: SourceTree,
  manifest: ProjectManifest,
  { dependency }: { readonly dependency?: PromptPackage['dependency'] | undefined } = {},
): Promise<readonly Finding[]> {
  const samples = await renderSamples(tree, manifest, { dependency });
  return [...(await scanTree(tree, manifest)), ...scanRendered(samples)];
}
