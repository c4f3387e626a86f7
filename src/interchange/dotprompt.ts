import { stringify } from 'yaml';
import { handlebarsOf } from './handlebars/from-jinja.js';
import type { HandlebarsNode } from './handlebars/nodes.js';
import { parseHandlebars } from './handlebars/parser.js';
import { helperName } from './handlebars/place.js';
import { type InputUse, JinjaTranslation } from './handlebars/to-jinja.js';
import { rulesOf } from './json-schema.js';
import { textField, textsOf } from './markdown.js';
import type {
  DraftMessage,
  DraftParameter,
  DraftRules,
  Execution,
  ForeignFile,
  MessageRole,
  PromptDraft,
  ReadOptions,
  TemplateLanguage,
} from './model.js';
import { parameterNames } from './name.js';
import { type NoteTaker, notesOn } from './note.js';
import { type InputSpec, noteRenames, toParameter } from './parameters.js';
import { jsonSchemaOf, picoschemaOf } from './picoschema.js';
import { type FrontMatterText, isRecord, readFrontMatter, unreadable } from './structured-text.js';

const KNOWN = new Set([
  'name',
  'variant',
  'version',
  'description',
  'model',
  'config',
  'input',
  'author',
  'tags',
  'license',
]);
const REASONS: Readonly<Record<string, string>> = {
  output: 'A prompt has no schema of its answers; say in its text what they look like.',
  tools: 'Prompts declare no tools; whoever runs the prompt adds them.',
  toolDefs: 'Prompts declare no tools; whoever runs the prompt adds them.',
  metadata: 'A prompt has no free metadata; it is left out.',
  ext: 'Fields of extensions belong to the program that reads them; they are left out.',
};
const MAX_PARTIALS = 100;

/**
 * Reads a dotprompt file (.prompt): front matter with Picoschema, Handlebars with the helpers of dotprompt.
 * @see https://google.github.io/dotprompt/reference/
 * @throws PrompdError EIMPORT with the line of what cannot be read
 */
export function readDotprompt(file: ForeignFile, options: ReadOptions): PromptDraft {
  const note = notesOn(file.path, options.note);
  const front = frontMatterOf(file);
  const { fields } = front;
  for (const key of Object.keys(fields)) {
    if (KNOWN.has(key)) continue;
    const why = REASONS[key] ?? (key.includes('.') ? REASONS['ext'] : undefined);
    note(key, why ?? 'A prompt has no such field; it is left out.', at(front, [key]));
  }
  const specs = inputsOf(front, note);
  const nodes = parseHandlebars(front.body, file, front.bodyLine);
  const groups = splitMessages(withRolesOfPartials(nodes, file, options), note);
  const { messages, parameters } = translate(groups, { file, specs, options, note });
  if (messages.every(({ template }) => template.trim() === '')) throw unreadable(file.path, 'it has no text');
  const variant = textField(fields, 'variant');
  const name = textField(fields, 'name') ?? file.title;
  const [description, version, author, license] = ['description', 'version', 'author', 'license'].map(key =>
    textField(fields, key),
  );
  return {
    source: file.path,
    format: 'dotprompt',
    title: variant === undefined ? name : `${name}.${variant}`,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(author === undefined ? {} : { author }),
    ...(license === undefined ? {} : { license }),
    tags: textsOf(fields['tags']),
    execution: executionOf(front, note),
    parameters,
    messages,
  };
}

/** A dotprompt file. */
export function writeDotprompt(
  draft: Omit<PromptDraft, 'messages'>,
  messages: readonly { readonly role: MessageRole; readonly template: string }[],
  { note, language }: { note: NoteTaker; language: TemplateLanguage },
): string {
  const { title, description, author, tags, parameters, execution } = draft;
  const { provider, model, temperature, max_tokens } = execution;
  const config = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { maxOutputTokens: max_tokens }),
  };
  const defaults = parameters.filter(parameter => parameter.default !== undefined);
  const input = {
    ...(parameters.length === 0
      ? {}
      : { schema: Object.fromEntries(parameters.map(parameter => fieldOf(parameter, note))) }),
    ...(defaults.length === 0
      ? {}
      : { default: Object.fromEntries(defaults.map(({ name, default: value }) => [name, value])) }),
  };
  const fields = {
    name: title,
    ...(description === undefined ? {} : { description }),
    ...(author === undefined ? {} : { author }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    ...(model === undefined ? {} : { model: provider === undefined ? model : `${provider}/${model}` }),
    ...(Object.keys(config).length === 0 ? {} : { config }),
    ...(Object.keys(input).length === 0 ? {} : { input }),
  };
  const roots = new Set(parameters.map(({ name }) => name));
  const bodies = messages.map(({ role, template }) => {
    const tree = language.parse(template, roots);
    if ('fault' in tree) throw new TypeError(`a loaded prompt parses: ${tree.fault}`);
    const text = handlebarsOf(tree, note);
    if (/[ \t]\n*$/.test(text)) {
      note('white space', `Dotprompt takes the blanks off the end of the ${role} message.`);
    }
    return { role, text };
  });
  const [only] = bodies;
  const body =
    bodies.length === 1 && only?.role === 'user'
      ? `${only.text}\n`
      : bodies
          .map(({ role, text }) => `{{role "${role === 'assistant' ? 'model' : role}"}}\n${text}\n`)
          .join('\n');
  return `---\n${stringify(fields, { lineWidth: 0, aliasDuplicateObjects: false })}---\n${body}`;
}

function fieldOf(parameter: DraftParameter, note: NoteTaker): [string, unknown] {
  const { name, required, default: fallback } = parameter;
  const lost: string[] = [];
  const described = { ...parameter, required: required || fallback !== undefined };
  const field = picoschemaOf(name, described, rule => lost.push(rule));
  if (lost.length > 0)
    note(`rules of "${name}"`, `Picoschema has no ${lost.join(', ')}: they are not checked.`);
  if (parameter.example !== undefined)
    note(`example of "${name}"`, 'A dotprompt file has none; it is left out.');
  return field;
}

/** Front matter is optional, and may have comments in front of it. */
function frontMatterOf(file: ForeignFile): FrontMatterText {
  const comments = /^(?:#[^\n]*\n|[ \t]*\n)*(?=---[ \t]*\n)/.exec(file.text)?.[0] ?? '';
  const blanked = comments.replace(/[^\n]+/g, '') + file.text.slice(comments.length);
  const front = readFrontMatter(blanked, file.path);
  return front ?? { fields: {}, lineOf: () => undefined, body: file.text, bodyLine: 1 };
}

/** Partials at the top level without values of their own that hold roles are put in place: their roles divide, too. */
function withRolesOfPartials(
  nodes: readonly HandlebarsNode[],
  file: ForeignFile,
  options: ReadOptions,
): HandlebarsNode[] {
  let count = 0;
  const inPlace = (list: readonly HandlebarsNode[]): HandlebarsNode[] =>
    list.flatMap((node): HandlebarsNode[] => {
      if (node.kind !== 'partial' || node.context || node.hash.length > 0) return [node];
      const partial = options.partials?.get(node.name);
      const inner = partial ? partialNodes(partial) : [];
      if (!inner.some(child => child.kind === 'value' && helperName(child.call.target) === 'role'))
        return [node];
      count += 1;
      if (count > MAX_PARTIALS) throw unreadable(file.path, 'its partials include each other without end');
      return inPlace(inner);
    });
  return inPlace(nodes);
}

function partialNodes(file: ForeignFile): HandlebarsNode[] {
  const { body, bodyLine } = frontMatterOf(file);
  return parseHandlebars(body, file, bodyLine);
}

interface Group {
  readonly role: MessageRole;
  readonly nodes: HandlebarsNode[];
  readonly line: number;
}

/** Divides the top level at `{{role "…"}}` and `{{history}}`. */
function splitMessages(nodes: readonly HandlebarsNode[], note: NoteTaker): Group[] {
  const groups: Group[] = [{ role: 'user', nodes: [], line: nodes[0]?.line ?? 1 }];
  for (const node of nodes) {
    const helper = node.kind === 'value' ? helperName(node.call.target) : '';
    if (node.kind === 'value' && helper === 'role') {
      groups.push({ role: roleOf(node, note), nodes: [], line: node.line });
    } else if (node.kind === 'value' && helper === 'history') {
      note('history', 'Earlier messages are the affair of whoever sends the prompt; they are left out.', {
        line: node.line,
      });
      groups.push({ role: 'assistant', nodes: [], line: node.line });
    } else {
      groups.at(-1)?.nodes.push(node);
    }
  }
  return groups
    .map(group => ({ ...group, nodes: trimmed(group.nodes) }))
    .filter(group => group.nodes.length > 0);
}

function roleOf({ call, line }: Extract<HandlebarsNode, { kind: 'value' }>, note: NoteTaker): MessageRole {
  const [argument] = call.args;
  const word = argument?.kind === 'literal' ? String(argument.value) : '';
  if (call.hash.length > 0)
    note('role metadata', 'A message of a prompt has only a role; it is left out.', { line });
  if (word === 'system' || word === 'user') return word;
  if (word === 'model' || word === 'assistant') return 'assistant';
  note(
    `role "${word.slice(0, 40)}"`,
    'A prompt has messages of system, user and assistant; the text went to the user.',
    { line },
  );
  return 'user';
}

/** The nodes of a message without the blank lines around it. */
function trimmed(nodes: readonly HandlebarsNode[]): HandlebarsNode[] {
  const result = [...nodes];
  const [first] = result;
  if (first?.kind === 'text') result[0] = { ...first, text: first.text.replace(/^(?:[ \t]*\n)+/, '') };
  const last = result.at(-1);
  if (last?.kind === 'text') result[result.length - 1] = { ...last, text: last.text.trimEnd() };
  return result.filter(node => node.kind !== 'text' || node.text !== '');
}

interface Reading {
  readonly file: ForeignFile;
  readonly specs: ReadonlyMap<string, InputSpec>;
  readonly options: ReadOptions;
  readonly note: NoteTaker;
}

/** Translates twice: the first time tells which inputs there are and how they are used, the second one writes. */
function translate(
  groups: readonly Group[],
  { file, specs, options, note }: Reading,
): { messages: DraftMessage[]; parameters: DraftParameter[] } {
  const uses = new Map<string, Set<InputUse>>([...specs.keys()].map(name => [name, new Set()]));
  const partial = (quiet: boolean) => partialsOf(file, options, quiet);
  const rulesOfInput = (name: string) => {
    const spec = specs.get(name);
    return spec?.schema === undefined ? undefined : rulesOf(spec.schema, () => {});
  };
  const first = new JinjaTranslation({
    file: file.path,
    note: () => {},
    partial: partial(true),
    taken: new Set(),
    input: (name, use) => {
      const known = uses.get(name) ?? new Set();
      uses.set(name, known.add(use));
      return { name, rules: rulesOfInput(name), sure: true };
    },
  });
  for (const { nodes } of groups) first.translate(nodes);
  const names = parameterNames([...uses.keys()]);
  noteRenames(names, note);
  const parameters = new Map(
    [...uses].map(([raw, how]) => {
      const spec = specs.get(raw) ?? { name: raw };
      return [
        raw,
        toParameter(spec, { name: names.get(raw) ?? raw, fallback: fallbackOf(how), note }),
      ] as const;
    }),
  );
  const second = new JinjaTranslation({
    file: file.path,
    note,
    partial: partial(false),
    taken: new Set(names.values()),
    input: name => {
      const parameter = parameters.get(name);
      const sure = parameter !== undefined && (parameter.required || parameter.default !== undefined);
      return { name: names.get(name) ?? name, rules: parameter, sure };
    },
  });
  const messages = groups.map(({ role, nodes, line }) => ({ role, line, template: second.translate(nodes) }));
  return { messages, parameters: [...parameters.values()] };
}

function partialsOf(file: ForeignFile, options: ReadOptions, quiet: boolean) {
  const parsed = new Map<string, { nodes: readonly HandlebarsNode[]; note: NoteTaker }>();
  return (name: string) => {
    const found = options.partials?.get(name);
    if (!found || found.path === file.path) return undefined;
    const known = parsed.get(name) ?? {
      nodes: partialNodes(found),
      note: quiet ? () => {} : notesOn(found.path, options.note),
    };
    parsed.set(name, known);
    return known;
  };
}

function fallbackOf(uses: ReadonlySet<InputUse>): DraftRules {
  if (uses.has('list')) return { type: 'array' };
  if (uses.has('object')) return { type: 'object' };
  return { type: uses.has('test') && !uses.has('print') ? 'boolean' : 'string' };
}

function inputsOf(front: FrontMatterText, note: NoteTaker): Map<string, InputSpec> {
  const { input } = front.fields;
  const specs = new Map<string, InputSpec>();
  if (!isRecord(input)) return specs;
  const schema =
    input['schema'] === undefined
      ? {}
      : jsonSchemaOf(input['schema'], name =>
          note(
            `schema "${name.slice(0, 60)}"`,
            'It is registered in a program, not written in the file: any value fits.',
            at(front, ['input', 'schema']),
          ),
        );
  if (isRecord(input['schema']) && '(*)' in input['schema']) {
    note(
      'schema "(*)"',
      'A prompt takes the parameters it declares, no others.',
      at(front, ['input', 'schema', '(*)']),
    );
  }
  const needed = new Set(Array.isArray(schema['required']) ? schema['required'] : []);
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  for (const [name, member] of Object.entries(properties)) {
    const description = textField(member, 'description');
    const fallback = isRecord(member) ? member['default'] : undefined;
    specs.set(name, {
      name,
      schema: member,
      required: needed.has(name),
      description,
      default: fallback,
      ...at(front, ['input', 'schema']),
    });
  }
  const defaults = isRecord(input['default']) ? input['default'] : {};
  for (const [name, value] of Object.entries(defaults)) {
    specs.set(name, {
      ...(specs.get(name) ?? { name }),
      default: value,
      ...at(front, ['input', 'default', name]),
    });
  }
  return specs;
}

function executionOf(front: FrontMatterText, note: NoteTaker): Execution {
  const { config } = front.fields;
  const settings = isRecord(config) ? config : {};
  for (const key of Object.keys(settings)) {
    if (['temperature', 'maxOutputTokens', 'max_tokens'].includes(key)) continue;
    note(
      `config "${key}"`,
      'A prompt has a default for temperature and max_tokens only.',
      at(front, ['config', key]),
    );
  }
  const named = textField(front.fields, 'model');
  const slash = named?.indexOf('/') ?? -1;
  const { temperature } = settings;
  const tokens = settings['maxOutputTokens'] ?? settings['max_tokens'];
  return {
    ...(named !== undefined && slash > 0 ? { provider: named.slice(0, slash) } : {}),
    ...(named === undefined ? {} : { model: slash > 0 ? named.slice(slash + 1) : named }),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0
      ? { max_tokens: tokens }
      : {}),
  };
}

function at(front: FrontMatterText, path: readonly (string | number)[]): { line?: number } {
  const line = front.lineOf(path);
  return line === undefined ? {} : { line };
}
