import { literalTemplate } from '../literal.js';
import type { DraftRules } from '../model.js';
import type { NoteTaker } from '../note.js';
import { MAX_TEXT, unreadable } from '../structured-text.js';
import type { HandlebarsBlock, HandlebarsCall, HandlebarsExpression, HandlebarsNode } from './nodes.js';
import { guarded, helperName, literalCode, member, type Place } from './place.js';

/** What a translation must know of the prompt around it. */
export interface TranslationOptions {
  /** The file, for errors. */
  readonly file: string;
  readonly note: NoteTaker;
  /** What is known of an input, by the name that the template has for it; called for each use. */
  readonly input: (name: string, use: InputUse) => TranslatedInput;
  /** The parsed body of a partial and a taker of notes about its file; undefined when there is none. */
  readonly partial: (
    name: string,
  ) => { readonly nodes: readonly HandlebarsNode[]; readonly note: NoteTaker } | undefined;
  /** Names that loops must not give to their items. */
  readonly taken: ReadonlySet<string>;
}

export interface TranslatedInput {
  /** Name of the parameter. */
  readonly name: string;
  /** Rules of its values, where a schema says them. */
  readonly rules?: (DraftRules & { readonly required?: boolean }) | undefined;
  /** Whether it always has a value. */
  readonly sure: boolean;
}

/** How a template uses an input, from which its type can be told where no schema says it. */
export type InputUse = 'print' | 'test' | 'list' | 'object';

/** What a block made of the names in it. */
type Frame =
  | { readonly kind: 'root' }
  | { readonly kind: 'this'; readonly value: Place; readonly loop: boolean; readonly key?: string }
  | { readonly kind: 'names'; readonly names: ReadonlyMap<string, Place> };

const MAX_PARTIALS = 200;
const COMPARISONS: Readonly<Record<string, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  lte: '<=',
  gte: '>=',
};

/**
 * Translates Handlebars to Jinja: what the two have in common renders the same, the rest is noted.
 * White space is that of Handlebars: the tokens have lost what belongs to tags.
 */
export class JinjaTranslation {
  private readonly frames: Frame[] = [{ kind: 'root' }];
  private readonly items = new Set<string>();
  private note: NoteTaker;
  private partials = 0;
  private written = 0;

  constructor(private readonly options: TranslationOptions) {
    this.note = options.note;
  }

  /** The Jinja source of some nodes. @throws PrompdError EIMPORT when partials expand without end */
  translate(nodes: readonly HandlebarsNode[]): string {
    const parts = nodes.map((node, index) => {
      if (node.kind !== 'text') return this.node(node);
      const beforeTag = index < nodes.length - 1;
      const roots = new Set([...this.options.taken, ...this.items]);
      return literalTemplate(node.text, { roots, beforeTag, exact: false });
    });
    this.written += parts.reduce((sum, part) => sum + part.length, 0);
    if (this.written > MAX_TEXT * 4)
      throw unreadable(this.options.file, 'its partials expand to too much text');
    return parts.join('');
  }

  private node(node: Exclude<HandlebarsNode, { kind: 'text' }>): string {
    if (node.kind === 'value') return this.value(node.call, node.line);
    if (node.kind === 'block') return this.block(node);
    return this.partial(node);
  }

  private value(call: HandlebarsCall, line: number): string {
    const { target, args, hash } = call;
    const name = helperName(target);
    if (args.length === 0 && hash.length === 0 && name !== 'history') return this.printed(target, line);
    switch (name) {
      case 'json': {
        const [argument] = args;
        if (!argument) return '';
        const indent = hash.find(([key]) => key === 'indent')?.[1];
        const width = indent?.kind === 'literal' && typeof indent.value === 'number' ? indent.value : 0;
        return `{{ ${this.code(argument, line, 'print')}|tojson${width > 0 ? `(${width})` : ''} }}`;
      }
      case 'lookup': {
        const [object, key] = args;
        if (!object || !key) return '';
        return `{{ ${this.code(object, line, 'object')}[${this.code(key, line, 'print')}]|default("") }}`;
      }
      case 'media':
        this.note('media', 'Prompts hold text only; the image or file is left out.', { line });
        return '';
      case 'section':
        this.note('section', 'A place that a program fills in has no counterpart; it is left out.', { line });
        return '';
      case 'history':
        this.note(
          'history',
          'Earlier messages are the affair of whoever sends the prompt; they are left out.',
          { line },
        );
        return '';
      case 'role':
        this.note('role', 'A message that begins inside of a block stays part of the message around it.', {
          line,
        });
        return '';
      case 'log':
        this.note('log', 'Templates do not log; it is left out.', { line });
        return '';
    }
    if (name in COMPARISONS || name === 'and' || name === 'or' || name === 'not') {
      return `{{ ${this.call(call, line)} }}`;
    }
    const [first] = args;
    const kept = first ? 'its first argument is printed as it is' : 'it is left out';
    this.note(`helper "${name}"`, `There is no such helper here; ${kept}.`, {
      line,
      hint: 'Use a filter of the template language in its place.',
    });
    return first ? this.printed(first, line) : '';
  }

  private printed(expression: HandlebarsExpression, line: number): string {
    if (expression.kind === 'literal')
      return expression.value === null ? '' : literalTemplate(String(expression.value));
    if (expression.kind === 'call') return `{{ ${this.call(expression.call, line)} }}`;
    const place = this.place(expression, line, 'print');
    if (!place) return '';
    if (place.rules?.type === 'array') return `{{ ${place.code}|join(",") }}`;
    return place.sure ? `{{ ${place.code} }}` : `{{ ${place.code}|default("") }}`;
  }

  private block(node: HandlebarsBlock): string {
    const { call, line, inverted } = node;
    const name = helperName(call.target);
    const [first, second] = call.args;
    if (inverted && call.args.length === 0)
      return this.condition(`not ${this.test(call.target, line)}`, node);
    if (first) {
      switch (name) {
        case 'if':
          return this.condition(this.test(first, line), node);
        case 'unless':
          return this.condition(`not ${this.test(first, line)}`, node);
        case 'each':
          return this.each(node, first);
        case 'with':
          return this.with(node, first);
        case 'ifEquals':
        case 'unlessEquals':
          if (second) {
            const operator = name === 'ifEquals' ? '==' : '!=';
            return this.condition(
              `${this.operand(first, line)} ${operator} ${this.operand(second, line)}`,
              node,
            );
          }
      }
    } else if (call.target.kind === 'path') {
      return this.section(node, call.target);
    }
    this.note(
      `helper "${name}"`,
      'There is no such block helper here; what is in the block is always shown.',
      { line },
    );
    return this.translate(node.body);
  }

  /** `{{#x}}…{{/x}}`: by what `x` is a loop, a context or a condition. */
  private section(node: HandlebarsBlock, path: Extract<HandlebarsExpression, { kind: 'path' }>): string {
    const type = this.place(path, node.line, 'test')?.rules?.type;
    if (type === 'array') return this.each(node, path);
    if (type === 'object') return this.with(node, path);
    return this.condition(this.test(path, node.line), node);
  }

  private condition(test: string, { body, otherwise }: HandlebarsBlock): string {
    const yes = this.translate(body);
    const no = this.translate(otherwise);
    return `{% if ${test} %}${yes}${no === '' ? '' : `{% else %}${no}`}{% endif %}`;
  }

  private each(node: HandlebarsBlock, list: HandlebarsExpression): string {
    const { line, names, body, otherwise } = node;
    if (list.kind !== 'path') {
      this.note('each', 'Loops go through a value that has a name; this one is left out.', { line });
      return '';
    }
    const place = this.place(list, line, 'list');
    if (!place) return '';
    const isObject = place.rules?.type === 'object';
    const item = this.itemName(names[0]);
    const key = isObject ? this.itemName(names[1] ?? 'key') : undefined;
    const value: Place = { code: item, rules: place.rules?.items, sure: true };
    const blockNames = new Map<string, Place>();
    if (names[0] !== undefined) blockNames.set(names[0], value);
    if (names[1] !== undefined) {
      const code = key ?? 'loop.index0';
      blockNames.set(names[1], { code, rules: undefined, sure: true });
    }
    this.frames.push({ kind: 'this', value, loop: true, ...(key === undefined ? {} : { key }) });
    this.frames.push({ kind: 'names', names: blockNames });
    const inside = this.translate(body);
    this.frames.splice(-2);
    this.items.delete(item);
    if (key !== undefined) this.items.delete(key);
    const no = this.translate(otherwise);
    const source = place.sure || !place.code.includes('.') ? place.code : `${place.code}|default([])`;
    const head = key === undefined ? `${item} in ${source}` : `${key}, ${item} in ${place.code}.items()`;
    return `{% for ${head} %}${inside}${no === '' ? '' : `{% else %}${no}`}{% endfor %}`;
  }

  private with(node: HandlebarsBlock, subject: HandlebarsExpression): string {
    const { line, names, body, otherwise } = node;
    const value = subject.kind === 'path' ? this.place(subject, line, 'object') : undefined;
    if (!value) {
      this.note('with', 'A context must be a value that has a name; the block is shown without it.', {
        line,
      });
      return this.translate(body);
    }
    this.frames.push({ kind: 'this', value, loop: false });
    this.frames.push({ kind: 'names', names: new Map(names.slice(0, 1).map(name => [name, value])) });
    const inside = this.translate(body);
    this.frames.splice(-2);
    if (value.sure && otherwise.length === 0) return inside;
    const no = this.translate(otherwise);
    return `{% if ${guarded(value)} %}${inside}${no === '' ? '' : `{% else %}${no}`}{% endif %}`;
  }

  private partial({ name, line, context, hash }: Extract<HandlebarsNode, { kind: 'partial' }>): string {
    const found = this.options.partial(name);
    if (!found) {
      this.note(`partial "${name}"`, 'There is no such file beside the prompt; it is left out.', {
        line,
        hint: `Import the folder that holds "_${name}.prompt".`,
      });
      return '';
    }
    this.partials += 1;
    if (this.partials > MAX_PARTIALS)
      throw unreadable(this.options.file, 'its partials include each other without end');
    const names = new Map<string, Place>();
    const bindings: string[] = [];
    for (const [key, expression] of hash) {
      const local = this.itemName(key);
      bindings.push(`${local} = ${this.code(expression, line, 'print')}`);
      names.set(key, { code: local, rules: undefined, sure: true });
    }
    const depth = this.frames.length;
    const value = context?.kind === 'path' ? this.place(context, line, 'object') : undefined;
    if (value) this.frames.push({ kind: 'this', value, loop: false });
    this.frames.push({ kind: 'names', names });
    const outer = this.note;
    this.note = found.note;
    const inside = this.translate(found.nodes);
    this.note = outer;
    this.frames.splice(depth);
    for (const { code } of names.values()) this.items.delete(code);
    return bindings.length === 0 ? inside : `{% with ${bindings.join(', ')} %}${inside}{% endwith %}`;
  }

  /** An expression as a condition: what may be missing counts as false. */
  private test(expression: HandlebarsExpression, line: number): string {
    if (expression.kind === 'call') return `(${this.call(expression.call, line)})`;
    if (expression.kind === 'literal') return literalCode(expression.value);
    const place = this.place(expression, line, 'test');
    return place ? guarded(place) : 'false';
  }

  /** An expression as one side of a comparison. */
  private operand(expression: HandlebarsExpression, line: number): string {
    if (expression.kind !== 'path') return this.code(expression, line, 'print');
    const place = this.place(expression, line, 'print');
    return place ? guarded(place) : 'none';
  }

  private code(expression: HandlebarsExpression, line: number, use: InputUse): string {
    if (expression.kind === 'literal') return literalCode(expression.value);
    if (expression.kind === 'call') return `(${this.call(expression.call, line)})`;
    const place = this.place(expression, line, use);
    if (!place) return '""';
    return place.sure || use !== 'print' ? place.code : `${place.code}|default("")`;
  }

  /** A helper in parentheses. Comparisons are no part of Handlebars, but most programs add them under these names. */
  private call({ target, args }: HandlebarsCall, line: number): string {
    const name = helperName(target);
    const compares = Object.hasOwn(COMPARISONS, name);
    const sides = args.map(argument => (compares ? this.operand(argument, line) : this.test(argument, line)));
    const [first = 'false', second] = sides;
    const operator = Object.hasOwn(COMPARISONS, name) ? COMPARISONS[name] : undefined;
    if (operator !== undefined && second !== undefined) return `${first} ${operator} ${second}`;
    if (name === 'and' || name === 'or') return sides.length === 0 ? 'false' : sides.join(` ${name} `);
    if (name === 'not') return `not ${first}`;
    this.note(`helper "${name}"`, 'There is no such helper here; its first argument stands in its place.', {
      line,
    });
    return first;
  }

  /** Finds what a path means where it stands. */
  private place(
    path: Extract<HandlebarsExpression, { kind: 'path' }>,
    line: number,
    use: InputUse,
  ): Place | undefined {
    const { up, data, parts } = path;
    const [head, ...rest] = parts;
    if (data) return this.dataPlace(path, line, use);
    let at = this.frames.length - 1;
    if (up === 0 && head !== undefined && !path.explicit) {
      for (let index = at; index >= 0; index -= 1) {
        const frame = this.frames[index];
        const named = frame?.kind === 'names' ? frame.names.get(head) : undefined;
        if (named) return rest.reduce(member, named);
        if (frame?.kind === 'this') break;
      }
    }
    for (let left = up; ; at -= 1) {
      const frame = this.frames[at];
      if (frame === undefined || frame.kind === 'root') break;
      if (frame.kind === 'names') continue;
      if (left === 0) return parts.reduce(member, frame.value);
      left -= 1;
    }
    // Names of blocks further out are still visible where the context has been left.
    const outer = up === 0 && head !== undefined ? undefined : this.outerName(head, at);
    return outer ? rest.reduce(member, outer) : this.rootPlace(parts, line, use);
  }

  private outerName(head: string | undefined, from: number): Place | undefined {
    if (head === undefined) return undefined;
    for (let index = from; index >= 0; index -= 1) {
      const frame = this.frames[index];
      const named = frame?.kind === 'names' ? frame.names.get(head) : undefined;
      if (named) return named;
    }
    return undefined;
  }

  private rootPlace(parts: readonly string[], line: number, use: InputUse): Place | undefined {
    const [head, ...rest] = parts;
    if (head === undefined) {
      this.note('this', 'All values at once cannot be printed; it is left out.', { line });
      return undefined;
    }
    const { name, rules, sure } = this.options.input(head, rest.length > 0 ? 'object' : use);
    return rest.reduce(member, { code: name, rules, sure });
  }

  private dataPlace(
    { up, parts }: { up: number; parts: readonly string[] },
    line: number,
    use: InputUse,
  ): Place | undefined {
    const [head = '', ...rest] = parts;
    if (head === 'root') return this.rootPlace(rest, line, use);
    const loop = this.frames.findLast(frame => frame.kind === 'this' && frame.loop);
    const known: Readonly<Record<string, string>> = {
      index: 'loop.index0',
      first: 'loop.first',
      last: 'loop.last',
      key: loop?.kind === 'this' && loop.key !== undefined ? loop.key : 'loop.index0',
    };
    const code = up === 0 && loop && Object.hasOwn(known, head) ? known[head] : undefined;
    if (code !== undefined) return { code, rules: undefined, sure: true };
    this.note(
      `@${head}`,
      'Only @index, @key, @first and @last of the innermost loop, and @root, have a counterpart.',
      { line },
    );
    return undefined;
  }

  /** A name for the items of a loop that means nothing else where it is used. */
  private itemName(wanted = 'item'): string {
    const base = /^[a-z_][a-z0-9_]*$/.test(wanted) && wanted !== 'loop' ? wanted : 'item';
    let name = base;
    for (let number = 2; this.items.has(name) || this.options.taken.has(name); number += 1)
      name = `${base}_${number}`;
    this.items.add(name);
    return name;
  }
}
