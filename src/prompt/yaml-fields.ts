import { distance } from 'fastest-levenshtein';
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { ErrorCode } from '../core/error-table.js';
import type { Problem } from '../core/problem.js';
import type { SourceText } from './source-text.js';

/** A field of a YAML map: its value, as plain data, and where key and value stand in the file. */
export interface Field {
  readonly key: string;
  readonly keyAt: number;
  readonly valueAt: number;
  readonly node: Node | undefined;
  readonly value: unknown;
  /** The value as the file has it. */
  readonly source: string;
}

/** Reads fields of a YAML map with checks that say where in the file a value is wrong. */
export class FieldReader {
  private readonly fields = new Map<string, Field>();

  constructor(
    map: YAMLMap,
    private readonly context: FieldContext,
    /** What has the fields, for messages; empty for the front matter itself. */
    private readonly owner: string = '',
  ) {
    for (const pair of map.items) {
      const field = this.toField(pair);
      if (field) this.fields.set(field.key, field);
    }
  }

  keys(): string[] {
    return [...this.fields.keys()];
  }

  field(key: string): Field | undefined {
    const field = this.fields.get(key);
    // `key:` with nothing behind it is as good as no field.
    return field && field.value !== null ? field : undefined;
  }

  /** The field with its value, even null. */
  fieldOrNull(key: string): Field | undefined {
    return this.fields.get(key);
  }

  string(key: string): string | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    if (typeof field.value === 'string') return field.value;
    this.wrong(field, 'must be text', quoteHint(field));
    return undefined;
  }

  boolean(key: string): boolean | undefined {
    return this.typed(key, 'must be true or false', value =>
      typeof value === 'boolean' ? value : undefined,
    );
  }

  number(key: string): number | undefined {
    return this.typed(key, 'must be a number', value =>
      typeof value === 'number' && Number.isFinite(value) ? value : undefined,
    );
  }

  /** A whole number that is not negative. */
  count(key: string): number | undefined {
    return this.typed(key, 'must be a whole number from 0', value =>
      typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined,
    );
  }

  /** A text or a list of texts. */
  strings(key: string): { values: string[]; list: boolean } | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    if (typeof field.value === 'string') return { values: [field.value], list: false };
    if (!Array.isArray(field.value)) {
      this.wrong(field, 'must be text or a list of texts', quoteHint(field));
      return undefined;
    }
    const values: string[] = [];
    for (const [index, item] of field.value.entries()) {
      if (typeof item === 'string') values.push(item);
      else this.wrong(field, `must hold texts only, but item ${index + 1} is ${describe(item)}`);
    }
    return { values, list: true };
  }

  /** Reports every field that is not known, with the nearest name that is. */
  reportUnknown(known: readonly string[]): Field[] {
    const unknown = [...this.fields.values()].filter(({ key }) => !known.includes(key));
    for (const { key, keyAt } of unknown) {
      const near = nearest(key, known);
      this.context.report(
        this.context.source.problem(
          'EPROMPTFIELD',
          `${this.title(key)} is not a field of the format; it is kept.`,
          {
            at: keyAt,
            severity: 'warning',
            ...(near === undefined ? {} : { hint: `Did you mean "${near}"?` }),
          },
        ),
      );
    }
    return unknown;
  }

  wrong(field: Field, message: string, hint?: string): void {
    this.context.report(
      this.context.source.problem(
        this.context.code,
        `${this.title(field.key)} ${message}, not ${describe(field.value)}.`,
        {
          at: field.valueAt,
          ...(hint === undefined ? {} : { hint }),
        },
      ),
    );
  }

  private typed<T>(key: string, rule: string, read: (value: unknown) => T | undefined): T | undefined {
    const field = this.field(key);
    if (!field) return undefined;
    const value = read(field.value);
    if (value === undefined) this.wrong(field, rule);
    return value;
  }

  private title(key: string): string {
    return this.owner ? `"${key}" of ${this.owner}` : `"${key}"`;
  }

  private toField(pair: Pair): Field | undefined {
    const { source, start, document } = this.context;
    const keyNode = isNode(pair.key) ? pair.key : undefined;
    const keyAt = start + (keyNode?.range?.[0] ?? 0);
    const key = isScalar(keyNode) ? keyNode.value : undefined;
    if (typeof key !== 'string') {
      this.context.report(
        source.problem(this.context.code, 'The name of a field must be text.', { at: keyAt }),
      );
      return undefined;
    }
    const node = isNode(pair.value) ? pair.value : undefined;
    const target = isAlias(node) ? node.resolve(document) : node;
    const valueAt = node?.range ? start + node.range[0] : keyAt;
    const text = node?.range ? source.text.slice(start + node.range[0], start + node.range[1]) : '';
    return { key, keyAt, valueAt, node: target, value: toPlain(node, document), source: text };
  }
}

/** What the readers of one file share. */
export interface FieldContext {
  readonly source: SourceText;
  readonly document: Document.Parsed;
  /** Offset of the YAML text in the file. */
  readonly start: number;
  /** Code of problems with values. */
  readonly code: ErrorCode;
  report(problem: Problem): void;
}

/** The YAML map behind a field's value, if it is one. */
export function asMap(node: Node | undefined): YAMLMap | undefined {
  return isMap(node) ? node : undefined;
}

/** The items of the list behind a field's value, if it is one. */
export function asItems(node: Node | undefined, document: Document.Parsed): (Node | undefined)[] | undefined {
  if (!isSeq(node)) return undefined;
  return node.items.map(item => (isAlias(item) ? item.resolve(document) : isNode(item) ? item : undefined));
}

/** Longer words are not compared: the cost grows with the square of the length. */
const MAX_WORD = 100;

/** The nearest of some names, when it is near enough to be a slip. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  if (word.length > MAX_WORD) return undefined;
  const folded = word.toLowerCase().replace(/[-_]/g, '');
  const ranked = names
    .filter(name => name.length <= MAX_WORD)
    .map(name => ({ name, far: distance(folded, name.toLowerCase().replace(/[-_]/g, '')) }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1));
  const [best] = ranked;
  return best && best.far <= mostSlips(word) ? best.name : undefined;
}

/** A value for a message: short, on one line. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const json = toLine(value);
  return json.length > 80 ? `${json.slice(0, 77)}...` : json;
}

/** Two letters swapped count as two slips. */
function mostSlips(word: string): number {
  return word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3));
}

function toLine(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A big integer, or data that contains itself.
    return typeof value === 'bigint' ? `${value}` : 'data that is not JSON';
  }
}

function toPlain(node: Node | undefined, document: Document.Parsed): unknown {
  if (!node) return null;
  return withoutPrototype(node.toJS(document, { maxAliasCount: 100 }));
}

/** Drops members named `__proto__`, which no honest file has. */
function withoutPrototype(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototype);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, member]) => [key, withoutPrototype(member)]),
  );
}

function quoteHint({ value, source }: Field): string | undefined {
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  return scalar ? `Write it in quotes: "${source}".` : undefined;
}
