import type { Arguments, BinaryOperator, CompareOperator, Expression } from '../../core/template-nodes.js';
import { TemplateError } from './template-error.js';
import type { Token } from './token.js';

const MAX_DEPTH = 100;
const MAX_CHAIN = 200;
const COMPARE: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const CONSTANTS: Readonly<Record<string, boolean | null>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
};
const RESERVED = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);
/** Left-associative operators, weakest first. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [['+', '-'], ['~'], ['*', '/', '//', '%']];

/**
 * Recursive descent over the tokens of one tag, with Jinja's precedence: condition, or, and, not, comparison,
 * `+ -`, `~`, `* / // %`, `**`, unary, postfix. Depth and the length of postfix chains are bounded.
 * @see https://jinja.palletsprojects.com/en/stable/templates/#expressions
 */
export class ExpressionParser {
  private position = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** The next token, which stays in place. */
  get next(): Token {
    return this.peek(0);
  }

  peek(ahead: number): Token {
    const token = this.tokens[Math.min(this.position + ahead, this.tokens.length - 1)];
    if (!token) throw new TypeError('a tag has at least its end token');
    return token;
  }

  /** Takes the next token when it is the given operator or word. */
  accept(text: string): boolean {
    const { kind, text: found } = this.next;
    if (found !== text || kind === 'string' || kind === 'end') return false;
    this.position += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(`"${text}"`);
  }

  /** Takes a name that may be bound. */
  expectName(what: string): Token {
    const token = this.next;
    if (token.kind !== 'name' || token.text in CONSTANTS || RESERVED.has(token.text)) {
      throw this.unexpected(what);
    }
    this.position += 1;
    return token;
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') throw this.unexpected('the end of the tag');
  }

  unexpected(expected: string): TemplateError {
    const { kind, text, at } = this.next;
    const found = kind === 'end' ? text : kind === 'string' ? 'a string' : `"${text.slice(0, 40)}"`;
    return new TemplateError('ETEMPLATE', `Unexpected ${found}: ${expected} was expected.`, at);
  }

  parseExpression(): Expression {
    return this.nested(() => {
      const yes = this.parseOr();
      if (!this.accept('if')) return yes;
      const test = this.parseOr();
      const no = this.accept('else') ? this.parseExpression() : undefined;
      return { kind: 'condition', at: yes.at, test, yes, no };
    });
  }

  /** An expression without a condition at its end, as `for x in items if x` needs it. */
  parseOr(): Expression {
    return this.chain(
      () => this.parseAnd(),
      () => (this.accept('or') ? 'or' : undefined),
    );
  }

  /** Filters that stand without a value in front, as in `{% filter upper|trim %}`. */
  parseBareFilters(): Expression {
    let node = this.parseFilter(undefined, this.next.at);
    for (let count = 0; this.accept('|'); count += 1) {
      this.boundChain(count);
      node = this.parseFilter(node, this.next.at);
    }
    return node;
  }

  private parseAnd(): Expression {
    return this.chain(
      () => this.parseNot(),
      () => (this.accept('and') ? 'and' : undefined),
    );
  }

  private parseNot(): Expression {
    const { at } = this.next;
    if (!this.accept('not')) return this.parseCompare();
    return { kind: 'unary', at, operator: 'not', operand: this.nested(() => this.parseNot()) };
  }

  private parseCompare(): Expression {
    const first = this.parseLevel(0);
    const rest: [CompareOperator, Expression][] = [];
    for (let operator = this.acceptCompare(); operator; operator = this.acceptCompare()) {
      rest.push([operator, this.parseLevel(0)]);
    }
    return rest.length === 0 ? first : { kind: 'compare', at: first.at, first, rest };
  }

  private acceptCompare(): CompareOperator | undefined {
    const { kind, text } = this.next;
    if (kind === 'operator' && COMPARE.has(text)) {
      this.position += 1;
      return text as CompareOperator;
    }
    if (this.accept('in')) return 'in';
    if (kind === 'name' && text === 'not' && this.peek(1).kind === 'name' && this.peek(1).text === 'in') {
      this.position += 2;
      return 'not in';
    }
    return undefined;
  }

  private parseLevel(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.parsePower();
    return this.chain(
      () => this.parseLevel(level + 1),
      () => operators.find(operator => this.accept(operator)),
    );
  }

  private parsePower(): Expression {
    return this.chain(
      () => this.parseUnary(true),
      () => (this.accept('**') ? '**' : undefined),
    );
  }

  private parseUnary(withFilters: boolean): Expression {
    const { at } = this.next;
    const operator = this.accept('-') ? '-' : this.accept('+') ? '+' : undefined;
    const bare: Expression = operator
      ? { kind: 'unary', at, operator, operand: this.nested(() => this.parseUnary(false)) }
      : this.parsePostfix(this.parsePrimary());
    return withFilters ? this.parseFiltersAndTests(bare) : bare;
  }

  private parsePrimary(): Expression {
    const token = this.next;
    const { at, text } = token;
    switch (token.kind) {
      case 'number':
        this.position += 1;
        return { kind: 'literal', at, value: token.value ?? 0 };
      case 'string': {
        let value = '';
        while (this.next.kind === 'string') {
          value += this.next.text;
          this.position += 1;
        }
        return { kind: 'literal', at, value };
      }
      case 'name': {
        const constant = Object.hasOwn(CONSTANTS, text) ? CONSTANTS[text] : undefined;
        if (constant === undefined && RESERVED.has(text)) break;
        this.position += 1;
        return constant === undefined
          ? { kind: 'name', at, name: text }
          : { kind: 'literal', at, value: constant };
      }
      case 'operator':
        if (this.accept('(')) return this.parseParenthesis(at);
        if (this.accept('[')) return { kind: 'list', at, items: this.parseItems(']') };
        if (this.accept('{')) return this.parseDict(at);
    }
    throw this.unexpected('a value');
  }

  private parseParenthesis(at: number): Expression {
    if (this.accept(')')) return { kind: 'list', at, items: [] };
    const first = this.parseExpression();
    if (this.accept(')')) return first;
    this.expect(',');
    return { kind: 'list', at, items: [first, ...this.parseItems(')')] };
  }

  private parseItems(close: string): Expression[] {
    const items: Expression[] = [];
    while (!this.accept(close)) {
      items.push(this.parseExpression());
      if (this.accept(close)) break;
      this.expect(',');
    }
    return items;
  }

  private parseDict(at: number): Expression {
    const entries: [Expression, Expression][] = [];
    while (!this.accept('}')) {
      const key = this.parseExpression();
      this.expect(':');
      entries.push([key, this.parseExpression()]);
      if (this.accept('}')) break;
      this.expect(',');
    }
    return { kind: 'dict', at, entries };
  }

  private parsePostfix(start: Expression): Expression {
    let node = start;
    for (let count = 0; ; count += 1) {
      this.boundChain(count);
      if (this.accept('.')) node = this.parseAttribute(node);
      else if (this.accept('[')) node = this.parseSubscript(node);
      else if (this.accept('('))
        node = { kind: 'call', at: node.at, target: node, args: this.parseArguments() };
      else return node;
    }
  }

  private parseAttribute(target: Expression): Expression {
    const token = this.next;
    if (token.kind === 'number' && /^\d+$/.test(token.text)) {
      this.position += 1;
      const index: Expression = { kind: 'literal', at: token.at, value: Number(token.text) };
      return { kind: 'index', at: target.at, target, index };
    }
    if (token.kind !== 'name') throw this.unexpected('the name of an attribute');
    this.position += 1;
    return { kind: 'attribute', at: target.at, target, name: token.text };
  }

  private parseSubscript(target: Expression): Expression {
    const part = () =>
      [':', ']'].includes(this.next.text) && this.next.kind === 'operator'
        ? undefined
        : this.parseExpression();
    const start = part();
    if (!this.accept(':')) {
      if (!start) throw this.unexpected('an index');
      this.expect(']');
      return { kind: 'index', at: target.at, target, index: start };
    }
    const stop = part();
    const step = this.accept(':') ? part() : undefined;
    this.expect(']');
    return { kind: 'slice', at: target.at, target, start, stop, step };
  }

  private parseArguments(): Arguments {
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    while (!this.accept(')')) {
      if (this.next.kind === 'name' && this.peek(1).kind === 'operator' && this.peek(1).text === '=') {
        const name = this.expectName('the name of an argument').text;
        this.expect('=');
        named.push([name, this.parseExpression()]);
      } else {
        if (named.length > 0) throw this.unexpected('a named argument');
        positional.push(this.parseExpression());
      }
      if (this.accept(')')) break;
      this.expect(',');
    }
    return { positional, named };
  }

  private parseFiltersAndTests(start: Expression): Expression {
    let node = start;
    for (let count = 0; ; count += 1) {
      this.boundChain(count);
      if (this.accept('|')) node = this.parseFilter(node, this.next.at);
      else if (this.accept('is')) node = this.parseTest(node);
      else if (this.accept('('))
        node = { kind: 'call', at: node.at, target: node, args: this.parseArguments() };
      else return node;
    }
  }

  private parseFilter(target: Expression | undefined, at: number): Expression {
    const name = this.expectName('the name of a filter').text;
    const args = this.accept('(') ? this.parseArguments() : { positional: [], named: [] };
    return { kind: 'filter', at, target, name, args };
  }

  private parseTest(target: Expression): Expression {
    const negated = this.accept('not');
    const { at, text, kind } = this.next;
    if (kind !== 'name' && !(kind === 'operator' && COMPARE.has(text)))
      throw this.unexpected('the name of a test');
    this.position += 1;
    const name = text;
    if (this.accept('(')) return { kind: 'test', at, target, name, args: this.parseArguments(), negated };
    const follows = this.next;
    const takes =
      follows.kind === 'string' ||
      follows.kind === 'number' ||
      (follows.kind === 'name' && !['else', 'or', 'and', 'is', 'if', 'in', 'not'].includes(follows.text)) ||
      (follows.kind === 'operator' && (follows.text === '[' || follows.text === '{'));
    const positional = takes ? [this.parsePostfix(this.parsePrimary())] : [];
    return { kind: 'test', at, target, name, args: { positional, named: [] }, negated };
  }

  private chain(operand: () => Expression, accept: () => BinaryOperator | undefined): Expression {
    let left = operand();
    let count = 0;
    for (let operator = accept(); operator; operator = accept()) {
      this.boundChain(count);
      count += 1;
      left = { kind: 'binary', at: left.at, operator, left, right: operand() };
    }
    return left;
  }

  private boundChain(length: number): void {
    if (length < MAX_CHAIN) return;
    throw new TemplateError('ETEMPLATE', `This expression has more than ${MAX_CHAIN} steps.`, this.next.at);
  }

  private nested<T>(parse: () => T): T {
    this.depth += 1;
    if (this.depth > MAX_DEPTH) {
      throw new TemplateError(
        'ETEMPLATE',
        `This expression is nested more than ${MAX_DEPTH} deep.`,
        this.next.at,
      );
    }
    const result = parse();
    this.depth -= 1;
    return result;
  }
}
