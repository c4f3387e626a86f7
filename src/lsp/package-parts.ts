import { insidePath, isPromptPath, listReferences, parsePrompt } from '../prompt/index.js';
import type { Files } from './workspace.js';

/** Prompt files of a package that are followed to find out what they are made of. */
const MAX_FILES = 200;

/**
 * Whether a file of a package is only a part of its prompts: the manifest does not name it, and a prompt that it names is
 * made of it. Alone it need not make sense, so that only its form is checked.
 * @param inner path inside of the package
 */
export async function isPart({ root, owner }: Files, inner: string): Promise<boolean> {
  const named = namedPaths(root.manifest ?? {});
  if (named.has(inner)) return false;
  const seen = new Set<string>();
  const waiting = [...named];
  for (let path = waiting.pop(); path !== undefined && seen.size < MAX_FILES; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const bytes = isPromptPath(path) ? await owner.read(path) : undefined;
    if (!bytes) continue;
    const { prompt } = parsePrompt({ id: path, path, text: new TextDecoder().decode(bytes) });
    for (const { target } of prompt ? listReferences(prompt) : []) {
      const next = target.kind === 'relative' ? insidePath(path, target.path) : undefined;
      if (next === inner) return true;
      if (next !== undefined) waiting.push(next);
    }
  }
  return false;
}

function namedPaths({
  prompts = {},
  models = [],
}: NonNullable<Files['root']['manifest']>): ReadonlySet<string> {
  const all = [...Object.values(prompts), ...models.flatMap(({ prompts: own = {} }) => Object.values(own))];
  return new Set(all.flatMap(path => insidePath('', path) ?? []));
}
