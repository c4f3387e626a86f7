import type { Binding, Expression, Statement, Target, Template } from '../../core/template-nodes.js';
import { ExpressionParser } from './expression-parser.js';
import { matchSingleBrace } from './single-brace.js';
import { TemplateError } from './template-error.js';
import { tokenizeRange, tokenizeTag } from './token.js';

const MAX_NESTING = 100;
const ELSEWHERE: Readonly<Record<string, string>> = {
  include: 'Name the file in the front matter, as in "context: ./file.md".',
  import: 'Write the macro in the section that uses it.',
  from: 'Write the macro in the section that uses it.',
  extends: 'Use "inherits" in the front matter.',
  block: 'Use sections, "inherits" and "override" in the front matter.',
};

/**
 * Parses a template: `{{ }}`, `{% %}`, `{# #}` as in Jinja, and the single-brace form.
 * @param roots names that may start a `{path}`; `for`, `set`, `with` and `macro` add theirs where they apply
 * @throws TemplateError ETEMPLATE with an offset into `source`
 * @see https://jinja.palletsprojects.com/en/stable/templates/
 */
export function parseTemplate(source: string, roots: ReadonlySet<string>): Template {
  return { source, body: new TemplateParser(source, roots).parse() };
}

/** A tag that ended a body: `else`, `elif`, `endfor`, … Its parser stands behind the word. */
interface Closing {
  readonly word: string;
  readonly at: number;
  readonly parser: ExpressionParser;
}

class TemplateParser {
  private position = 0;
  private trimNext = false;
  private readonly scopes: Set<string>[];

  constructor(
    private readonly source: string,
    roots: ReadonlySet<string>,
  ) {
    this.scopes = [new Set(roots)];
  }

  parse(): Statement[] {
    return this.parseBody([], undefined).body;
  }

  /** Statements up to one of the closing words; without words, up to the end of the source. */
  private parseBody(
    closers: readonly string[],
    opener: { word: string; at: number } | undefined,
  ): { body: Statement[]; closing: Closing | undefined } {
    const body: Statement[] = [];
    while (this.position < this.source.length) {
      const open = this.findTag(this.position);
      this.addText(body, this.position, open);
      if (open >= this.source.length) break;
      const closing = this.parseTag(open, body);
      if (!closing) continue;
      if (closers.includes(closing.word)) return { body, closing };
      const inside = opener ? ` inside "{% ${opener.word} %}"` : '';
      const message = `"{% ${closing.word} %}" has nothing to belong to here${inside}.`;
      throw new TemplateError('ETEMPLATE', message, closing.at);
    }
    if (!opener) return { body, closing: undefined };
    const end = closers.at(-1) ?? '';
    throw new TemplateError(
      'ETEMPLATE',
      `"{% ${opener.word} %}" is never closed: "{% ${end} %}" is missing.`,
      opener.at,
      'A block must end in the section in which it begins.',
    );
  }

  private findTag(from: number): number {
    for (let at = this.source.indexOf('{', from); at !== -1; at = this.source.indexOf('{', at + 1)) {
      const next = this.source[at + 1];
      if (next === '{' || next === '%' || next === '#') return at;
    }
    return this.source.length;
  }

  /** Text between tags: white space control applied, single-brace substitutions taken out. */
  private addText(body: Statement[], from: number, to: number): void {
    let start = from;
    let end = to;
    if (this.trimNext) while (start < end && isBlank(this.source[start])) start += 1;
    if (this.source[to + 2] === '-' && to < this.source.length) {
      while (end > start && isBlank(this.source[end - 1])) end -= 1;
    }
    this.trimNext = false;
    this.position = to;
    let textStart = start;
    const flush = (until: number) => {
      if (until > textStart)
        body.push({ kind: 'text', at: textStart, text: this.source.slice(textStart, until) });
    };
    for (let at = this.source.indexOf('{', start); at !== -1 && at < end; ) {
      const found = matchSingleBrace(this.source, at);
      if (found && found.end <= end && this.isBound(found.root)) {
        flush(at);
        const parser = new ExpressionParser(tokenizeRange(this.source, at + 1, found.end - 1));
        body.push({ kind: 'output', at: at + 1, value: parser.parseExpression() });
        textStart = found.end;
        at = this.source.indexOf('{', found.end);
      } else {
        at = this.source.indexOf('{', at + 1);
      }
    }
    flush(end);
  }

  private parseTag(open: number, body: Statement[]): Closing | undefined {
    const kind = this.source[open + 1];
    const sign = this.source[open + 2];
    const inside = open + (sign === '-' || (sign === '+' && kind !== '{') ? 3 : 2);
    if (kind === '#') {
      const end = this.source.indexOf('#}', open + 2);
      if (end === -1)
        throw new TemplateError('ETEMPLATE', 'This comment is never closed: "#}" is missing.', open);
      this.trimNext = this.source[end - 1] === '-' && end > open + 2;
      this.position = end + 2;
      return undefined;
    }
    const tag = tokenizeTag(this.source, inside, kind === '{' ? '}}' : '%}');
    this.position = tag.end;
    this.trimNext = tag.trimsAfter;
    const parser = new ExpressionParser(tag.tokens);
    if (kind === '{') {
      const value = parser.parseExpression();
      parser.expectEnd();
      body.push({ kind: 'output', at: value.at, value });
      return undefined;
    }
    return this.parseStatement(parser, open, body);
  }

  private parseStatement(parser: ExpressionParser, at: number, body: Statement[]): Closing | undefined {
    const { text: word, kind } = parser.next;
    if (kind !== 'name') throw parser.unexpected('the name of a statement');
    parser.accept(word);
    switch (word) {
      case 'if':
        body.push(this.parseIf(parser, at));
        return undefined;
      case 'for':
        body.push(this.parseFor(parser, at));
        return undefined;
      case 'set':
        body.push(this.parseSet(parser, at));
        return undefined;
      case 'with':
        body.push(this.parseWith(parser, at));
        return undefined;
      case 'macro':
        body.push(this.parseMacro(parser, at));
        return undefined;
      case 'call':
        body.push(this.parseCallBlock(parser, at));
        return undefined;
      case 'filter':
        body.push(this.parseFilterBlock(parser, at));
        return undefined;
      case 'raw':
        parser.expectEnd();
        this.parseRaw(at, body);
        return undefined;
    }
    if (/^(?:else|elif|end[a-z]+)$/.test(word)) return { word, at, parser };
    const hint = ELSEWHERE[word];
    const message = hint
      ? `"{% ${word} %}" is not available in a prompt.`
      : `"{% ${word.slice(0, 40)} %}" is not a statement.`;
    throw new TemplateError(
      'ETEMPLATE',
      message,
      at,
      hint ?? 'Statements are if, for, set, with, macro, call, filter and raw.',
    );
  }

  private parseIf(parser: ExpressionParser, at: number): Statement {
    const opener = { word: 'if', at };
    const branches: { test: Expression; body: Statement[] }[] = [];
    let test = parser.parseExpression();
    parser.expectEnd();
    for (;;) {
      const { body, closing } = this.nested(at, () => this.parseBody(['elif', 'else', 'endif'], opener));
      branches.push({ test, body });
      if (closing?.word !== 'elif') {
        const otherwise =
          closing?.word === 'else' ? this.parseLast(closing, 'endif', opener) : this.ended(closing);
        return { kind: 'if', at, branches, otherwise };
      }
      test = closing.parser.parseExpression();
      closing.parser.expectEnd();
    }
  }

  private parseFor(parser: ExpressionParser, at: number): Statement {
    const opener = { word: 'for', at };
    const names = this.parseNames(parser);
    parser.expect('in');
    const iterable = parser.parseOr();
    const filter = parser.accept('if') ? parser.parseExpression() : undefined;
    const recursive = parser.accept('recursive');
    parser.expectEnd();
    const { body, closing } = this.scoped(at, [...names, 'loop'], () =>
      this.parseBody(['else', 'endfor'], opener),
    );
    const otherwise =
      closing?.word === 'else' ? this.parseLast(closing, 'endfor', opener) : this.ended(closing);
    return { kind: 'for', at, names, iterable, filter, recursive, body, otherwise };
  }

  private parseSet(parser: ExpressionParser, at: number): Statement {
    const target = this.parseTarget(parser);
    if (parser.accept('=')) {
      const start = parser.next.at;
      const items = [parser.parseExpression()];
      let tuple = false;
      while (parser.accept(',')) {
        tuple = true;
        if (parser.next.kind !== 'end') items.push(parser.parseExpression());
      }
      parser.expectEnd();
      this.bind(target);
      const [first] = items;
      const value: Expression = tuple || !first ? { kind: 'list', at: start, items } : first;
      return { kind: 'set', at, target, value };
    }
    const filters = parser.accept('|') ? parser.parseBareFilters() : undefined;
    parser.expectEnd();
    const { body } = this.scoped(at, [], () => this.parseClosed('endset', { word: 'set', at }));
    this.bind(target);
    return { kind: 'set-block', at, target, filters, body };
  }

  private parseWith(parser: ExpressionParser, at: number): Statement {
    const bindings: Binding[] = [];
    while (parser.next.kind !== 'end') {
      const { text: name, at: place } = parser.expectName('a name');
      parser.expect('=');
      bindings.push({ name, at: place, value: parser.parseExpression() });
      if (!parser.accept(',')) break;
    }
    parser.expectEnd();
    const names = bindings.map(binding => binding.name);
    const { body } = this.scoped(at, names, () => this.parseClosed('endwith', { word: 'with', at }));
    return { kind: 'with', at, bindings, body };
  }

  private parseMacro(parser: ExpressionParser, at: number): Statement {
    const { text: name } = parser.expectName('the name of the macro');
    parser.expect('(');
    const parameters = this.parseParameters(parser);
    parser.expectEnd();
    const names = parameters.map(parameter => parameter.name);
    const { body } = this.scoped(at, names, () => this.parseClosed('endmacro', { word: 'macro', at }));
    return { kind: 'macro', at, name, parameters, body };
  }

  private parseCallBlock(parser: ExpressionParser, at: number): Statement {
    const parameters = parser.accept('(') ? this.parseParameters(parser) : [];
    const call = parser.parseExpression();
    parser.expectEnd();
    if (call.kind !== 'call') {
      throw new TemplateError('ETEMPLATE', '"{% call %}" needs the call of a macro.', call.at);
    }
    const names = parameters.map(parameter => parameter.name);
    const { body } = this.scoped(at, names, () => this.parseClosed('endcall', { word: 'call', at }));
    return { kind: 'call-block', at, parameters, call, body };
  }

  private parseFilterBlock(parser: ExpressionParser, at: number): Statement {
    const filters = parser.parseBareFilters();
    parser.expectEnd();
    const { body } = this.scoped(at, [], () => this.parseClosed('endfilter', { word: 'filter', at }));
    return { kind: 'filter-block', at, filters, body };
  }

  private parseRaw(at: number, body: Statement[]): void {
    const from = this.position;
    const end = findRawEnd(this.source, from);
    if (!end) {
      throw new TemplateError('ETEMPLATE', '"{% raw %}" is never closed: "{% endraw %}" is missing.', at);
    }
    let start = from;
    let stop = end.at;
    if (this.trimNext) while (start < stop && isBlank(this.source[start])) start += 1;
    if (end.trimsBefore) while (stop > start && isBlank(this.source[stop - 1])) stop -= 1;
    if (stop > start) body.push({ kind: 'text', at: start, text: this.source.slice(start, stop) });
    this.position = end.end;
    this.trimNext = end.trimsAfter;
  }

  private parseParameters(parser: ExpressionParser): Binding[] {
    const parameters: Binding[] = [];
    while (!parser.accept(')')) {
      const { text: name, at } = parser.expectName('the name of a parameter');
      parameters.push({ name, at, value: parser.accept('=') ? parser.parseExpression() : undefined });
      if (parser.accept(')')) break;
      parser.expect(',');
    }
    return parameters;
  }

  private parseNames(parser: ExpressionParser): string[] {
    const parenthesised = parser.accept('(');
    const names = [parser.expectName('the name of a variable').text];
    while (parser.accept(',')) names.push(parser.expectName('the name of a variable').text);
    if (parenthesised) parser.expect(')');
    return names;
  }

  private parseTarget(parser: ExpressionParser): Target {
    const { at, text: object } = parser.next;
    if (parser.peek(1).kind === 'operator' && parser.peek(1).text === '.') {
      parser.expectName('the name of a variable');
      parser.expect('.');
      return { kind: 'member', at, object, name: parser.expectName('the name of an attribute').text };
    }
    return { kind: 'names', at, names: this.parseNames(parser) };
  }

  private parseClosed(end: string, opener: { word: string; at: number }): { body: Statement[] } {
    const { body, closing } = this.parseBody([end], opener);
    // `{% endmacro name %}` may repeat the name.
    if (closing?.parser.next.kind === 'name' && end === 'endmacro') closing.parser.expectName('a name');
    this.ended(closing);
    return { body };
  }

  private parseLast(closing: Closing, end: string, opener: { word: string; at: number }): Statement[] {
    closing.parser.expectEnd();
    return this.nested(opener.at, () => this.parseClosed(end, opener)).body;
  }

  private ended(closing: Closing | undefined): Statement[] {
    closing?.parser.expectEnd();
    return [];
  }

  private bind(target: Target): void {
    if (target.kind === 'names') for (const name of target.names) this.scopes.at(-1)?.add(name);
  }

  private isBound(name: string): boolean {
    return this.scopes.some(scope => scope.has(name));
  }

  private scoped<T>(at: number, names: readonly string[], parse: () => T): T {
    this.scopes.push(new Set(names));
    const result = this.nested(at, parse);
    this.scopes.pop();
    return result;
  }

  private depth = 0;

  private nested<T>(at: number, parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_NESTING) {
      throw new TemplateError('ETEMPLATE', `Blocks are nested more than ${MAX_NESTING} deep.`, at);
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }
}

/** Where `{% endraw %}` stands. */
export function findRawEnd(
  source: string,
  from: number,
): { at: number; end: number; trimsBefore: boolean; trimsAfter: boolean } | undefined {
  for (let at = source.indexOf('{%', from); at !== -1; at = source.indexOf('{%', at + 2)) {
    const match = /^\{%([-+]?)[ \t\n]{0,20}endraw[ \t\n]{0,20}([-+]?)%\}/.exec(source.slice(at, at + 60));
    if (match) {
      const [text, before, after] = match;
      return { at, end: at + text.length, trimsBefore: before === '-', trimsAfter: after === '-' };
    }
  }
  return undefined;
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f' || char === '\v';
}
