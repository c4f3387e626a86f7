import type { PromptDocument } from './document.js';
import type { PlacedText } from './front-matter.js';
import type { PromptReference } from './prompt-reference.js';
import { parsePromptReference } from './prompt-reference.js';
import { fileTargetOf, type TextTarget, targetOf } from './text-reference.js';

/** Something outside its file that a prompt names. */
export interface ListedReference {
  /** Field it is written in, such as `system`, `inherits`, `override`, `contexts`, `using`, `requires`. */
  readonly field: string;
  /** As it was written. */
  readonly raw: string;
  readonly line: number;
  readonly column: number;
  readonly target:
    | { readonly kind: 'relative'; readonly path: string }
    | { readonly kind: 'package'; readonly reference: PromptReference };
}

/** Every file and package that one prompt file names, in the order of its fields. Broken ones are left out. */
export function listReferences({ frontMatter, source }: PromptDocument): ListedReference[] {
  const { using } = frontMatter;
  const list: ListedReference[] = [];
  const add = (field: string, { text, at }: PlacedText, target: TextTarget) => {
    if (target.kind !== 'relative' && target.kind !== 'package') return;
    list.push({ field, raw: text, ...source.placeOf(at), target });
  };
  for (const [role, texts] of frontMatter.roles)
    for (const text of texts) add(role, text, targetOf(text.text, using));
  for (const text of frontMatter.contexts) add('contexts', text, fileTargetOf(text.text, using));
  if (frontMatter.inherits)
    add('inherits', frontMatter.inherits, fileTargetOf(frontMatter.inherits.text, using));
  for (const { file } of frontMatter.override)
    if (file) add('override', file, fileTargetOf(file.text, using));
  for (const { name } of using) addPackage('using', name);
  for (const name of frontMatter.requires) addPackage('requires', name);
  return list;

  function addPackage(field: string, text: PlacedText): void {
    try {
      add(field, text, { kind: 'package', reference: parsePromptReference(text.text) });
    } catch {
      // Validation reports names that cannot be understood.
    }
  }
}
