import { type FSWatcher, watch } from 'node:fs';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import { compareText } from '../../core/package-key.js';
import { LOCKFILE } from '../../lockfile/index.js';
import {
  coerceParameters,
  type LoadedPrompt,
  loadPrompt,
  PackageFiles,
  type PromptPackage,
  promptDigest,
  renderPrompt,
  valuesOrThrow,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import { openInstalled, openProject, shelfOf } from '../project/project.js';
import { folderPackage, installedPackage } from '../prompts/prompt-packages.js';
import type { FilledPrompt, PromptShelf, ShelvedPrompt } from './prompt-shelf.js';

/** Files are written one after the other. */
const SETTLE_MS = 100;
/** Prompts that are kept in memory after they were read. */
const MAX_LOADED = 1_000;

/** The prompts of the project, and of the packages that it asks for itself. */
export class InstalledPrompts implements PromptShelf {
  /** By package and prompt; a package in the store never changes. */
  readonly #loaded = new Map<string, LoadedPrompt>();
  readonly #listeners = new Set<() => void>();
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  constructor(private readonly context: Context) {}

  /** Begins to notice installs. */
  async start(): Promise<void> {
    const { dir } = await openProject(this.context);
    this.#watcher = watch(dir, { persistent: false }, (_event, file) => {
      if (file !== null && file !== LOCKFILE && file !== MANIFEST_FILE) return;
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#tell(), SETTLE_MS).unref();
    });
    this.#watcher.on('error', () => this.#watcher?.close());
  }

  async list(): Promise<readonly ShelvedPrompt[]> {
    const prompts: ShelvedPrompt[] = [];
    for (const [name, owner] of await this.#packages()) {
      for (const id of Object.keys(owner.prompts).sort(compareText)) {
        const prompt = await this.#load(owner, id);
        if (!prompt) continue;
        const { description } = prompt.document.frontMatter;
        const parameters = prompt.parameters.map(({ definition }) => definition);
        prompts.push({ name: `${name}:${id}`, description, parameters });
      }
    }
    return prompts;
  }

  async fill(name: string, texts: Readonly<Record<string, string>>): Promise<FilledPrompt | undefined> {
    const at = name.lastIndexOf(':');
    const owner = (await this.#packages()).get(name.slice(0, at));
    const id = name.slice(at + 1);
    const prompt = owner && Object.hasOwn(owner.prompts, id) ? await this.#load(owner, id) : undefined;
    if (!owner || !prompt) return undefined;
    const definitions = prompt.parameters.map(({ definition }) => definition);
    const values = valuesOrThrow(coerceParameters(definitions, { flags: texts }));
    const { messages } = renderPrompt(prompt, values);
    return {
      description: prompt.document.frontMatter.description,
      messages,
      provenance: { source: 'installed', version: owner.version ?? null, digest: promptDigest(prompt) },
    };
  }

  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  async close(): Promise<void> {
    clearTimeout(this.#settling);
    this.#watcher?.close();
  }

  /** By the name that the project has for them. */
  async #packages(): Promise<Map<string, PromptPackage>> {
    const { dir, manifest, lockfile } = await openProject(this.context);
    const packages = new Map<string, PromptPackage>();
    if (manifest.name !== undefined && manifest.prompts !== undefined)
      packages.set(manifest.name, folderPackage(this.context, dir, { manifest, label: '' }));
    const shelf = await shelfOf(this.context, dir);
    for (const [asked, key] of [...(lockfile?.root.edges ?? [])].sort(([a], [b]) => compareText(a, b))) {
      const installed = lockfile && (await this.#opened(openInstalled(shelf, lockfile, key)));
      if (installed) packages.set(asked, await installedPackage(installed));
    }
    return packages;
  }

  async #load(owner: PromptPackage, id: string): Promise<LoadedPrompt | undefined> {
    const name = `${owner.id} ${id}`;
    const isKept = owner.label !== '';
    const known = isKept ? this.#loaded.get(name) : undefined;
    if (known) return known;
    const files = new PackageFiles(owner);
    const file = await this.#opened(files.open(owner.prompts[id] ?? ''));
    const prompt = file && (await this.#opened(loadPrompt(file, files)))?.prompt;
    if (!prompt)
      this.context.progress.warn(`${owner.label || 'The project'}: the prompt "${id}" cannot be read.`);
    if (prompt && isKept) {
      if (this.#loaded.size >= MAX_LOADED) this.#loaded.clear();
      this.#loaded.set(name, prompt);
    }
    return prompt;
  }

  /** One package that is not there is no reason to show none. */
  async #opened<T>(opening: Promise<T>): Promise<T | undefined> {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      this.context.progress.warn(error.message);
      return undefined;
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
