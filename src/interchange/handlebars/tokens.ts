import type { ForeignFile } from '../model.js';
import { unreadable } from '../structured-text.js';

/** A run of text or the inside of one tag. */
export type HandlebarsToken =
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  | {
      readonly kind: 'value' | 'open' | 'inverted' | 'close' | 'else' | 'partial' | 'comment';
      readonly line: number;
      /** What stands between the delimiters, without the mark and `~`. */
      readonly inside: string;
    };

interface Tag {
  readonly kind: Exclude<HandlebarsToken['kind'], 'text'>;
  readonly inside: string;
  readonly line: number;
  readonly trimBefore: boolean;
  readonly trimAfter: boolean;
}

type Loose = Tag | { readonly kind: 'text'; readonly line: number; text: string };

/**
 * Takes a Handlebars template apart. White space that belongs to a tag is gone afterwards: that next to `~`, and the
 * line of a block tag, comment or partial that stands alone on it.
 * @param firstLine line of the file on which the template begins
 * @throws PrompdError EIMPORT for a tag that is never closed
 * @see https://handlebarsjs.com/guide/expressions.html#whitespace-control
 */
export function handlebarsTokens(source: string, file: ForeignFile, firstLine: number): HandlebarsToken[] {
  const loose = new Tokenizer(source, file, firstLine).read();
  return trimmed(loose).flatMap((token): HandlebarsToken[] => {
    if (token.kind === 'text') return token.text === '' ? [] : [token];
    return token.kind === 'comment' ? [] : [{ kind: token.kind, line: token.line, inside: token.inside }];
  });
}

class Tokenizer {
  private readonly tokens: Loose[] = [];
  /** Names of raw blocks that are not closed behind the place at hand. */
  private readonly neverClosed = new Set<string>();
  private line: number;

  constructor(
    private readonly source: string,
    private readonly file: ForeignFile,
    firstLine: number,
  ) {
    this.line = firstLine;
  }

  read(): Loose[] {
    const { source } = this;
    let at = 0;
    for (;;) {
      const open = source.indexOf('{{', at);
      if (open === -1) break;
      const slashes =
        open > at && source[open - 1] === '\\' ? (source[open - 2] === '\\' && open - 1 > at ? 2 : 1) : 0;
      this.addText(source.slice(at, slashes === 0 ? open : open - 1));
      at = slashes === 1 ? this.escaped(open) : this.tag(open);
    }
    this.addText(source.slice(at));
    return this.tokens;
  }

  /** `\{{name}}` is text up to the next tag. */
  private escaped(open: number): number {
    const next = this.source.indexOf('{{', open + 2);
    let end = next === -1 ? this.source.length : next;
    if (next !== -1 && this.source[next - 1] === '\\' && next - 1 >= open + 2) {
      end = this.source[next - 2] === '\\' && next - 2 >= open + 2 ? next - 2 : next - 1;
    }
    this.addText(this.source.slice(open, end));
    return end;
  }

  private tag(open: number): number {
    const { source } = this;
    if (source.startsWith('{{{{', open)) {
      const end = this.rawBlock(open);
      if (end !== undefined) return end;
    }
    const comment = /^\{\{~?!--/.exec(source.slice(open, open + 6))?.[0];
    if (comment !== undefined) {
      const end = /--~?\}\}/g;
      end.lastIndex = open + comment.length;
      const close = end.exec(source);
      if (!close) throw this.unclosed();
      return this.add('comment', { open, close: close.index + close[0].length, inside: '' });
    }
    const triple = /^\{\{~?\{/.test(source.slice(open, open + 4));
    const close = this.endOf(open + 2, triple);
    const inside = source
      .slice(open, close)
      .replace(/^\{\{~?\{?/, '')
      .replace(/\}?~?\}\}$/, '');
    return this.classify(inside.trim(), { open, close, triple });
  }

  /** `{{{{raw}}}}` to `{{{{/raw}}}}`: all between them is text. @returns undefined when it is none */
  private rawBlock(open: number): number | undefined {
    const { source } = this;
    const raw = /^\{\{\{\{\s{0,20}([A-Za-z_][\w-]{0,60})[^{}]{0,200}\}\}\}\}/.exec(
      source.slice(open, open + 300),
    );
    const [opener = '', name = ''] = raw ?? [];
    if (name === '' || this.neverClosed.has(name)) return undefined;
    const closer = `{{{{/${name}}}}}`;
    const end = source.indexOf(closer, open);
    if (end === -1) {
      // Looking again would cost the length of the text each time.
      this.neverClosed.add(name);
      return undefined;
    }
    this.addText(source.slice(open + opener.length, end));
    return end + closer.length;
  }

  private classify(inside: string, at: { open: number; close: number; triple: boolean }): number {
    const rest = inside.slice(1).trim();
    if (at.triple) return this.add('value', { ...at, inside });
    switch (inside[0]) {
      case '!':
        return this.add('comment', { ...at, inside: '' });
      case '#':
        // `{{#> layout}}` is a partial with a block, `{{#*inline}}` defines one: both end like blocks.
        return this.add('open', { ...at, inside: rest });
      case '^':
        return rest === ''
          ? this.add('else', { ...at, inside: '' })
          : this.add('inverted', { ...at, inside: rest });
      case '/':
        return this.add('close', { ...at, inside: rest });
      case '>':
        return this.add('partial', { ...at, inside: rest });
      case '&':
        return this.add('value', { ...at, inside: rest });
    }
    const otherwise = /^else(?:\s+([\s\S]*))?$/.exec(inside);
    return otherwise
      ? this.add('else', { ...at, inside: otherwise[1]?.trim() ?? '' })
      : this.add('value', { ...at, inside });
  }

  private add(
    kind: Tag['kind'],
    { open, close, inside }: { open: number; close: number; inside: string },
  ): number {
    const whole = this.source.slice(open, close);
    const trimBefore = whole.startsWith('{{~');
    const trimAfter = whole.endsWith('~}}') || whole.endsWith('~}}}');
    this.tokens.push({ kind, inside, line: this.line, trimBefore, trimAfter });
    this.line += whole.split('\n').length - 1;
    return close;
  }

  private addText(text: string): void {
    if (text === '') return;
    const last = this.tokens.at(-1);
    if (last?.kind === 'text') last.text += text;
    else this.tokens.push({ kind: 'text', line: this.line, text });
    this.line += text.split('\n').length - 1;
  }

  /** Offset behind the delimiter that closes a tag; strings in it may hold braces. */
  private endOf(from: number, triple: boolean): number {
    const { source } = this;
    const close = triple ? '}}}' : '}}';
    for (let at = from; at < source.length; at += 1) {
      const char = source[at];
      if (char === '"' || char === "'") {
        const end = source.indexOf(char, at + 1);
        if (end === -1) throw this.unclosed();
        at = end;
      } else if (source.startsWith(close, at)) {
        return at + close.length;
      } else if (triple && source.startsWith('}~}}', at)) {
        return at + 4;
      } else if (source.startsWith('{{', at) && at > from + 1) {
        throw this.unclosed();
      }
    }
    throw this.unclosed();
  }

  private unclosed(): Error {
    return unreadable(this.file.path, `the tag that begins on line ${this.line} is never closed`);
  }
}

/** Takes the white space away that belongs to tags. */
function trimmed(tokens: readonly Loose[]): readonly Loose[] {
  const result = tokens.map(token => ({ ...token }));
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'text') continue;
    const [before, after] = [tokens[index - 1], tokens[index + 1]];
    const [newBefore, newAfter] = [result[index - 1], result[index + 1]];
    if (
      token.kind !== 'value' &&
      isLineStart(before, index === 1) &&
      isLineEnd(after, index + 2 === tokens.length)
    ) {
      if (newBefore?.kind === 'text') newBefore.text = newBefore.text.replace(/[ \t]+$/, '');
      if (newAfter?.kind === 'text') newAfter.text = newAfter.text.replace(/^[ \t]*\n?/, '');
    }
    if (token.trimBefore && newBefore?.kind === 'text') newBefore.text = newBefore.text.trimEnd();
    if (token.trimAfter && newAfter?.kind === 'text') newAfter.text = newAfter.text.trimStart();
  }
  return result;
}

function isLineStart(before: Loose | undefined, first: boolean): boolean {
  if (before === undefined) return true;
  if (before.kind !== 'text') return false;
  const line = before.text.slice(before.text.lastIndexOf('\n') + 1);
  return line.trim() === '' && (first || before.text.includes('\n'));
}

function isLineEnd(after: Loose | undefined, last: boolean): boolean {
  if (after === undefined) return true;
  if (after.kind !== 'text') return false;
  const end = after.text.indexOf('\n');
  return end === -1 ? last && after.text.trim() === '' : after.text.slice(0, end).trim() === '';
}
