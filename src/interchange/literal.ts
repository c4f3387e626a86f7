import { parameterName } from './name.js';

/** What begins a tag, and what a prompt file cannot hold as it is: carriage returns, nulls, halves of characters. */
const HAZARD = /\{[{%#]|\r|\0|\p{Surrogate}/u;
const UNWRITABLE = /\r|\0|\p{Surrogate}/gu;
/** A section loses the blank lines at its ends. */
const BLANK_START = /^[ \t\f\v\r]*\n/;
const BLANK_END = /\n[ \t\f\v\r]*$/;

export interface LiteralOptions {
  /** Names that may start a `{path}` in the prompt: its parameters. */
  readonly roots?: ReadonlySet<string>;
  /** Whether a tag follows directly. */
  readonly beforeTag?: boolean;
  /** Whether blank lines at the ends count. Default: they do. */
  readonly exact?: boolean;
}

/** Template source that renders to exactly a text, whatever is in it. A text without hazards stays as it is. */
export function literalTemplate(text: string, options: LiteralOptions = {}): string {
  const { roots = new Set(), beforeTag = false, exact = true } = options;
  const hazardous =
    HAZARD.test(text) ||
    (beforeTag && text.endsWith('{')) ||
    (exact && (BLANK_START.test(text) || hasBlankEnd(text))) ||
    hasRoot(text, roots);
  if (!hazardous) return text;
  // Only an `endraw` tag could end the block early: its opening goes in as a value.
  const inside = text
    .replace(/\{(?=%[-+]?\s{0,20}endraw)/g, '{% endraw %}{{ "{" }}{% raw %}')
    .replace(UNWRITABLE, char => `{% endraw %}{{ "${escaped(char)}" }}{% raw %}`);
  return `{% raw %}${inside}{% endraw %}`;
}

/** What a text with f-string placeholders is made of. */
export interface FStringText {
  readonly parts: readonly ({ readonly text: string } | { readonly name: string })[];
  /** Placeholders with a format, an index or an expression, which stay text. */
  readonly strange: readonly string[];
}

/** Reads a text as Python's f-strings and `str.format` do: `{name}` is a value, `{{` and `}}` are braces. */
export function readFString(text: string): FStringText {
  const parts: ({ text: string } | { name: string })[] = [];
  const strange: string[] = [];
  let plain = '';
  for (const [piece] of text.matchAll(/\{\{|\}\}|\{[^{}\n]{0,200}\}|[^{}]+|[{}]/g)) {
    const name = /^\{([A-Za-z_]\w*)\}$/.exec(piece)?.[1];
    if (name !== undefined) {
      if (plain !== '') parts.push({ text: plain });
      plain = '';
      parts.push({ name });
    } else {
      if (/^\{[A-Za-z_][^{}]*\}$/.test(piece)) strange.push(piece);
      plain += piece === '{{' ? '{' : piece === '}}' ? '}' : piece;
    }
  }
  if (plain !== '') parts.push({ text: plain });
  return { parts, strange };
}

/** Finds `{name}` for some names only; every other brace is text. */
export function readDeclared(text: string, names: ReadonlySet<string>): FStringText {
  const parts: ({ text: string } | { name: string })[] = [];
  let from = 0;
  for (const match of text.matchAll(/\{([A-Za-z_]\w*)\}/g)) {
    const [whole, name = ''] = match;
    if (!names.has(name)) continue;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ name });
    from = match.index + whole.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return { parts, strange: [] };
}

/**
 * Template source of a text with placeholders.
 * @param names new names of parameters by the names in the text
 */
export function placeholderTemplate(
  { parts }: Pick<FStringText, 'parts'>,
  names: ReadonlyMap<string, string>,
): string {
  const roots = new Set(names.values());
  return parts
    .map((part, index) => {
      if ('name' in part) return `{{ ${names.get(part.name) ?? parameterName(part.name)} }}`;
      const beforeTag = index < parts.length - 1;
      return literalTemplate(part.text, {
        roots,
        beforeTag,
        exact: index === 0 || index === parts.length - 1,
      });
    })
    .join('');
}

/** Whether `{name…}` stands in a text for one of some names. */
function hasRoot(text: string, roots: ReadonlySet<string>): boolean {
  if (roots.size === 0) return false;
  for (const [, name = ''] of text.matchAll(/\{([A-Za-z_]\w*)/g)) if (roots.has(name)) return true;
  return false;
}

function hasBlankEnd(text: string): boolean {
  return BLANK_END.test(text.slice(text.trimEnd().length));
}

function escaped(char: string): string {
  if (char === '\r') return '\\r';
  return char === '\0' ? '\\0' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
