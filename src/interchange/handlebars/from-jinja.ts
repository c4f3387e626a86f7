import type { Expression, Statement, Template } from '../../core/template-nodes.js';
import type { NoteTaker } from '../note.js';

/** A name that a loop binds. */
interface Level {
  readonly item: string;
  readonly key: string | undefined;
}

/**
 * Translates a template to Handlebars as dotprompt files have it. White space comes out the same: where Handlebars would
 * take the line of a tag away, it is given one more. What has no counterpart is noted and left out.
 */
export function handlebarsOf(template: Template, note: NoteTaker): string {
  return assemble(new HandlebarsTranslation(note).pieces(template.body));
}

type Piece = { readonly kind: 'text' | 'value' | 'block'; readonly code: string };

class HandlebarsTranslation {
  private readonly levels: Level[] = [];
  /** Names that stand for a text or for another name. */
  private aliases: ReadonlyMap<string, Expression> = new Map();
  /** Conditions and loops around the place at hand. */
  private depth = 0;

  constructor(private readonly note: NoteTaker) {}

  pieces(body: readonly Statement[]): Piece[] {
    const pieces: Piece[] = [];
    for (const statement of body) {
      for (const piece of this.statement(statement)) {
        const last = pieces.at(-1);
        if (piece.kind === 'text' && last?.kind === 'text') {
          pieces[pieces.length - 1] = { kind: 'text', code: last.code + piece.code };
        } else if (piece.code !== '') {
          pieces.push(piece);
        }
      }
    }
    return pieces;
  }

  private statement(node: Statement): Piece[] {
    switch (node.kind) {
      case 'text':
        return [{ kind: 'text', code: node.text }];
      case 'output':
        return this.output(node.value);
      case 'if':
        return this.condition(node.branches, node.otherwise);
      case 'for':
        return this.loop(node);
    }
    if (node.kind === 'with') return this.bound(node.bindings, node.body);
    if (node.kind === 'set' && this.depth === 0 && node.target.kind === 'names' && isAlias(node.value)) {
      const [name] = node.target.names;
      if (name !== undefined && node.target.names.length === 1) {
        this.aliases = new Map([...this.aliases, [name, this.resolved(node.value)]]);
        return [];
      }
    }
    const words: Readonly<Record<string, string>> = {
      'set-block': 'set',
      'call-block': 'call',
      'filter-block': 'filter',
    };
    const word = words[node.kind] ?? node.kind;
    this.lost(`{% ${word} %}`, 'Handlebars has nothing like it; it is left out.');
    return node.kind === 'filter-block' ? this.pieces(node.body) : [];
  }

  /** `with` whose names stand for texts or other names; the others are left out. */
  private bound(
    bindings: readonly { readonly name: string; readonly value: Expression | undefined }[],
    body: readonly Statement[],
  ): Piece[] {
    const outer = this.aliases;
    const inner = new Map(outer);
    for (const { name, value } of bindings) {
      if (value && isAlias(value)) inner.set(name, this.resolved(value));
      else
        this.lost(
          '{% with %}',
          `The value of "${name}" is computed, which Handlebars cannot; it is left out.`,
        );
    }
    this.aliases = inner;
    const pieces = this.inside(body);
    this.aliases = outer;
    return pieces;
  }

  private inside(body: readonly Statement[]): Piece[] {
    this.depth += 1;
    const pieces = this.pieces(body);
    this.depth -= 1;
    return pieces;
  }

  /** What a name stands for. */
  private resolved(node: Expression): Expression {
    if (node.kind === 'name') return this.aliases.get(node.name) ?? node;
    if (node.kind === 'attribute' || node.kind === 'index')
      return { ...node, target: this.resolved(node.target) };
    return node;
  }

  private output(given: Expression): Piece[] {
    const value = this.resolved(given);
    if (value.kind === 'literal') {
      const text =
        typeof value.value === 'string' ? value.value : value.value === null ? '' : String(value.value);
      return [{ kind: 'text', code: text }];
    }
    if (value.kind === 'filter' && value.target) {
      if (value.name === 'tojson') {
        const path = this.path(value.target);
        const [indent] = value.args.positional;
        const width =
          indent?.kind === 'literal' && typeof indent.value === 'number' ? ` indent=${indent.value}` : '';
        if (path !== undefined) return [{ kind: 'value', code: `{{json ${path}${width}}}` }];
      }
      const [fallback] = value.args.positional;
      const empty = fallback?.kind === 'literal' && fallback.value === '';
      const isDefault = value.name === 'default' || value.name === 'd';
      if (isDefault && fallback && !empty) {
        const path = this.path(value.target);
        const other = this.output(fallback);
        if (path !== undefined) {
          return [
            { kind: 'block', code: `{{#if ${path}}}` },
            { kind: 'value', code: `{{${path}}}` },
            { kind: 'block', code: '{{else}}' },
            ...other,
            { kind: 'block', code: '{{/if}}' },
          ];
        }
      }
      const joins = value.name === 'join' && fallback?.kind === 'literal' && fallback.value === ',';
      if (
        !(isDefault && (empty || !fallback)) &&
        !joins &&
        value.name !== 'safe' &&
        value.name !== 'string'
      ) {
        this.lost(`filter "${value.name}"`, 'Handlebars has no filters; the value is printed without it.');
      }
      return this.output(value.target);
    }
    const path = this.path(value);
    if (path !== undefined) return [{ kind: 'value', code: `{{${path}}}` }];
    if (value.kind === 'condition') return this.inlineCondition(value);
    this.lost('expression', 'Handlebars prints values by name only; it is left out.');
    return [];
  }

  private inlineCondition(node: Extract<Expression, { kind: 'condition' }>): Piece[] {
    const opened = this.test(node.test);
    if (!opened) return [];
    const { open, close } = opened;
    const no = node.no ? this.output(node.no) : [];
    return [
      { kind: 'block', code: open },
      ...this.output(node.yes),
      ...(no.length === 0 ? [] : [{ kind: 'block', code: '{{else}}' } as const, ...no]),
      { kind: 'block', code: close },
    ];
  }

  private condition(
    branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[],
    otherwise: readonly Statement[],
  ): Piece[] {
    const [first, ...rest] = branches;
    if (!first) return this.inside(otherwise);
    const no = rest.length > 0 ? this.condition(rest, otherwise) : this.inside(otherwise);
    const opened = this.test(first.test);
    if (!opened) return no;
    return [
      { kind: 'block', code: opened.open },
      ...this.inside(first.body),
      ...(no.length === 0 ? [] : [{ kind: 'block', code: '{{else}}' } as const, ...no]),
      { kind: 'block', code: opened.close },
    ];
  }

  private test(test: Expression): { open: string; close: string } | undefined {
    if (test.kind === 'unary' && test.operator === 'not') {
      const path = this.path(withoutDefault(test.operand));
      if (path !== undefined) return { open: `{{#unless ${path}}}`, close: '{{/unless}}' };
    }
    if (
      test.kind === 'test' &&
      (test.name === 'defined' || test.name === 'undefined' || test.name === 'none')
    ) {
      const path = this.path(test.target);
      const there = (test.name === 'defined') !== test.negated;
      if (path !== undefined) return block(there ? 'if' : 'unless', path);
    }
    if (test.kind === 'compare' && test.rest.length === 1) {
      const [operator, right] = test.rest[0] ?? [];
      const [a, b] = [this.operand(test.first), right && this.operand(right)];
      if (a !== undefined && b !== undefined && (operator === '==' || operator === '!=')) {
        const name = operator === '==' ? 'ifEquals' : 'unlessEquals';
        return { open: `{{#${name} ${a} ${b}}}`, close: `{{/${name}}}` };
      }
    }
    const path = this.path(withoutDefault(test));
    if (path !== undefined) return block('if', path);
    this.lost('condition', 'Handlebars tests a value or compares two for equality; the branch is left out.');
    return undefined;
  }

  private loop(node: Extract<Statement, { kind: 'for' }>): Piece[] {
    const [first = 'item', second] = node.names;
    const items = itemsCall(node.iterable);
    const path = this.path(items ?? withoutDefault(node.iterable));
    if (path === undefined || (second !== undefined && !items) || node.recursive) {
      this.lost('{% for %}', 'Handlebars loops through a value that has a name; the loop is left out.');
      return [];
    }
    if (node.filter)
      this.lost('{% for … if %}', 'Handlebars loops through all items; the condition is left out.');
    this.levels.push(second === undefined ? { item: first, key: undefined } : { item: second, key: first });
    const body = this.inside(node.body);
    this.levels.pop();
    const no = this.inside(node.otherwise);
    return [
      { kind: 'block', code: `{{#each ${path}}}` },
      ...body,
      ...(no.length === 0 ? [] : [{ kind: 'block', code: '{{else}}' } as const, ...no]),
      { kind: 'block', code: '{{/each}}' },
    ];
  }

  private operand(node: Expression): string | undefined {
    const bare = this.resolved(withoutDefault(node));
    if (bare.kind !== 'literal') return this.path(bare);
    if (typeof bare.value !== 'string') return String(bare.value);
    if (!bare.value.includes('"')) return `"${bare.value}"`;
    return bare.value.includes("'") ? undefined : `'${bare.value}'`;
  }

  /** The path that an expression is, from where it stands; undefined when it is none. */
  private path(node: Expression): string | undefined {
    const steps = pathOf(this.resolved(node));
    if (!steps) return undefined;
    const [root = '', ...rest] = steps;
    if (root === 'loop') return this.loopMember(rest);
    for (let up = 0; up < this.levels.length; up += 1) {
      const level = this.levels[this.levels.length - 1 - up];
      if (level?.key === root && rest.length === 0) return up === 0 ? '@key' : undefined;
      if (level?.item !== root) continue;
      const inner = rest.map(segment).join('.');
      const prefix = '../'.repeat(up);
      if (up === 0) return inner === '' ? 'this' : `this.${inner}`;
      return inner === '' ? `${prefix}this` : `${prefix}${inner}`;
    }
    const whole = steps.map(segment).join('.');
    return this.levels.length === 0 ? whole : `@root.${whole}`;
  }

  private loopMember([name = '', ...rest]: readonly string[]): string | undefined {
    const members: Readonly<Record<string, string>> = { index0: '@index', first: '@first', last: '@last' };
    if (rest.length === 0 && Object.hasOwn(members, name)) return members[name];
    this.lost(`loop.${name}`, 'Handlebars has only the index from 0, first and last.');
    return undefined;
  }

  private lost(what: string, why: string): void {
    this.note(what, why);
  }
}

/**
 * Puts the pieces together. A block tag alone on its line takes the line along in Handlebars: one more line end keeps the
 * text as it was, or an empty comment where the line is indented.
 */
function assemble(pieces: readonly Piece[]): string {
  let result = '';
  for (const [index, { kind, code }] of pieces.entries()) {
    const next = pieces[index + 1];
    if (kind === 'text') {
      result += escapeText(code, next !== undefined);
      continue;
    }
    if (kind === 'block') {
      const before = pieces[index - 1];
      const line = before?.kind === 'text' ? before.code.slice(before.code.lastIndexOf('\n') + 1) : undefined;
      const starts =
        before === undefined || (line?.trim() === '' && (index === 1 || before.code.includes('\n')));
      const after = next?.kind === 'text' ? (/^[ \t]*\n/.exec(next.code) ?? undefined) : undefined;
      if (starts && (after || next === undefined)) {
        const plain = (line ?? '') === '' && (after === undefined || after[0] === '\n');
        result += plain ? `${code}${after ? '\n' : ''}` : `{{!}}${code}`;
        continue;
      }
    }
    result += code;
  }
  return result;
}

/** Text as Handlebars prints it again: `{{` is escaped, and backslashes in front of a tag are doubled once. */
function escapeText(text: string, beforeTag: boolean): string {
  const escaped = text.replace(/(\\*)\{\{/g, (_all, slashes: string) =>
    slashes === '' ? '\\{{' : `${slashes}\\{{!}}\\{{`,
  );
  const ends = /(\\+|\{)$/.exec(escaped)?.[0];
  if (!beforeTag || ends === undefined) return escaped;
  // A brace in front of a tag would make it a tag of three.
  return ends === '{' ? `${escaped}{{!}}` : `${escaped}\\`;
}

/** Whether a name can be replaced by its value wherever it is used. */
function isAlias(value: Expression): boolean {
  return value.kind === 'literal' || pathOf(value) !== undefined;
}

function block(name: string, path: string): { open: string; close: string } {
  return { open: `{{#${name} ${path}}}`, close: `{{/${name}}}` };
}

/** `x|default(…)` where only the truth of `x` is asked for. */
function withoutDefault(node: Expression): Expression {
  const guards = node.kind === 'filter' && (node.name === 'default' || node.name === 'd');
  return guards && node.target ? node.target : node;
}

/** `x` of `x.items()`. */
function itemsCall(node: Expression): Expression | undefined {
  if (node.kind !== 'call' || node.args.positional.length + node.args.named.length > 0) return undefined;
  return node.target.kind === 'attribute' && node.target.name === 'items' ? node.target.target : undefined;
}

function pathOf(node: Expression): string[] | undefined {
  if (node.kind === 'name') return [node.name];
  if (node.kind === 'attribute') {
    const target = pathOf(node.target);
    return target && [...target, node.name];
  }
  if (node.kind !== 'index' || node.index.kind !== 'literal') return undefined;
  const { value } = node.index;
  const target = pathOf(node.target);
  const usable = typeof value === 'string' ? !value.includes(']') : typeof value === 'number' && value >= 0;
  return target && usable ? [...target, String(value)] : undefined;
}

function segment(part: string): string {
  return /^[A-Za-z_]\w*$/.test(part) ? part : `[${part}]`;
}
