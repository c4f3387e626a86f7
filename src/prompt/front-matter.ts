import { type Alias, type Document, isNode, type Node, parseDocument, visit } from 'yaml';
import type { Problem } from '../core/problem.js';
import { isVersion } from '../core/version.js';
import { duplicateKeys, isNestedTooDeeply } from '../core/yaml-document.js';
import { MAX_EXAMPLES, tooManyExamples } from './body.js';
import { FRONT_MATTER_FIELDS } from './field-table.js';
import type { FrontMatterBlock } from './front-matter-block.js';
import { type PlacedDefinition, readParameters } from './parameter-definition.js';
import { plainYaml } from './plain-yaml.js';
import { ROLES, type Role } from './role.js';
import type { SourceText } from './source-text.js';
import { asItems, asMap, describe, type FieldContext, FieldReader } from './yaml-fields.js';

/** A text of the front matter and the range of offsets it was written in. */
export interface PlacedText {
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

/** What the front matter of one file says. */
export interface FrontMatter {
  readonly name?: string;
  /** Of the later generation; `name` may then be free text. */
  readonly id?: string;
  readonly version?: string;
  readonly description?: string;
  readonly author?: string;
  readonly tags: readonly string[];
  readonly categories: readonly string[];
  readonly parameters: readonly PlacedDefinition[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly roles: ReadonlyMap<Role, readonly PlacedText[]>;
  readonly contexts: readonly PlacedText[];
  readonly inherits?: PlacedText;
  /** Section id to file, or null to remove the section. */
  readonly override: readonly {
    readonly id: string;
    readonly at: number;
    readonly file: PlacedText | null;
  }[];
  readonly using: readonly { readonly name: PlacedText; readonly prefix: string }[];
  readonly requires: readonly PlacedText[];
  /** `provider`, `model`, `temperature`, `max_tokens`, `models`, where given. */
  readonly execution: Readonly<Record<string, unknown>>;
  /** Fields that the format does not know. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

const FIELDS = Object.keys(FRONT_MATTER_FIELDS);
const ID = /^[a-z0-9-]{1,64}$/;

/** Reads and checks the front matter. Undefined when it is not a YAML map; then a problem says why. */
export function readFrontMatter(
  source: SourceText,
  block: FrontMatterBlock,
  report: (problem: Problem) => void,
): FrontMatter | undefined {
  const parsed = parseYaml(source, block, report);
  if (!parsed) return undefined;
  const { context, contents } = parsed;
  const map = asMap(contents);
  if (!map) {
    const message = 'The front matter has no fields.';
    report(
      source.problem('EPROMPT', message, { at: block.yamlStart, hint: 'Write at least "name: my-prompt".' }),
    );
    return undefined;
  }
  const reader = new FieldReader(map, context);
  const parameters = reader.field('parameters');
  const inherits = placedTexts(reader, 'inherits', context)[0];
  const unknown = reader.reportUnknown(FIELDS);
  return {
    ...readIdentity(reader, context, block),
    ...optional('description', reader.string('description')),
    ...optional('author', reader.string('author')),
    tags: reader.strings('tags')?.values ?? [],
    categories: reader.strings('categories')?.values ?? [],
    parameters: parameters ? readParameters(parameters, context) : [],
    inputs: readInputs(reader, context),
    roles: readRoles(reader, context),
    contexts: placedTexts(reader, 'contexts', context),
    ...optional('inherits', inherits),
    override: readOverride(reader, context),
    using: readUsing(reader, context),
    requires: placedTexts(reader, 'requires', context),
    execution: readExecution(reader),
    unknown: Object.fromEntries(unknown.map(({ key, value }) => [key, value])),
  };
}

/** The most likely text of a prompt that YAML does not take as it stands: the name of a package. */
const QUOTE_HINT = 'Put what begins with "@" in quotes, as in "@team/tone:plain".';

/** What nodes without anchors are asked with. */
const NO_ANCHORS = parseDocument('');

function parseYaml(
  source: SourceText,
  block: FrontMatterBlock,
  report: (problem: Problem) => void,
): { context: FieldContext; contents: Node | undefined } | undefined {
  const start = block.yamlStart;
  const contextOf = (document: Document.Parsed) =>
    ({ source, document, start, code: 'EPROMPTFIELD', report }) as const;
  const text = source.text.slice(start, block.yamlEnd);
  const plain = plainYaml(text);
  if (plain) return { context: contextOf(NO_ANCHORS), contents: plain };
  const fault = (at: number, message: string) => {
    const hint = source.text[at] === '@' ? QUOTE_HINT : undefined;
    const options = { at, ...(hint === undefined ? {} : { hint }) };
    report(source.problem('EPROMPT', `The front matter is not valid YAML: ${message}`, options));
  };
  try {
    if (isNestedTooDeeply(text)) {
      fault(start, 'it is nested too deeply.');
      return undefined;
    }
    const document = parseDocument(text, { prettyErrors: false, uniqueKeys: false, logLevel: 'silent' });
    const faults = [...document.errors, ...document.warnings];
    for (const error of faults)
      fault(start + error.pos[0], `${error.message.split('\n')[0]}.`.replace(/\.\.$/, '.'));
    const repeated = duplicateKeys(document);
    for (const key of repeated) fault(start + (key.range?.[0] ?? 0), 'Map keys must be unique.');
    if (faults.length + repeated.length > 0) return undefined;
    const lost = brokenAlias(document);
    if (lost) {
      fault(start + (lost.range?.[0] ?? 0), `the alias "${lost.source}" has no anchor.`);
      return undefined;
    }
    // Bounds what aliases may expand to before any field is read.
    JSON.stringify(document.toJS({ maxAliasCount: 100 }));
    return {
      context: contextOf(document),
      contents: isNode(document.contents) ? document.contents : undefined,
    };
  } catch (error) {
    fault(
      start,
      error instanceof RangeError ? 'it is nested too deeply.' : 'its aliases cannot be resolved.',
    );
    return undefined;
  }
}

/** The first alias without an anchor before it. */
function brokenAlias(document: Document.Parsed): Alias | undefined {
  let broken: Alias | undefined;
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document)) return undefined;
      broken = alias;
      return visit.BREAK;
    },
  });
  return broken;
}

function readIdentity(
  reader: FieldReader,
  context: FieldContext,
  block: FrontMatterBlock,
): { name?: string; id?: string; version?: string } {
  const { source, report } = context;
  const [name, id] = [reader.string('name'), reader.string('id')];
  if (!reader.field('name') && !reader.field('id')) {
    const options = { at: block.yamlStart, hint: 'Add "name: my-prompt".' };
    report(source.problem('EPROMPTFIELD', 'The front matter has neither "name" nor "id".', options));
  }
  const [key, word] = reader.field('id') ? (['id', id] as const) : (['name', name] as const);
  const field = reader.field(key);
  if (field && word !== undefined && !ID.test(word)) {
    const near = word
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 64);
    const message = `"${key}" should have only a-z, 0-9 and "-", and at most 64 of them, not ${describe(word)}.`;
    const hint = near ? { hint: `Write "${near}".` } : {};
    const blank = word.trim() === '';
    report(
      source.problem('EPROMPTFIELD', message, {
        at: field.valueAt,
        severity: blank ? 'error' : 'warning',
        ...hint,
      }),
    );
  }
  return {
    ...optional('name', name),
    ...optional('id', id),
    ...optional('version', readVersion(reader, context)),
  };
}

function readVersion(reader: FieldReader, { source, report }: FieldContext): string | undefined {
  const field = reader.field('version');
  if (!field) return undefined;
  if (typeof field.value === 'number') {
    const parts = field.source.split('.');
    const full = [...parts, '0', '0'].slice(0, 3).join('.');
    const message = `"version" is the number ${field.source}, not text: YAML may drop its zeros.`;
    report(
      source.problem('EPROMPTFIELD', message, { at: field.valueAt, hint: `Write it in quotes: "${full}".` }),
    );
    return undefined;
  }
  const version = reader.string('version');
  if (version === undefined || isVersion(version)) return version;
  const message = `"version" must be a semantic version, not ${describe(version)}.`;
  const hint = 'Write it as major.minor.patch in quotes, as in "1.4.0".';
  report(source.problem('EBADVERSION', message, { at: field.valueAt, hint }));
  return undefined;
}

function readInputs(reader: FieldReader, context: FieldContext): Record<string, unknown> {
  const field = reader.field('inputs');
  if (!field) return {};
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.wrong(field, 'must be a map');
    return {};
  }
  if (hasInexactNumber(value)) {
    const hint = 'Write it in quotes.';
    const message = '"inputs" has a number that JSON cannot hold exactly.';
    context.report(context.source.problem('EPROMPTFIELD', message, { at: field.valueAt, hint }));
  }
  return { ...value };
}

/** Whether a whole number beyond ±(2^53 - 1), an infinity or a NaN is anywhere in a value. */
function hasInexactNumber(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInexactNumber);
}

function readRoles(reader: FieldReader, context: FieldContext): Map<Role, readonly PlacedText[]> {
  const roles = new Map<Role, readonly PlacedText[]>();
  for (const role of ROLES) {
    const texts = placedTexts(reader, role, context);
    if (role === 'assistant' && texts.length > MAX_EXAMPLES) {
      context.report(tooManyExamples(context.source, texts[0]?.at ?? context.start));
    }
    if (texts.length > 0) roles.set(role, texts.slice(0, MAX_EXAMPLES));
  }
  return roles;
}

/** The texts of a field that is a text or a list of texts, each with its place. */
function placedTexts(reader: FieldReader, key: string, context: FieldContext): PlacedText[] {
  const field = reader.field(key);
  if (!field || !reader.strings(key)) return [];
  const place = (node: Node | undefined, text: unknown): PlacedText[] => {
    if (typeof text !== 'string') return [];
    const [start, end] = node?.range ?? [field.valueAt - context.start, field.valueAt - context.start];
    return [{ text, at: context.start + start, end: context.start + end }];
  };
  if (!Array.isArray(field.value)) return place(field.node, field.value);
  const nodes = asItems(field.node, context.document) ?? [];
  return field.value.flatMap((text, index) => place(nodes[index], text));
}

function readOverride(reader: FieldReader, context: FieldContext): FrontMatter['override'] {
  const field = reader.field('override');
  if (!field) return [];
  const map = asMap(field.node);
  if (!map) {
    reader.wrong(field, 'must be a map from section ids to files or null');
    return [];
  }
  const entries = new FieldReader(map, context, '"override"');
  return entries.keys().flatMap((id): FrontMatter['override'] => {
    const entry = entries.fieldOrNull(id);
    if (!entry) return [];
    if (entry.value === null) return [{ id, at: entry.keyAt, file: null }];
    const [file] = placedTexts(entries, id, context);
    return file ? [{ id, at: entry.keyAt, file }] : [];
  });
}

function readUsing(reader: FieldReader, context: FieldContext): FrontMatter['using'] {
  const field = reader.field('using');
  if (!field) return [];
  const items = asItems(field.node, context.document);
  if (!items) reader.wrong(field, 'must be a list of { name, prefix }');
  return (items ?? []).flatMap((item, index) => {
    const map = asMap(item);
    const entry = map && new FieldReader(map, context, `"using" ${index + 1}`);
    const [name] = entry ? placedTexts(entry, 'name', context) : [];
    const prefix = entry?.string('prefix');
    entry?.reportUnknown(['name', 'prefix']);
    if (name && prefix) return [{ name, prefix }];
    const at = context.start + (item?.range?.[0] ?? 0);
    const hint = 'Write "- name: \'@team/package\'" and "prefix: short".';
    context.report(
      context.source.problem('EPROMPTFIELD', `"using" ${index + 1} needs a name and a prefix.`, { at, hint }),
    );
    return [];
  });
}

function readExecution(reader: FieldReader): Record<string, unknown> {
  const values = {
    provider: reader.string('provider'),
    model: reader.string('model'),
    temperature: reader.number('temperature'),
    max_tokens: reader.count('max_tokens'),
    models: reader.field('models')?.value,
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: V };
}
