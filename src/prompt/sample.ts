import { PrompdError } from '../core/errors.js';
import type { ProjectManifest } from '../core/manifest.js';
import type { SourceTree } from '../core/source-tree.js';
import { loadPrompt } from './load.js';
import type { LoadedParameter, LoadedPrompt } from './loaded-prompt.js';
import { PackageFiles, type PromptPackage } from './package-files.js';
import type { ParameterDefinition, ValueRules } from './parameter-type.js';
import type { PromptFile, PromptResolver } from './prompt-file.js';
import type { PromptReference } from './prompt-reference.js';
import { type Message, renderPrompt } from './render.js';
import type { RenderLimits } from './template/budget.js';

/** One message of a prompt, rendered with sample values. */
export interface SampleMessage {
  /** The prompt's file, as problems name it. */
  readonly path: string;
  /** Where in the file the message begins, from 1; 1:1 when another file begins it. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** The word that stands for values that only the caller knows. */
  readonly marker: string;
  /** The texts that the message was made of. */
  readonly sources: readonly string[];
  /** Whether the work that a sample may take ended it: then the text is not all that the message can say. */
  readonly isCut: boolean;
}

/** Stands for a text that nobody knows before the prompt is used. */
const MARKER = 'promptsample';
/** Less than a real rendering may use: this is done for every prompt of a package. */
const LIMITS: RenderLimits = { fuel: 4_000_000, output: 1024 * 1024 };
/** How deep sample values of nested types go. */
const MAX_DEPTH = 6;

const KINDS: readonly Kind[] = ['usual', 'unknown', 'every branch'];

export interface SampleOptions {
  /** Opens a dependency where it is at hand; by default none is. */
  readonly dependency?: PromptPackage['dependency'] | undefined;
  /** Leave out prompts that are made of this package alone. */
  readonly composedOnly?: boolean;
}

/**
 * Which value a parameter gets: the one that the author thought of, or one that nobody did. `every branch` takes the
 * author's, and shows what conditions on values that nobody tried would choose.
 */
type Kind = 'usual' | 'unknown' | 'every branch';

/**
 * Renders the prompts of a package three times, with defaults and examples, with values that stand for unknown ones, and
 * with every branch of its templates, so that what only rendering shows can be looked at. The rules of parameters do not
 * count. A prompt that has errors or is made of packages that are not at hand gives nothing.
 */
export async function renderSamples(
  tree: Pick<SourceTree, 'read'>,
  { name, version, prompts = {}, main }: Pick<ProjectManifest, 'name' | 'version' | 'prompts' | 'main'>,
  { dependency = async () => undefined, composedOnly = false }: SampleOptions = {},
): Promise<readonly SampleMessage[]> {
  const read = (path: string) => tree.read(path);
  const owner: PromptPackage = { id: 'package', name, version, label: '', prompts, main, read, dependency };
  const samples: SampleMessage[] = [];
  for (const path of new Set(Object.values(prompts)))
    samples.push(...(await samplesOf(owner, path, composedOnly)));
  return samples;
}

async function samplesOf(
  owner: PromptPackage,
  path: string,
  composedOnly: boolean,
): Promise<SampleMessage[]> {
  const bytes = await owner.read(path);
  if (bytes === undefined || isShown(Buffer.from(bytes).toString('utf8'))) return [];
  let isComposed = false;
  const dependency: PromptPackage['dependency'] = async name => {
    const found = await owner.dependency(name);
    isComposed ||= found !== undefined;
    return found;
  };
  const files = new RecordedFiles(new PackageFiles({ ...owner, dependency }));
  const prompt = await files.load(path);
  if (composedOnly && !isComposed) return [];
  if (!prompt) return [];
  const about = { marker: MARKER, sources: files.sources };
  // Without a condition or a loop, and where nothing failed, every branch is what the others show.
  const hasBranches = files.sources.some(text => /\{%|\bif\b/.test(text));
  let hasFailed = false;
  const samples = KINDS.flatMap((kind): SampleMessage[] => {
    if (kind === 'every branch' && !hasBranches && !hasFailed) return [];
    const messages = messagesOf(prompt, kind);
    if (messages === 'too much work') return [{ path, line: 1, column: 1, text: '', ...about, isCut: true }];
    hasFailed ||= messages.length === 0;
    return messages.map(({ role, content }) => ({
      ...placeOf(prompt, role),
      text: content,
      ...about,
      isCut: false,
    }));
  });
  return [...new Map(samples.map(sample => [sample.text, sample])).values()];
}

/** A line of front matter that says what it seems to say: a plain key, or what stands below one. */
const PLAIN_LINE = /^(?:[A-Za-z_]+:(?:\s|$)|[ \t#-]|$)/;

/** What only names values that nobody knows, in one file, renders as its source with other words in their places. */
function isShown(text: string): boolean {
  const [, header = ''] = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)^---/m.exec(text) ?? [];
  if (header.includes('\\') || !header.split(/\r?\n/).every(line => PLAIN_LINE.test(line))) return false;
  if (/\{%|^(?:inherits|override|contexts|using|system|context|user|assistant|response|inputs)\b/m.test(text))
    return false;
  if (/\b(?:default|example|enum)\b["']?[ \t]*:/.test(text)) return false;
  return !(text.match(/\{\{[^}]*|\{[^{}\n]*\}/g) ?? []).some(
    found => !/^\{{1,2}[-\s]*[a-z_][\w.]*[-\s]*\}?$/i.test(found),
  );
}

function messagesOf(prompt: LoadedPrompt, kind: Kind): readonly Message[] | 'too much work' {
  const entries = prompt.parameters.map(
    ({ definition }) => [definition.name, sampleOf(definition, kind)] as const,
  );
  const values = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const limits = { ...LIMITS, thorough: kind === 'every branch' };
  try {
    return renderPrompt({ ...prompt, parameters: withoutRules(prompt) }, values, limits).messages;
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return error.code === 'ERENDERLIMIT' ? 'too much work' : [];
  }
}

/** A made-up value need not be one that the prompt takes: nobody can make one up for every rule. */
function withoutRules({ parameters }: LoadedPrompt): readonly LoadedParameter[] {
  return parameters.map(({ definition: { name, type }, origin }) => ({
    definition: { name, type, required: false },
    origin,
  }));
}

function placeOf(
  prompt: LoadedPrompt,
  role: Message['role'],
): { path: string; line: number; column: number } {
  const { path } = prompt.document.source.file;
  const own = prompt.sections.find(section => section.slot === role && section.origin.file === path);
  return { path, line: own?.origin.line ?? 1, column: own?.origin.column ?? 1 };
}

function sampleOf(definition: ParameterDefinition, kind: Kind): unknown {
  const { default: standard, example, type } = definition;
  const meant = standard ?? example;
  if (kind === 'unknown' && type === 'boolean') return meant !== true;
  const made = madeUp(definition, kind, 0);
  if (kind === 'unknown') return made ?? meant;
  return meant ?? made;
}

/** @returns undefined for what is nested too deeply */
function madeUp(rules: ValueRules, kind: Kind, depth: number): unknown {
  if (rules.enum) return kind === 'unknown' ? rules.enum.at(-1) : rules.enum[0];
  if (depth > MAX_DEPTH) return undefined;
  const { min = 1, max = min, minItems = 1 } = rules;
  switch (rules.type) {
    case 'integer':
    case 'number':
    case 'float':
      return rules.type === 'integer' ? Math.ceil(Math.min(min, max)) : Math.min(min, max);
    case 'boolean':
      return true;
    case 'array': {
      const item = madeUp(rules.items ?? { type: 'string' }, kind, depth + 1);
      return item === undefined
        ? undefined
        : Array.from({ length: Math.min(Math.max(minItems, 1), 20) }, () => item);
    }
    case 'object':
      return Object.fromEntries(
        Object.entries(rules.properties ?? {}).map(([name, inner]) => [name, madeUp(inner, kind, depth + 1)]),
      );
    case 'base64':
      return Buffer.from(MARKER).toString('base64');
    default:
      return fitted(rules);
  }
}

function fitted({ minLength = 0, maxLength = Number.POSITIVE_INFINITY }: ValueRules): string {
  return MARKER.padEnd(Math.min(minLength, 10_000), ` ${MARKER}`).slice(0, Math.min(maxLength, 10_000));
}

/** Remembers the text of every file that a prompt is made of. */
class RecordedFiles implements PromptResolver {
  readonly #texts = new Map<string, string>();

  constructor(private readonly files: PackageFiles) {}

  get sources(): readonly string[] {
    return [...this.#texts.values()];
  }

  /** @returns undefined when there is no such prompt, or it has errors, which checking it reports */
  async load(path: string): Promise<LoadedPrompt | undefined> {
    try {
      const file = this.#record(await this.files.open(path));
      return file && (await loadPrompt(file, this)).prompt;
    } catch (error) {
      if (error instanceof PrompdError) return undefined;
      throw error;
    }
  }

  async relative(from: PromptFile, path: string): Promise<PromptFile | undefined> {
    return this.#record(await this.files.relative(from, path));
  }

  async reference(from: PromptFile, reference: PromptReference): Promise<PromptFile | undefined> {
    return this.#record(await this.files.reference(from, reference));
  }

  #record(file: PromptFile | undefined): PromptFile | undefined {
    if (file) this.#texts.set(file.id, file.text);
    return file;
  }
}
