import { type PackageManifest, type PackageName, PrompdError, parsePackageName } from 'prompd/core';
import type { Actor } from '../../domain/actor.js';
import type { ApprovalRequest } from '../../domain/approval.js';
import { promptNotFound } from '../../domain/module.js';
import type { DraftWorkshop } from '../../ports/draft-workshop.js';
import type { HistoricVersion, ModuleHistory } from '../../ports/module-history.js';
import { promptsOf } from './draft-files.js';
import type { ModuleComparison, WorkFiles } from './draft-work.js';
import type { DraftService } from './drafts.js';
import type { ModuleTexts } from './module-texts.js';
import type { VersionFiles } from './version-files.js';

export interface HistoryParts {
  readonly history: ModuleHistory;
  readonly versions: VersionFiles;
  readonly drafts: DraftService;
  readonly texts: ModuleTexts;
  readonly workshop: DraftWorkshop;
}

/** A version that waits for approval. */
export interface Requested {
  readonly request: ApprovalRequest;
  readonly manifest: PackageManifest;
  /** Undefined for a first version, of which everything is shown as added. */
  readonly base: string | undefined;
}

/** A version in which a prompt became another one. */
export interface PromptChange {
  readonly version: HistoricVersion;
  /** Null where the prompt was taken out. */
  readonly digest: string | null;
  readonly change: 'added' | 'changed' | 'removed';
}

/** What stands for the draft where a version is asked for. */
export const DRAFT = 'draft';

/** The history of modules and of their prompts. */
export class HistoryService {
  readonly #parts: HistoryParts;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** All, whatever became of them, newest first. What is in those that nobody approved yet is not told. */
  async versions(name: PackageName): Promise<readonly HistoricVersion[]> {
    return (await this.#parts.versions.numbers(name)).toReversed();
  }

  /**
   * The versions in which a prompt became another one, newest first. Versions that were deleted have no content any more.
   * @throws PrompdError ENOTFOUND for a prompt that no version has
   */
  async prompt(name: PackageName, prompt: string): Promise<readonly PromptChange[]> {
    const versions = (await this.#parts.versions.versions(name)).filter(
      ({ deletedAt }) => deletedAt === null,
    );
    const known = await this.#parts.history.digests(versions.map(({ id }) => id));
    const changes: PromptChange[] = [];
    let before: string | null = null;
    for (const version of versions) {
      const digests = known.get(version.id) ?? (await this.#findOut(version));
      const digest = digests.get(prompt) ?? null;
      if (digest === before) continue;
      const change = before === null ? 'added' : digest === null ? 'removed' : 'changed';
      changes.push({ version, digest, change });
      before = digest;
    }
    if (changes.length === 0) throw promptNotFound(name, prompt);
    return changes.reverse();
  }

  /**
   * How two states of a module differ.
   * @param actor who asks: text of packages that they may not read is left out
   * @param from, to versions, or {@link DRAFT}
   * @param prompt leaves out what is about others
   * @throws PrompdError ENOVERSION, ENOTFOUND, EMANIFEST
   */
  async compare(
    actor: Actor,
    name: PackageName,
    { from, to, prompt }: { from: string; to: string; prompt?: string | undefined },
  ): Promise<ModuleComparison> {
    const [before, after] = [await this.#side(actor, name, from), await this.#side(actor, name, to)];
    const comparison = await this.#parts.workshop.compare(before.files, after.files);
    if (prompt === undefined) return comparison;
    const paths = [before, after].map(({ prompts }) => prompts[prompt]).filter(path => path !== undefined);
    if (paths.length === 0) throw promptNotFound(name, prompt);
    return {
      ...comparison,
      changes: comparison.changes.filter(change => change.prompt === prompt),
      uncompared: comparison.uncompared.filter(one => one.prompt === prompt),
      manifest: comparison.manifest.filter(({ field }) => field === `prompts.${prompt}`),
      files: comparison.files.filter(({ path }) => paths.includes(path)),
    };
  }

  /**
   * How a version that waits for approval differs from the one that it follows. For its reviewers and authors: nobody else
   * sees what it holds.
   * @throws PrompdError ENOVERSION, EREVOKED, EMANIFEST
   */
  async compareRequested(actor: Actor, { request, manifest, base }: Requested): Promise<ModuleComparison> {
    const { versions, texts, workshop } = this.#parts;
    const name = parsePackageName(request.name);
    const before: WorkFiles =
      base === undefined
        ? { files: {} }
        : await texts.published(actor, name, await versions.version(name, base));
    return workshop.compare(before, await texts.requested(actor, request, manifest));
  }

  async #side(
    actor: Actor,
    name: PackageName,
    which: string,
  ): Promise<{ files: WorkFiles; prompts: Readonly<Record<string, string>> }> {
    const { drafts, versions, texts, workshop } = this.#parts;
    if (which === DRAFT) {
      const { files } = await drafts.read(name);
      return { files: await texts.draft(actor, files), prompts: promptsOf(files) };
    }
    const side = await texts.published(actor, name, await versions.version(name, which));
    const files = new Map(Object.entries(await workshop.open(side.archive)));
    return { files: side, prompts: promptsOf(files) };
  }

  async #findOut(version: HistoricVersion): Promise<ReadonlyMap<string, string>> {
    const { versions, workshop, history } = this.#parts;
    try {
      const digests = await workshop.digests(await versions.archive(version));
      await history.keepDigests(version.id, digests);
      return new Map(Object.entries(digests));
    } catch (error) {
      // One version that cannot be read does not hide the others.
      if (error instanceof PrompdError) return new Map();
      throw error;
    }
  }
}
