import { LRUCache } from 'lru-cache';
import { type Problem, PrompdError } from 'prompd/core';
import {
  compiledDigest,
  compilePrompt,
  contractOf,
  loadPrompt,
  openCompiled,
  PackageFiles,
  type PromptPackage,
  parseCompiled,
  type RenderablePrompt,
  type RenderedPrompt,
  renderPrompt,
} from 'prompd/prompt';
import { type ArchiveContents, readArchive } from 'prompd/tarball';
import type {
  CompositionOutcome,
  CompositionWork,
  RenderWork,
  WorkPackage,
} from '../../ports/prompt-workshop.js';

/** Puts prompts together from the archives of their package and of those that it depends on. */
export async function composePrompts(
  work: CompositionWork,
): Promise<Readonly<Record<string, CompositionOutcome>>> {
  const archives: Archives = new Map();
  const outcomes: [string, CompositionOutcome][] = [];
  for (const path of work.paths) outcomes.push([path, await composeOne(work, archives, path)]);
  return Object.fromEntries(outcomes);
}

async function composeOne(
  { packages, root }: CompositionWork,
  archives: Archives,
  path: string,
): Promise<CompositionOutcome> {
  const sources = new Set<string>();
  const opened = openPackages(packages, { archives, onUse: key => sources.add(key) });
  const owner = await opened(root);
  if (!owner) throw new Error('The package to compose is not among those that were given.');
  const files = new PackageFiles({ ...owner, label: '' });
  try {
    const file = await files.open(path);
    if (!file) return { ok: false, message: `There is no file ${path}.` };
    const { prompt, problems } = await loadPrompt(file, files);
    if (!prompt) return { ok: false, message: textOf(problems) };
    sources.delete(root);
    const compiled = compilePrompt(prompt);
    return {
      ok: true,
      digest: compiledDigest(compiled),
      content: JSON.stringify(compiled),
      contract: JSON.stringify(contractOf(prompt)),
      sources: [...sources],
    };
  } catch (error) {
    if (error instanceof PrompdError) return { ok: false, message: error.message };
    throw error;
  }
}

/** Archives that are being read or are, by the key of their package. */
type Archives = Map<string, Promise<ArchiveContents>>;

type OpenPackage = (key: string) => Promise<PromptPackage | undefined>;

/**
 * Packages with their dependencies among each other, by key. An archive is read when something is taken from it.
 * @param onUse is told the key of each package that another one asks for
 */
export function openPackages(
  packages: readonly WorkPackage[],
  {
    archives = new Map(),
    onUse = () => undefined,
  }: { readonly archives?: Archives; readonly onUse?: (key: string) => void } = {},
): OpenPackage {
  const known = new Map(packages.map(found => [found.key, found]));
  const opened: OpenPackage = async key => {
    const found = known.get(key);
    if (!found) return undefined;
    const reading = archives.get(key) ?? readArchive(found.bytes);
    archives.set(key, reading);
    return promptPackage(found, await reading, { opened, onUse });
  };
  return opened;
}

function promptPackage(
  { key, manifest, edges }: WorkPackage,
  archive: ArchiveContents,
  { opened, onUse }: { readonly opened: OpenPackage; readonly onUse: (key: string) => void },
): PromptPackage {
  const { name, version, prompts = {}, main, models } = manifest;
  return {
    id: key,
    name,
    version,
    label: `${name}@${version}`,
    prompts,
    main,
    models,
    read: path => archive.read(path),
    async dependency(asked) {
      const target = Object.hasOwn(edges, asked) ? edges[asked] : undefined;
      if (target === undefined) return undefined;
      onUse(target);
      return opened(target);
    },
  };
}

function textOf(problems: readonly Problem[]): string {
  const first = problems.find(({ severity }) => severity === 'error');
  return first ? `${first.file}: ${first.message}` : 'The prompt cannot be read.';
}

/** Prompts whose templates stay parsed. */
const PARSED = new LRUCache<string, RenderablePrompt>({ max: 200 });

/**
 * Renders a prompt from what it was composed to.
 * @throws PrompdError as `renderPrompt` does
 */
export function renderWork({ name, digest, content, parameters }: RenderWork): RenderedPrompt {
  const key = `${digest} ${name}`;
  const known = PARSED.get(key);
  const prompt = known ?? openCompiled(parseCompiled(JSON.parse(content)), name);
  if (!known) PARSED.set(key, prompt);
  return renderPrompt(prompt, parameters);
}
