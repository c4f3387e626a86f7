import { join } from 'node:path';
import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { insidePath, type ParameterDefinition } from '../prompt/index.js';
import { viewOf, visibleParameters } from './prompt-view.js';
import type { Workspace } from './workspace.js';

/**
 * The parameters that a test in a prompd.json can give: those of the prompt that it names. The text that is being typed may
 * be no manifest yet, so that it is looked through as far as it can be read.
 * @param dir absolute folder of the manifest
 */
export async function testParameters(
  workspace: Workspace,
  dir: string,
  { tree, test }: { readonly tree: Node | undefined; readonly test: string | number | undefined },
): Promise<readonly ParameterDefinition[]> {
  if (!tree || typeof test !== 'number') return [];
  const textAt = (...steps: (string | number)[]): string | undefined => {
    const value: unknown = findNodeAtLocation(tree, steps)?.value;
    return typeof value === 'string' ? value : undefined;
  };
  const id = textAt('tests', test, 'prompt');
  const named = id === undefined ? undefined : textAt('prompts', id);
  const inner = named === undefined ? undefined : insidePath('', named);
  if (inner === undefined) return [];
  const file = join(dir, ...inner.split('/'));
  const text = await workspace.text(file);
  const view = text === undefined ? undefined : await viewOf(workspace, file, text);
  return view ? visibleParameters(view).map(({ definition }) => definition) : [];
}

/** The values that a parameter lists. */
export function listedValues({ type, enum: listed }: ParameterDefinition): readonly unknown[] {
  if (listed !== undefined) return listed;
  return type === 'boolean' ? [true, false] : [];
}
