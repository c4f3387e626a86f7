import type { ForeignFile } from '../model.js';
import { unreadable } from '../structured-text.js';
import type { HandlebarsBlock, HandlebarsCall, HandlebarsExpression, HandlebarsNode } from './nodes.js';
import { type HandlebarsToken, handlebarsTokens } from './tokens.js';

const MAX_DEPTH = 50;
const WORD = /^(?:"([^"]*)"|'([^']*)'|\[([^\]]*)\]|[^\s"'()=|[\]]+(?:\[[^\]]*\][^\s"'()=|[\]]*)*|[()=|])/;

/**
 * Parses a Handlebars template.
 * @param firstLine line of the file on which the template begins
 * @throws PrompdError EIMPORT with the line of what cannot be read
 */
export function parseHandlebars(source: string, file: ForeignFile, firstLine: number): HandlebarsNode[] {
  return new Parser(handlebarsTokens(source, file, firstLine), file).parse();
}

class Parser {
  private position = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly HandlebarsToken[],
    private readonly file: ForeignFile,
  ) {}

  parse(): HandlebarsNode[] {
    const nodes = this.body();
    const rest = this.tokens[this.position];
    if (rest)
      throw this.fault(rest.line, `"{{${rest.kind === 'close' ? '/' : ''}…}}" has no block to belong to`);
    return nodes;
  }

  /** Nodes up to a closing tag or an `else`, which stays. */
  private body(): HandlebarsNode[] {
    const nodes: HandlebarsNode[] = [];
    for (let token = this.tokens[this.position]; token; token = this.tokens[this.position]) {
      if (token.kind === 'close' || token.kind === 'else') break;
      this.position += 1;
      if (token.kind === 'text') nodes.push(token);
      else if (token.kind === 'value')
        nodes.push({ kind: 'value', line: token.line, call: this.call(token).call });
      else if (token.kind === 'partial') nodes.push(this.partial(token.inside, token.line));
      else nodes.push(this.block(token.inside, token.line, token.kind === 'inverted'));
    }
    return nodes;
  }

  private partial(inside: string, line: number): HandlebarsNode {
    const { call } = this.call({ inside, line });
    const { target, args, hash } = call;
    const name =
      target.kind === 'path' ? target.parts.join('.') : target.kind === 'literal' ? String(target.value) : '';
    return { kind: 'partial', line, name, context: args[0], hash };
  }

  private block(inside: string, line: number, inverted: boolean): HandlebarsBlock {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.fault(line, `blocks are nested more than ${MAX_DEPTH} deep`);
    const opener = inside.replace(/^[>*]\s*/, '');
    const { call, names } = this.call({ inside: opener, line });
    const body = this.body();
    const otherwise = this.otherwise();
    const close = this.tokens[this.position];
    if (close?.kind !== 'close') throw this.fault(line, `the block "${opener.slice(0, 40)}" is never closed`);
    const name = opener.split(/[\s(]/)[0] ?? '';
    if (close.inside !== name)
      throw this.fault(close.line, `"{{/${close.inside.slice(0, 40)}}}" closes "${name.slice(0, 40)}"`);
    this.position += 1;
    this.depth -= 1;
    return { kind: 'block', line, call, inverted, names, body, otherwise };
  }

  /** What follows `{{else}}`; `{{else if x}}` is a block in it that shares the closing tag. */
  private otherwise(): HandlebarsNode[] {
    const token = this.tokens[this.position];
    if (token?.kind !== 'else') return [];
    this.position += 1;
    if (token.inside === '') return this.body();
    this.depth += 1;
    if (this.depth > MAX_DEPTH) throw this.fault(token.line, `blocks are nested more than ${MAX_DEPTH} deep`);
    const { call, names } = this.call(token);
    const body = this.body();
    const otherwise = this.otherwise();
    this.depth -= 1;
    return [{ kind: 'block', line: token.line, call, inverted: false, names, body, otherwise }];
  }

  private call({ inside, line }: { inside: string; line: number }): {
    call: HandlebarsCall;
    names: string[];
  } {
    const words = new Words(inside, message => this.fault(line, message));
    const call = words.call(0);
    const names = words.blockNames();
    words.expectEnd();
    return { call, names };
  }

  private fault(line: number, message: string): Error {
    return unreadable(this.file.path, `line ${line}: ${message}`);
  }
}

/** The words of one tag. */
class Words {
  private readonly words: string[] = [];
  private at = 0;

  constructor(
    inside: string,
    private readonly fault: (message: string) => Error,
  ) {
    let rest = inside.trim();
    while (rest !== '') {
      const word = WORD.exec(rest.slice(0, 2000))?.[0];
      if (word === undefined || this.words.length > 500) throw fault(`"${rest.slice(0, 40)}" cannot be read`);
      this.words.push(word);
      rest = rest.slice(word.length).trimStart();
    }
  }

  call(depth: number): HandlebarsCall {
    const target = this.expression(depth);
    const args: HandlebarsExpression[] = [];
    const hash: (readonly [string, HandlebarsExpression])[] = [];
    for (
      let word = this.words[this.at];
      word !== undefined && word !== ')' && word !== 'as';
      word = this.words[this.at]
    ) {
      if (this.words[this.at + 1] === '=') {
        this.at += 2;
        hash.push([word, this.expression(depth)]);
      } else {
        args.push(this.expression(depth));
      }
    }
    return { target, args, hash };
  }

  blockNames(): string[] {
    if (this.words[this.at] !== 'as') return [];
    const names = this.words.slice(this.at + 1).filter(word => word !== '|');
    this.at = this.words.length;
    return names;
  }

  expectEnd(): void {
    const word = this.words[this.at];
    if (word !== undefined) throw this.fault(`"${word.slice(0, 40)}" is not expected there`);
  }

  private expression(depth: number): HandlebarsExpression {
    if (depth > 20) throw this.fault('expressions are nested too deeply');
    const word = this.words[this.at];
    if (word === undefined || word === ')' || word === '=' || word === '|')
      throw this.fault('a name is missing');
    this.at += 1;
    if (word === '(') {
      const call = this.call(depth + 1);
      if (this.words[this.at] !== ')') throw this.fault('")" is missing');
      this.at += 1;
      return { kind: 'call', call };
    }
    return wordExpression(word);
  }
}

function wordExpression(word: string): HandlebarsExpression {
  const quote = word[0];
  if (quote === '"' || quote === "'") return { kind: 'literal', value: word.slice(1, -1) };
  if (/^-?\d+(?:\.\d+)?$/.test(word)) return { kind: 'literal', value: Number(word) };
  if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
  if (word === 'null' || word === 'undefined') return { kind: 'literal', value: null };
  const data = word.startsWith('@');
  const parts = [...(data ? word.slice(1) : word).matchAll(/\[([^\]]*)\]|[^./[\]]+|\.\.|\.(?=\/|$)/g)].map(
    ([part, segment]) => segment ?? part,
  );
  const up = parts.filter(part => part === '..').length;
  const explicit = parts[0] === 'this' || parts[0] === '.' || up > 0;
  return {
    kind: 'path',
    up,
    data,
    explicit,
    parts: parts.filter(part => !['..', '.', 'this'].includes(part)),
  };
}
