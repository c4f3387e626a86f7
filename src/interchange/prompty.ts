import { stringify } from 'yaml';
import { specOf } from './chat.js';
import { textField, textsOf, trimBlank } from './markdown.js';
import type {
  DraftMessage,
  DraftParameter,
  Execution,
  ForeignFile,
  MessageRole,
  PromptDraft,
  ReadOptions,
} from './model.js';
import { type NoteTaker, notesOn } from './note.js';
import type { InputSpec } from './parameters.js';
import { type FrontMatterText, isRecord, readFrontMatter, unreadable } from './structured-text.js';
import { segmentsOf } from './template-segments.js';
import { renameVariables } from './variables.js';

/** A line that begins a message, as in `user:` or `system[name="x"]:`. */
const MARKER =
  /^[ \t]*#?[ \t]*(system|user|assistant|developer|function|tool)[ \t]*(\[[^\]\n]{0,200}\])?[ \t]*:[ \t]*$/i;
const IMAGE = /!\[[^\]\n]{0,300}\]\([^)\n]{1,2000}\)/;
const KNOWN = new Set([
  ...[
    'name',
    'displayName',
    'description',
    'version',
    'authors',
    'author',
    'tags',
    'model',
    'sample',
    'inputs',
  ],
  ...['inputSchema', 'template', 'metadata', '$schema', 'license'],
]);
const REASONS: Readonly<Record<string, string>> = {
  outputs: 'A prompt has no schema of its answers; say in its text what they look like.',
  outputSchema: 'A prompt has no schema of its answers; say in its text what they look like.',
  tools: 'Prompts declare no tools; whoever runs the prompt adds them.',
  base: 'Another .prompty file that this one builds on was not read.',
};

interface RawMessage {
  readonly role: MessageRole;
  readonly source: string;
  readonly line: number;
}

/**
 * Reads a .prompty file, of the first generation (`model.api`, `configuration`, `parameters`, `sample`) or the second
 * (`model.id`, `connection`, `options`, `inputs` as a list, `metadata`).
 * @see https://prompty.ai
 * @throws PrompdError EIMPORT for a body that is no Jinja template, or one of another template language
 */
export function readPrompty(file: ForeignFile, options: ReadOptions): PromptDraft {
  const note = notesOn(file.path, options.note);
  const front = readFrontMatter(file.text, file.path) ?? {
    fields: {},
    lineOf: () => undefined,
    body: file.text,
    bodyLine: 1,
  };
  const { fields } = front;
  checkLanguage(file, fields['template']);
  for (const key of Object.keys(fields)) {
    if (!KNOWN.has(key))
      note(key, REASONS[key] ?? 'A prompt has no such field; it is left out.', at(front, [key]));
  }
  const metadata = isRecord(fields['metadata']) ? fields['metadata'] : {};
  for (const key of Object.keys(metadata)) {
    if (!['authors', 'author', 'tags', 'version'].includes(key)) {
      note(
        `metadata "${key}"`,
        'A prompt has no free metadata; it is left out.',
        at(front, ['metadata', key]),
      );
    }
  }
  const messages = splitMessages(front.body, front.bodyLine, note);
  if (messages.every(({ source }) => source.trim() === '')) throw unreadable(file.path, 'it has no text');
  const sources = messages.map(({ source, line }) => ({ source, line, file: file.path }));
  const inputs = inputsOf(front, note);
  const { templates, parameters } = renameVariables(sources, { inputs, language: options.language, note });
  const authors = [
    ...textsOf(fields['authors'] ?? fields['author']),
    ...textsOf(metadata['authors'] ?? metadata['author']),
  ];
  if (authors.length > 1)
    note('authors', `Only the first of ${authors.length} is kept.`, at(front, ['authors']));
  const [author] = authors;
  const title = textField(fields, 'name') ?? textField(fields, 'displayName') ?? file.title;
  const [description, license] = [textField(fields, 'description'), textField(fields, 'license')];
  const version = textField(fields, 'version') ?? textField(metadata, 'version');
  return {
    source: file.path,
    format: 'prompty',
    title,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(author === undefined ? {} : { author }),
    ...(license === undefined ? {} : { license }),
    tags: [...textsOf(fields['tags']), ...textsOf(metadata['tags'])],
    parameters,
    execution: executionOf(front, note),
    messages: messages.map(
      ({ role, line }, index): DraftMessage => ({ role, line, template: templates[index] ?? '' }),
    ),
  };
}

/** A .prompty file of the first generation, which every runtime reads. */
export function writePrompty(
  draft: Omit<PromptDraft, 'messages'>,
  messages: readonly { readonly role: MessageRole; readonly template: string }[],
  note: NoteTaker,
): string {
  const { title, description, version, author, tags, parameters, execution } = draft;
  const { provider, model, temperature, max_tokens } = execution;
  const settings = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { max_tokens }),
  };
  const configuration = {
    ...(provider === undefined ? {} : { type: provider }),
    ...(model === undefined ? {} : { model }),
  };
  const sample = parameters.filter(({ example }) => example !== undefined);
  const front = {
    name: title,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(author === undefined ? {} : { authors: [author] }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    model: {
      api: 'chat',
      ...(Object.keys(configuration).length === 0 ? {} : { configuration }),
      ...(Object.keys(settings).length === 0 ? {} : { parameters: settings }),
    },
    ...(parameters.length === 0
      ? {}
      : {
          inputs: Object.fromEntries(parameters.map(parameter => [parameter.name, inputOf(parameter, note)])),
        }),
    ...(sample.length === 0
      ? {}
      : { sample: Object.fromEntries(sample.map(({ name, example }) => [name, example])) }),
  };
  const body = messages.map(({ role, template }) => {
    const safe = template.replace(/^.*$/gm, line => {
      if (!MARKER.test(line)) return line;
      note(
        'text like a role marker',
        `The line "${line.trim()}" begins a message in some runtimes of prompty.`,
      );
      return line.replace(':', '{{ ":" }}');
    });
    return `${role}:\n${safe}\n`;
  });
  return `---\n${stringify(front, { lineWidth: 0, aliasDuplicateObjects: false })}---\n${body.join('\n')}`;
}

function inputOf({ name, type, ...rest }: DraftParameter, note: NoteTaker): Record<string, unknown> {
  const { required, description, default: fallback, example: _example, ...rules } = rest;
  const dropped = Object.keys(rules);
  if (dropped.length > 0) {
    note(
      `rules of "${name}"`,
      `An input of prompty has no ${dropped.join(', ')}: its runtimes do not check them.`,
    );
  }
  return {
    type:
      type === 'json'
        ? 'object'
        : type === 'float'
          ? 'number'
          : type === 'file' || type === 'base64'
            ? 'string'
            : type,
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(required || fallback !== undefined ? {} : { is_required: false }),
  };
}

function checkLanguage(file: ForeignFile, template: unknown): void {
  const format = isRecord(template) ? (template['format'] ?? template['type']) : template;
  const word = isRecord(format) ? format['kind'] : format;
  if (typeof word !== 'string' || /^jinja2?$/i.test(word)) return;
  throw unreadable(
    file.path,
    `its template language is "${word.slice(0, 40)}", not Jinja`,
    word === 'mustache'
      ? 'Rename the file to .prompt: dotprompt files are read as Handlebars, which Mustache is a part of.'
      : undefined,
  );
}

/** Divides a body at its role markers. Text before the first one belongs to the system. */
function splitMessages(body: string, bodyLine: number, note: NoteTaker): RawMessage[] {
  const messages: { role: MessageRole; lines: string[]; line: number; kept: boolean }[] = [];
  const inTags = linesInTags(body);
  for (const [index, line] of body.split('\n').entries()) {
    const marker = inTags.has(index) ? null : MARKER.exec(line);
    const place = bodyLine + index;
    if (!marker) {
      if (messages.length === 0) messages.push({ role: 'system', lines: [], line: place, kept: true });
      messages.at(-1)?.lines.push(line);
      continue;
    }
    const [, word = '', attributes] = marker;
    const role = word.toLowerCase();
    if (attributes)
      note(`attributes of "${role}"`, 'A message of a prompt has only a role; they are left out.', {
        line: place,
      });
    if (role === 'function' || role === 'tool') {
      note(
        `message of the role "${role}"`,
        'A prompt has messages of system, user and assistant; it is left out.',
        { line: place },
      );
    }
    if (role === 'developer')
      note('role "developer"', 'The message became the system message.', { line: place });
    const kept = role !== 'function' && role !== 'tool';
    messages.push({
      role: role === 'user' || role === 'assistant' ? role : 'system',
      lines: [],
      line: place,
      kept,
    });
  }
  for (const { lines, line, kept } of messages) {
    const image = kept ? lines.findIndex(text => IMAGE.test(text)) : -1;
    if (image !== -1)
      note('image', 'It stays a Markdown link; prompty would send the picture itself.', {
        line: line + image + 1,
      });
  }
  return messages
    .filter(({ kept }) => kept)
    .map(({ role, lines, line }) => ({ role, source: trimBlank(lines.join('\n')), line: line + 1 }))
    .filter(({ source }) => source !== '');
}

/** Indexes of lines that lie, from their start, inside of a tag, comment or raw block. */
function linesInTags(body: string): Set<number> {
  const lines = new Set<number>();
  let line = 0;
  for (const { kind, start, end } of segmentsOf(body)) {
    const count = body.slice(start, end).split('\n').length - 1;
    if (kind !== 'text') for (let inner = 1; inner <= count; inner += 1) lines.add(line + inner);
    line += count;
  }
  return lines;
}

/** Inputs of all generations: a map of schemas, a map of values, or a list; `sample` gives examples. */
function inputsOf(front: FrontMatterText, note: NoteTaker): InputSpec[] {
  const { fields } = front;
  const sample = isRecord(fields['sample']) ? fields['sample'] : {};
  if (typeof fields['sample'] === 'string') {
    note('sample', `The values in ${fields['sample'].slice(0, 100)} were not read.`, at(front, ['sample']));
  }
  const key = fields['inputs'] === undefined ? 'inputSchema' : 'inputs';
  const given = fields[key];
  const base =
    isRecord(given) && (Array.isArray(given['properties']) || isRecord(given['properties']))
      ? ['properties']
      : [];
  const holder = base.length > 0 && isRecord(given) ? given['properties'] : given;
  const specs = new Map<string, InputSpec>();
  const add = (name: string, value: unknown, step: string | number) => {
    const place = at(front, [key, ...base, step]);
    const spec = { ...specOf(name, typed(name, value, place, note)), ...place };
    specs.set(name, name in sample && spec.example === undefined ? { ...spec, example: sample[name] } : spec);
  };
  if (Array.isArray(holder)) {
    for (const [index, item] of holder.entries()) {
      const name = textField(item, 'name');
      if (name !== undefined) add(name, item, index);
    }
  } else if (isRecord(holder)) {
    for (const [name, value] of Object.entries(holder)) add(name, value, name);
  }
  for (const [name, value] of Object.entries(sample)) {
    if (!specs.has(name)) specs.set(name, { name, example: value, ...at(front, ['sample', name]) });
  }
  return [...specs.values()];
}

/** Kinds of inputs that only prompty has become text. */
function typed(name: string, value: unknown, place: { line?: number }, note: NoteTaker): unknown {
  if (!isRecord(value)) return value;
  const { strict: _strict, ...rest } = value;
  const kind = rest['kind'] ?? rest['type'];
  if (typeof kind !== 'string' || !['image', 'file', 'audio', 'thread'].includes(kind)) return rest;
  note(
    `kind "${kind}" of "${name}"`,
    'Values of a prompt are text and data; it is a text that may be empty.',
    place,
  );
  const { type: _type, kind: _kind, ...others } = rest;
  return { ...others, type: 'string', required: false };
}

function executionOf(front: FrontMatterText, note: NoteTaker): Execution {
  const { model } = front.fields;
  if (typeof model === 'string') return { model };
  if (!isRecord(model)) return {};
  const lost = (path: readonly string[], what: string, why: string) =>
    note(what, why, at(front, ['model', ...path]));
  const connection = ['configuration', 'connection'].find(key => isRecord(model[key]));
  const details: unknown = connection === undefined ? {} : model[connection];
  const settingsKey = ['parameters', 'options'].find(key => isRecord(model[key]));
  const settings: unknown = settingsKey === undefined ? {} : model[settingsKey];
  for (const key of Object.keys(isRecord(details) ? details : {})) {
    if (connection === undefined || ['type', 'model', 'name', 'kind'].includes(key)) continue;
    if (/deployment/.test(key)) continue;
    lost(
      [connection, key],
      `${connection} "${key}"`,
      'Where a model is and how it is reached is configured where the prompt runs.',
    );
  }
  for (const key of Object.keys(isRecord(settings) ? settings : {})) {
    if (
      settingsKey === undefined ||
      ['temperature', 'max_tokens', 'maxOutputTokens', 'maxTokens'].includes(key)
    )
      continue;
    lost(
      [settingsKey, key],
      `model setting "${key}"`,
      REASONS[key] ?? 'A prompt has a default for temperature and max_tokens only.',
    );
  }
  const api = textField(model, 'api') ?? textField(model, 'apiType');
  if (api !== undefined && api !== 'chat' && api !== 'completion') {
    lost(['api'], `api "${api}"`, 'A prompt is a conversation; whoever runs it chooses the interface.');
  }
  for (const key of Object.keys(model)) {
    if (['api', 'apiType', 'id', 'provider', 'response', connection, settingsKey].includes(key)) continue;
    lost([key], `model "${key}"`, 'A prompt has no such setting; it is left out.');
  }
  const named = [
    textField(model, 'id'),
    textField(details, 'model'),
    textField(details, 'azure_deployment'),
    textField(details, 'deployment'),
    textField(details, 'name'),
  ].find(text => text !== undefined);
  const isReference = named !== undefined && /^\$\{/.test(named);
  if (isReference)
    lost(
      [connection ?? 'id'],
      'model name',
      `It is read from the environment (${named.slice(0, 60)}); it is left out.`,
    );
  const provider = textField(model, 'provider') ?? textField(details, 'type');
  const temperature = isRecord(settings) ? settings['temperature'] : undefined;
  const tokens = isRecord(settings)
    ? (settings['max_tokens'] ?? settings['maxOutputTokens'] ?? settings['maxTokens'])
    : undefined;
  return {
    ...(provider === undefined || provider.startsWith('${') ? {} : { provider }),
    ...(named === undefined || isReference ? {} : { model: named }),
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
