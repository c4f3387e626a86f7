import pLimit from 'p-limit';
import { findPrompts } from '../ops/prompts/find-prompts.js';
import { type LoadedPrompt, loadPrompt, parsePrompt, templateUses } from '../prompt/index.js';
import { Sheet } from './sheet.js';
import type { Files, Workspace } from './workspace.js';

/** Prompts of one folder that are read to find who uses a parameter. */
const MAX_PROMPTS = 2000;
/** Prompts that are read at the same time. */
const AT_ONCE = 16;

/** A place where a parameter's name stands. */
export interface Site {
  /** Absolute path of the file. */
  readonly file: string;
  /** Offset of the name in the file's text, as its sheet has it. */
  readonly at: number;
  readonly kind: 'declaration' | 'use';
}

/** What all prompts of a folder that have a parameter in common know of it. */
export interface Family {
  readonly sites: readonly Site[];
  /** The prompts that have it, by the absolute paths of their files. */
  readonly prompts: ReadonlyMap<string, LoadedPrompt>;
  readonly sheets: ReadonlyMap<string, Sheet>;
  /** Absolute paths of prompts in the folder that cannot be loaded: what they use is not known. */
  readonly broken: readonly string[];
  /** Whether the folder has more prompts than were read. */
  readonly partial: boolean;
}

/**
 * Finds every place where one parameter is meant: a child has the parameters of the prompt it inherits from, so that their
 * declarations and uses belong together, as do those of other children.
 * @param start absolute path of a file, and the name of the parameter in it
 */
export async function parameterFamily(
  workspace: Workspace,
  files: Files,
  start: { readonly file: string; readonly name: string },
): Promise<Family> {
  const { groups, ...rest } = await sitesByPrompt(workspace, files, start);
  const keys = new Set<string>();
  const prompts = new Map<string, LoadedPrompt>();
  const sites = new Map<string, Site>();
  for (let grown = true; grown; ) {
    grown = false;
    for (const [file, { prompt, own }] of groups) {
      const joins = file === start.file || own.some(site => keys.has(keyOf(site)));
      if (prompts.has(file) || !joins) continue;
      prompts.set(file, prompt);
      for (const site of own) {
        keys.add(keyOf(site));
        sites.set(keyOf(site), site);
      }
      grown = true;
    }
  }
  const sorted = [...sites.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.at - b.at,
  );
  return { sites: sorted, prompts, ...rest };
}

interface Group {
  readonly prompt: LoadedPrompt;
  readonly own: readonly Site[];
}

async function sitesByPrompt(
  workspace: Workspace,
  files: Files,
  { file: first, name }: { file: string; name: string },
): Promise<Pick<Family, 'sheets' | 'broken' | 'partial'> & { readonly groups: Map<string, Group> }> {
  const { loose } = await findPrompts(files.root.dir, { asProject: true });
  const open = workspace.openDocuments().map(document => workspace.pathOf(document));
  const inside = open.filter(file => /\.(?:prompd|prmd)$/i.test(file) && !files.inner(file).startsWith('..'));
  const groups = new Map<string, Group>();
  const sheets = new Map<string, Sheet>();
  const broken: string[] = [];
  const sources = { workspace, files, sheets };
  const candidates = [...new Set([first, ...loose.slice(0, MAX_PROMPTS), ...inside])];
  const atOnce = pLimit(AT_ONCE);
  const found = await Promise.all(
    candidates.map(file =>
      atOnce(async () => ({ file, group: await groupOf(sources, file, { first, name }) })),
    ),
  );
  for (const { file, group } of found) {
    if (group === 'broken') broken.push(file);
    else if (group !== 'stranger') groups.set(file, group);
  }
  return { groups, sheets, broken, partial: loose.length > MAX_PROMPTS };
}

async function groupOf(
  sources: Sources,
  file: string,
  { first, name }: { first: string; name: string },
): Promise<Group | 'broken' | 'stranger'> {
  const opened = await sources.files.open(file);
  const text = opened.file?.text ?? '';
  if (file !== first && !text.includes(name) && !mayInherit(text)) return 'stranger';
  const prompt = opened.file && (await loadPrompt(opened.file, opened.files)).prompt;
  if (!prompt) {
    await sheetOf(sources, file);
    return 'broken';
  }
  const own = await sitesOf(sources, prompt, name);
  return own ? { prompt, own } : 'broken';
}

/** A prompt that is made of others may use a name that its own text does not have. */
function mayInherit(text: string): boolean {
  return /^\s*(?:inherits|system|context|user|assistant|response|override)\s*:/m.test(text);
}

interface Sources {
  readonly workspace: Workspace;
  readonly files: Files;
  readonly sheets: Map<string, Sheet>;
}

/** @returns undefined when a template cannot be read */
async function sitesOf(sources: Sources, prompt: LoadedPrompt, name: string): Promise<Site[] | undefined> {
  const { files } = sources;
  const { uses, complete } = templateUses(prompt);
  if (!complete) return undefined;
  const sites: Site[] = [];
  for (const shown of [prompt.document.source.file.path, ...prompt.ancestors]) {
    const file = files.absolute(shown);
    const sheet = await sheetOf(sources, file);
    if (!sheet) return undefined;
    const { prompt: document } = parsePrompt({ id: file, path: file, text: sheet.text });
    for (const { definition, at } of document?.frontMatter.parameters ?? []) {
      if (definition.name !== name) continue;
      const quoted = /["']/.test(sheet.text[at] ?? '') ? 1 : 0;
      sites.push({ file, at: at + quoted, kind: 'declaration' });
    }
  }
  if (!prompt.parameters.some(({ definition }) => definition.name === name)) return sites;
  for (const use of uses) {
    if (use.name !== name) continue;
    const file = files.absolute(use.source.file.path);
    if (!(await sheetOf(sources, file))) return undefined;
    sites.push({ file, at: use.at, kind: 'use' });
  }
  return sites;
}

async function sheetOf({ workspace, sheets }: Sources, file: string): Promise<Sheet | undefined> {
  const known = sheets.get(file) ?? Sheet.of(file, (await workspace.text(file)) ?? '');
  if (known) sheets.set(file, known);
  return known;
}

function keyOf({ file, at }: Site): string {
  return `${file} ${at}`;
}
