import { isUtf8 } from 'node:buffer';
import { diffFiles, diffManifests, type FileChange, type ManifestChange } from 'prompd/compare';
import {
  byPlace,
  type Clock,
  checkPackageManifest,
  digestOfText,
  evidenceProblems,
  type Integrity,
  isVersion,
  MANIFEST_FILE,
  type PackageManifest,
  type Problem,
  PrompdError,
  parseVersion,
  publishDependencyProblems,
  type SourceTree,
  withHints,
} from 'prompd/core';
import {
  type ChangeLevel,
  type ContractChange,
  checkPackagePrompts,
  compareContracts,
  holds,
  levelOf,
  loadPrompt,
  PackageFiles,
  type PromptPackage,
  promptDigest,
  type RequiredBump,
  readPackageContracts,
  renderSamples,
  requiredBump,
  type UncomparedPrompt,
  uncompared,
} from 'prompd/prompt';
import { type Finding, scanRendered, scanTree } from 'prompd/scan';
import { memoryTree, packTree, readArchive } from 'prompd/tarball';
import type { FileContent } from '../../domain/draft.js';
import type { WorkPackage } from '../../ports/prompt-workshop.js';
import { openPackages } from '../delivery/prompt-work.js';

/** The files of a version or a draft on their way to the thread that works on them: an archive, or files by path. */
export type WorkFiles = (
  | { readonly archive: Uint8Array }
  | { readonly files: Readonly<Record<string, FileContent>> }
) & {
  /** Without it, prompts that take text from other packages cannot be read. */
  readonly borrowed?: Borrowed | undefined;
};

/** The packages that prompts take text from. */
export interface Borrowed {
  /** Name under which a dependency is asked for to the key of the package that it gets. */
  readonly edges: Readonly<Record<string, string>>;
  readonly packages: readonly WorkPackage[];
  /** Names of other dependencies, each with why it is not to be had. */
  readonly lacking: Readonly<Record<string, string>>;
}

/** How two states of a module differ. */
export interface ModuleComparison {
  /** Of the contracts of its prompts, breaking ones first. */
  readonly changes: readonly ContractChange[];
  /** Prompts that could not be compared, as they take text from packages that are not to be had. */
  readonly uncompared: readonly UncomparedPrompt[];
  readonly manifest: readonly ManifestChange[];
  readonly files: readonly FileChange[];
  /** Absent when nothing changed. */
  readonly level?: ChangeLevel;
  /** What the changes ask of the version after the first state's. */
  readonly needed?: RequiredBump;
}

/** A package that can be published. */
export interface PackedDraft {
  readonly bytes: Uint8Array;
  readonly integrity: Integrity;
}

/** The files of an archive, as a draft keeps them. package.json is left out: packing makes it. */
export async function openFiles(archive: Uint8Array): Promise<Readonly<Record<string, FileContent>>> {
  const { files } = await readArchive(archive);
  return Object.fromEntries(
    [...files]
      .filter(([path]) => path !== 'package.json')
      .map(([path, content]) => [path, contentOf(content)]),
  );
}

/** Everything that is wrong with a draft, as publishing would say it. */
export async function draftProblems(files: WorkFiles): Promise<readonly Problem[]> {
  const tree = await treeOf(files);
  const { manifest, problems } = await manifestOf(tree);
  if (!manifest) return withHints(problems);
  const found = [
    ...problems,
    ...(await publishDependencyProblems(tree, manifest)),
    ...(await evidenceProblems(tree, manifest)),
    ...(await checkPackagePrompts(tree, manifest)),
    ...(await scanTree(tree, manifest)),
    ...scanRendered(await renderSamples(tree, manifest)),
  ];
  return withHints(found.sort(byPlace));
}

/**
 * What scanning a version finds, by place.
 * @param archive of a published version
 */
export async function packageFindings(archive: Uint8Array): Promise<readonly Finding[]> {
  const { tree, manifest } = await opened({ archive });
  const found = [...(await scanTree(tree, manifest)), ...scanRendered(await renderSamples(tree, manifest))];
  return found.sort(byPlace);
}

/** @throws PrompdError EMANIFEST when one of them has a manifest that is none */
export async function compareFiles(
  before: WorkFiles,
  after: WorkFiles,
  now: Clock,
): Promise<ModuleComparison> {
  const fresh = await opened(after);
  const old = isNothing(before) ? nothingOf(fresh.manifest) : await opened(before);
  const [was, is] = [await readPackageContracts(old.prompts), await readPackageContracts(fresh.prompts)];
  const changes = compareContracts(was, is);
  const files = await diffFiles(old.tree, fresh.tree, { patches: true, now });
  const manifest = diffManifests(old.manifest, fresh.manifest);
  const level = levelOf(changes) ?? (hasChanged(files, manifest) ? 'patch' : undefined);
  return {
    changes,
    uncompared: uncompared(was, is),
    manifest,
    files,
    ...(level !== undefined && { level, needed: requiredBump(level, old.manifest.version) }),
  };
}

/** Packs a draft, as `prompd pack` does. @throws PrompdError EPACK, EMANIFEST */
export async function packDraft(files: WorkFiles): Promise<PackedDraft> {
  const { tree, manifest } = await opened(files);
  const { bytes, integrity } = await packTree(tree, manifest);
  return { bytes, integrity };
}

/** Whether a version may hold what changed since the one before it. */
export function mayHold(version: string, { level }: ModuleComparison, before: string): boolean {
  return level === undefined || !isVersion(version) || !isVersion(before) || holds(version, level, before);
}

/**
 * The digest of each prompt: of what it renders to, or of its file where that takes text from other packages.
 * @param archive of a published version
 */
export async function promptDigests(archive: Uint8Array): Promise<Readonly<Record<string, string>>> {
  const { tree, manifest, prompts } = await opened({ archive });
  const files = new PackageFiles(prompts);
  const digests: Record<string, string> = {};
  for (const [id, path] of Object.entries(manifest.prompts ?? {})) {
    const bytes = await tree.read(path);
    if (!bytes) continue;
    const text = new TextDecoder().decode(bytes);
    digests[id] = (await effectiveDigest(files, path)) ?? digestOfText(text);
  }
  return digests;
}

async function effectiveDigest(files: PackageFiles, path: string): Promise<string | undefined> {
  try {
    const file = await files.open(path);
    const { prompt } = file ? await loadPrompt(file, files) : { prompt: undefined };
    return prompt && promptDigest(prompt);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

interface Opened {
  readonly tree: SourceTree;
  readonly manifest: PackageManifest;
  readonly prompts: PromptPackage;
}

async function opened(files: WorkFiles): Promise<Opened> {
  const tree = await treeOf(files);
  const { manifest, problems } = await manifestOf(tree);
  if (!manifest) {
    const [first] = problems;
    throw new PrompdError('EMANIFEST', first?.message ?? `There is no ${MANIFEST_FILE}.`);
  }
  const { name, version, prompts = {}, main, models } = manifest;
  const read = (path: string) => tree.read(path);
  const dependency = dependencyOf(files);
  return {
    tree,
    manifest,
    prompts: { id: `${name}@${version}`, name, version, label: '', prompts, main, models, read, dependency },
  };
}

function dependencyOf({ borrowed }: WorkFiles): PromptPackage['dependency'] {
  if (!borrowed) return async () => undefined;
  const { edges, packages, lacking } = borrowed;
  const open = openPackages(packages);
  return async name => {
    if (Object.hasOwn(edges, name)) return open(edges[name] ?? '');
    const why = Object.hasOwn(lacking, name) ? lacking[name] : undefined;
    if (why === undefined) return undefined;
    const reason = `${name} is not to be had: ${why.replace(/\.$/, '')}.`;
    throw new PrompdError('ENOTINSTALLED', reason, { facts: { package: name } });
  };
}

/** Whether there is no file yet: the state before a first version. */
function isNothing(files: WorkFiles): boolean {
  return 'files' in files && Object.keys(files.files).length === 0;
}

function nothingOf({ name }: PackageManifest): Opened {
  const [tree, manifest] = [memoryTree([]), { name, version: parseVersion('0.0.0') }];
  const dependency = async () => undefined;
  const prompts = { id: name, ...manifest, label: '', prompts: {}, read: tree.read, dependency };
  return { tree, manifest, prompts };
}

async function treeOf(files: WorkFiles): Promise<SourceTree> {
  if ('archive' in files) return readArchive(files.archive);
  return memoryTree(
    Object.entries(files.files).map(([path, { encoding, content }]) => [
      path,
      Buffer.from(content, encoding),
    ]),
  );
}

async function manifestOf(tree: SourceTree) {
  const bytes = await tree.read(MANIFEST_FILE);
  return checkPackageManifest(bytes ? new TextDecoder().decode(bytes) : '{}');
}

function contentOf(bytes: Uint8Array): FileContent {
  const buffer = Buffer.from(bytes);
  return isUtf8(buffer) && !buffer.includes(0)
    ? { encoding: 'utf8', content: buffer.toString('utf8') }
    : { encoding: 'base64', content: buffer.toString('base64') };
}

/** The version itself changes with each. */
function hasChanged(files: readonly FileChange[], manifest: readonly ManifestChange[]): boolean {
  return manifest.length > 0 || files.some(({ path }) => path !== MANIFEST_FILE);
}
