import { PrompdError } from '../core/errors.js';
import type { FrontMatter } from './front-matter.js';
import { looksLikeReference, type PromptReference, parsePromptReference } from './prompt-reference.js';

/** What a text of the front matter stands for. */
export type TextTarget =
  | { readonly kind: 'inline' }
  | { readonly kind: 'section'; readonly id: string }
  | { readonly kind: 'relative'; readonly path: string }
  | { readonly kind: 'package'; readonly reference: PromptReference }
  | { readonly kind: 'broken'; readonly error: PrompdError };

/**
 * Tells inline text from `#section-id`, a relative file (`./x.md`, `../x.md`) and a package reference
 * (`@org/pkg:prompt`, or one that begins with a prefix of `using`). A text with blanks in it is inline.
 */
export function targetOf(text: string, using: FrontMatter['using']): TextTarget {
  const word = text.trim();
  if (/\s/.test(word)) return isLonePath(text) ? { kind: 'relative', path: word } : { kind: 'inline' };
  if (/^#[\p{L}\p{M}\p{N}_-]+$/u.test(word)) return { kind: 'section', id: word.slice(1) };
  if (/^\.{1,2}\//.test(word)) return { kind: 'relative', path: word };
  const full = withoutAlias(word, using);
  return full !== word || looksLikeReference(full) ? packageTarget(full) : { kind: 'inline' };
}

/** Where a file is expected (`inherits`, `override`, `contexts`): a bare path counts as relative, too. */
export function fileTargetOf(text: string, using: FrontMatter['using']): TextTarget {
  const word = text.trim();
  const target = targetOf(word, using);
  if (target.kind === 'relative' || target.kind === 'package' || target.kind === 'broken') return target;
  if (/\.[A-Za-z0-9]+$/.test(word) && !word.includes(':') && !word.startsWith('@')) {
    return { kind: 'relative', path: `./${word}` };
  }
  return packageTarget(word);
}

function packageTarget(text: string): TextTarget {
  try {
    return { kind: 'package', reference: parsePromptReference(text) };
  } catch (error) {
    if (error instanceof PrompdError) return { kind: 'broken', error };
    throw error;
  }
}

/** Replaces a prefix of `using`, when it stands before `:`, `/` or nothing, by the package it stands for. */
function withoutAlias(word: string, using: FrontMatter['using']): string {
  const alias = using.find(({ prefix }) => {
    const next = word[prefix.length];
    return (
      word.startsWith(prefix) &&
      (next === ':' || next === '/' || (next === undefined && prefix.startsWith('@')))
    );
  });
  return alias ? alias.name.text + word.slice(alias.prefix.length) : word;
}

/** A path may have blanks in it, when it is one line that begins like a path and ends like a file. */
function isLonePath(text: string): boolean {
  return /^\.{1,2}\/[^\n]{1,300}\.[A-Za-z0-9]{1,10}$/.test(text.trim());
}
