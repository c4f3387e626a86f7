import { isChat } from './chat.js';
import type { ForeignFormat } from './model.js';
import { readYaml } from './structured-text.js';

/** What a file's name says of its format. `data` is one whose content decides. */
export type NamedKind = ForeignFormat | 'prompd' | 'data';

/** Files that stand beside prompts and are none. */
const COMPANY =
  /^(?:readme|licen[cs]e|changelog|contributing|code_of_conduct|security|notice|agents|claude)(?:[.-]|$)/i;

/** The format that a file's name promises, if any. */
export function kindByName(name: string): NamedKind | undefined {
  if (/\.(?:prompd|prmd)$/i.test(name)) return 'prompd';
  if (/\.prompty$/i.test(name)) return 'prompty';
  if (/\.prompt$/i.test(name)) return 'dotprompt';
  if (/^skill\.md$/i.test(name)) return 'skill';
  if (/\.(?:md|markdown)$/i.test(name)) return 'markdown';
  if (/\.(?:json|ya?ml)$/i.test(name)) return 'data';
  return /\.txt$/i.test(name) ? 'text' : undefined;
}

/** The format of a file whose content is known: data and plain text may be a conversation. */
export function kindByContent(
  kind: NamedKind | undefined,
  text: string,
  file: string,
): ForeignFormat | 'prompd' | undefined {
  if (kind !== 'data' && kind !== 'text' && kind !== undefined) return kind;
  const isData = kind === 'data' || /^\s*[[{]/.test(text);
  if (isData && holdsChat(text, file)) return 'chat';
  return kind === 'data' ? undefined : 'text';
}

/** Whether a file of that name belongs to the folder rather than being a prompt in it. */
export function isCompany(name: string): boolean {
  return COMPANY.test(name);
}

/** What a prompt is called when its file does not say: the name without what marks the format. */
export function titleOf(name: string): string {
  const base = name.replace(/\.(?:prompd|prmd|prompty|prompt|md|markdown|json|ya?ml|txt)$/i, '');
  return base.replace(/\.(?:prompt|chat|system|user)$/i, '') || name;
}

function holdsChat(text: string, file: string): boolean {
  try {
    return isChat(readYaml(text, file).data);
  } catch {
    return false;
  }
}
