import { PrompdError } from '../../core/errors.js';
import {
  arrange,
  type DraftParameter,
  doubleBraces,
  literalTemplate,
  type MessageRole,
  type Note,
  type NoteTaker,
  notesOn,
  type PromptDraft,
  type WrittenFile,
  writeChat,
  writeDotprompt,
  writeMarkdown,
  writeMarkdownFolder,
  writePrompty,
  writeSkill,
} from '../../interchange/index.js';
import {
  coerceParameters,
  fencedBlock,
  type LoadedPrompt,
  messageTemplates,
  parseTemplate,
  renderPrompt,
  TemplateError,
  valuesOrThrow,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import type { OpenPrompt } from '../prompts/open-prompt.js';
import { type ParameterSources, readParameterSources } from '../prompts/parameter-sources.js';
import { prompdText } from './prompd-text.js';
import { TEMPLATE_LANGUAGE } from './template-language.js';

/** What prompts can be written as. */
export const EXPORT_FORMATS = [
  'prompd',
  'prompty',
  'dotprompt',
  'chat-json',
  'chat-yaml',
  'skill',
  'markdown',
  'markdown-folder',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportPromptOptions extends ParameterSources {
  readonly format: ExportFormat;
  /** Name of the file without its extension. */
  readonly name: string;
  readonly template?: boolean;
  readonly note: (note: Note) => void;
}

/** A message of a flattened prompt. */
interface FlatMessage {
  readonly role: MessageRole;
  readonly template: string;
}

/**
 * Writes one prompt in another format, or as one prompt file, without inheritance, references and context files: all of
 * it is in place.
 * @returns the files, of which only a folder of Markdown has several
 * @throws PrompdError EEXPORT for a prompt without text; ETEMPLATE; EPARAMETER and the codes of rendering, for formats without templates
 */
export async function exportPrompt(
  context: Context,
  { prompt, title }: OpenPrompt,
  options: ExportPromptOptions,
): Promise<WrittenFile[]> {
  const { format, name } = options;
  const note = notesOn(title, options.note);
  if (flattened(prompt).length === 0) {
    throw new PrompdError('EEXPORT', `${title} has no text to export.`, { facts: { prompt: title } });
  }
  const draft = draftOf(prompt, title);
  const { ancestors, contexts } = prompt;
  if (ancestors.length > 0) note('inherits', 'What the prompt inherits was put in place.');
  if (contexts.length > 0) note('contexts', `The texts of ${contexts.length} files were put in place.`);
  if (format === 'prompd') {
    return [{ path: `${name}.prompd`, text: writePrompd(prompt, draft, { id: name, note }) }];
  }
  noteLosses(prompt, note);
  if (format === 'prompty' || format === 'dotprompt') {
    const flat = flattened(prompt);
    const all = withInputs(draft, prompt, flat, note);
    if (format === 'dotprompt') {
      const text = writeDotprompt(all, flat, { note, language: TEMPLATE_LANGUAGE });
      return [{ path: `${name}.prompt`, text }];
    }
    const messages = flat.map(message => ({ ...message, template: doubled(prompt, message.template) }));
    return [{ path: `${name}.prompty`, text: writePrompty(all, messages, note) }];
  }
  const messages = options.template
    ? flattened(prompt).map(({ role, template }) => ({ role, content: doubled(prompt, template) }))
    : await rendered(context, prompt, options);
  if (!options.template && draft.parameters.length > 0) {
    note('parameters', 'The messages were rendered with the values given; the file takes none.', {
      hint: 'Keep the templates with "--template".',
    });
  }
  switch (format) {
    case 'skill':
      return [{ path: `${name}/SKILL.md`, text: writeSkill(draft, messages, note) }];
    case 'markdown':
      return [{ path: `${name}.md`, text: writeMarkdown(messages, note) }];
    case 'markdown-folder':
      return writeMarkdownFolder(messages, note).map(({ path, text }) => ({ path: `${name}/${path}`, text }));
    case 'chat-json':
    case 'chat-yaml': {
      const all = options.template
        ? withInputs(draft, prompt, flattened(prompt), note).parameters
        : undefined;
      const kind = format === 'chat-json' ? 'json' : 'yaml';
      const text = writeChat(
        { messages, execution: draft.execution, ...(all ? { parameters: all } : {}) },
        kind,
      );
      return [{ path: `${name}.${kind}`, text }];
    }
  }
}

async function rendered(
  context: Context,
  prompt: LoadedPrompt,
  sources: ParameterSources,
): Promise<{ role: MessageRole; content: string }[]> {
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const layers = await readParameterSources(context, definitions, sources);
  const { messages } = renderPrompt(prompt, valuesOrThrow(coerceParameters(definitions, layers)));
  return [...messages];
}

/** The prompt as one file that refers to no other. */
function writePrompd(
  prompt: LoadedPrompt,
  draft: Omit<PromptDraft, 'messages'>,
  { id, note }: { id: string; note: NoteTaker },
): string {
  const { version, categories, unknown } = prompt.document.frontMatter;
  const { provider: _p, model: _m, temperature: _t, max_tokens: _x, ...settings } = prompt.execution;
  const { inputs } = prompt;
  const fields = {
    ...(version === undefined ? {} : { version }),
    ...(categories.length > 0 ? { categories: [...categories] } : {}),
    ...settings,
    ...unknown,
    ...(Object.keys(inputs).length > 0 ? { inputs: { ...inputs } } : {}),
  };
  const messages = flattened(prompt).map(message => ({ ...message, line: 1 }));
  return prompdText({ ...draft, messages }, arrange({ messages }, note), { id, fields });
}

/** What every format but prompd's own has no place for. */
function noteLosses(prompt: LoadedPrompt, note: NoteTaker): void {
  if (prompt.execution['models'] !== undefined)
    note('models', 'Other formats name one model; the map is left out.');
  for (const key of Object.keys(prompt.document.frontMatter.unknown))
    note(`field "${key}"`, 'It is no field of the prompd format; it is left out.');
  for (const { definition } of prompt.parameters) {
    if (definition.errorMessage !== undefined)
      note(`error_message of "${definition.name}"`, 'Other formats have none; it is left out.');
  }
}

function draftOf(prompt: LoadedPrompt, source: string): Omit<PromptDraft, 'messages'> {
  const { name, description, version, author, tags } = prompt.document.frontMatter;
  const { provider, model, temperature, max_tokens } = prompt.execution;
  return {
    source,
    format: 'prompd',
    title: name ?? prompt.id,
    ...(description === undefined ? {} : { description }),
    ...(version === undefined ? {} : { version }),
    ...(author === undefined ? {} : { author }),
    tags,
    parameters: prompt.parameters.map(({ definition }) => definition),
    execution: {
      ...(typeof provider === 'string' ? { provider } : {}),
      ...(typeof model === 'string' ? { model } : {}),
      ...(typeof temperature === 'number' ? { temperature } : {}),
      ...(typeof max_tokens === 'number' ? { max_tokens } : {}),
    },
  };
}

/** The messages in the order in which they are rendered, each as one template. @throws PrompdError ETEMPLATE */
function flattened(prompt: LoadedPrompt): FlatMessage[] {
  const templates = messageTemplates(prompt);
  const sourceOf = (slot: string): string | undefined => {
    const message = templates.get(slot);
    try {
      return message?.template.source;
    } catch (error) {
      throw message && error instanceof TemplateError ? message.located(error) : error;
    }
  };
  const roots = prompt.roots;
  const contexts = prompt.contexts.map(({ text, language }) =>
    literalTemplate(fencedBlock(text, language), { roots }),
  );
  const joined = (role: MessageRole, parts: readonly (string | undefined)[]): FlatMessage[] => {
    const said = parts.filter(part => part !== undefined && part.trim() !== '');
    return said.length === 0 ? [] : [{ role, template: said.join('\n\n') }];
  };
  const examples = prompt.sections.filter(({ role }) => role === 'assistant');
  return [
    ...joined('system', [sourceOf('system'), sourceOf('context'), ...contexts]),
    ...joined('user', [sourceOf('user'), sourceOf('response')]),
    ...examples.flatMap(({ id }) => joined('assistant', [sourceOf(id)])),
  ];
}

/** `inputs` of the front matter becomes an input with a default, where the messages use it. */
function withInputs(
  draft: Omit<PromptDraft, 'messages'>,
  prompt: LoadedPrompt,
  messages: readonly FlatMessage[],
  note: NoteTaker,
): Omit<PromptDraft, 'messages'> {
  const uses = messages.some(({ template }) =>
    TEMPLATE_LANGUAGE.variables(parseTemplate(template, prompt.roots)).some(({ name }) => name === 'inputs'),
  );
  if (!uses) return draft;
  note('inputs', 'The values became the default of an input of that name.');
  const inputs: DraftParameter = {
    name: 'inputs',
    type: 'object',
    required: false,
    default: { ...prompt.inputs },
  };
  return { ...draft, parameters: [...draft.parameters, inputs] };
}

function doubled(prompt: LoadedPrompt, template: string): string {
  return doubleBraces(parseTemplate(template, prompt.roots));
}
