import { type Clock, MANIFEST_FILE, type PackageName, type Problem } from 'prompd/core';
import type { Actor } from '../../domain/actor.js';
import {
  assertExpected,
  type DraftFile,
  type Expectation,
  type FileContent,
  noDraft,
  noDraftFile,
} from '../../domain/draft.js';
import { promptNotFound } from '../../domain/module.js';
import { stampOf } from '../../domain/stamp.js';
import type {
  DraftChanges,
  DraftContent,
  DraftDecision,
  DraftRepository,
} from '../../ports/draft-repository.js';
import type { DraftWorkshop } from '../../ports/draft-workshop.js';
import {
  jsonFile,
  manifestOf,
  promptsBetween,
  promptsOf,
  replacing,
  withPrompt,
  workFiles,
} from './draft-files.js';
import { assertPath, assertRoom, ownAddress, pathTaken } from './draft-rules.js';
import type { VersionFiles } from './version-files.js';

export interface DraftParts {
  readonly drafts: DraftRepository;
  readonly versions: VersionFiles;
  readonly workshop: DraftWorkshop;
  readonly now: Clock;
}

/** A prompt of a draft, or of the version that a draft would begin as. */
export interface WrittenPrompt {
  readonly prompt: string;
  readonly path: string;
  readonly source: string;
  /** Of the file in the draft; while there is no draft, of the version that one would begin as: then it is negative. */
  readonly revision: number;
  /** Undefined while there is no draft. */
  readonly file: DraftFile | undefined;
}

export interface FileEdit {
  readonly path: string;
  /** Null removes it. */
  readonly content: string | null;
  readonly expectation: Expectation;
}

export interface PromptEdit {
  readonly prompt: string;
  /** Null takes the prompt out of the next version. */
  readonly source: string | null;
  /** Where a new prompt lies; `prompts/<id>.prompd` by default. */
  readonly path?: string | undefined;
  readonly expectation: Expectation;
}

/** A file of a draft, or of the version that a draft would begin as. */
export interface WrittenFile extends FileContent {
  readonly path: string;
  /** As of a prompt. */
  readonly revision: number;
  /** Undefined while there is no draft. */
  readonly updatedBy?: string;
  readonly updatedAt?: Date;
}

/** What a draft begins as. */
interface DraftStart {
  readonly version: string | null;
  readonly files: ReadonlyMap<string, FileContent>;
  /** Stands for the state of the version's files, until a draft gives them revisions of their own. */
  readonly revision: number;
}

/** What a manifest says beside name, version and prompts, which have addresses of their own. */
export type ManifestFields = Readonly<Record<string, unknown>>;

/**
 * Writes the next versions of modules. A draft begins as the latest version when somebody first writes to it.
 *
 * What is read out of a manifest here is taken for nothing but a JSON object: whether it is a manifest is said by
 * `problems`, and decided when it is published.
 */
export class DraftService {
  readonly #parts: DraftParts;

  constructor(parts: DraftParts) {
    this.#parts = parts;
  }

  /** @throws PrompdError ENOTFOUND when there is no draft */
  async read(name: PackageName): Promise<DraftContent> {
    const content = await this.#parts.drafts.read(name);
    if (!content) throw noDraft(name);
    return content;
  }

  /** The prompts of the draft, or of the latest version where there is no draft; by id. */
  async prompts(name: PackageName): Promise<readonly WrittenPrompt[]> {
    const draft = await this.#parts.drafts.read(name);
    const start: DraftStart = draft
      ? { version: null, files: draft.files, revision: 0 }
      : await this.#latestFiles(name);
    const { files } = start;
    return Object.entries(promptsOf(files))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([prompt, path]) => {
        const found = files.get(path);
        const file = draft?.files.get(path);
        const revision = file?.revision ?? start.revision;
        return found ? [{ prompt, path, source: found.content, revision, file }] : [];
      });
  }

  /** @throws PrompdError ENOTFOUND */
  async prompt(name: PackageName, prompt: string): Promise<WrittenPrompt> {
    const found = (await this.prompts(name)).find(written => written.prompt === prompt);
    if (!found) throw promptNotFound(name, prompt);
    return found;
  }

  /** @throws PrompdError ENOTFOUND */
  async file(name: PackageName, path: string): Promise<WrittenFile> {
    const draft = await this.#parts.drafts.read(name);
    if (draft) {
      const found = draft.files.get(path);
      if (!found) throw noDraftFile(name, path);
      return found;
    }
    const { files, revision } = await this.#latestFiles(name);
    const found = files.get(path);
    if (!found) throw noDraftFile(name, path);
    return { ...found, path, revision };
  }

  /**
   * Begins a draft as a version, in place of the one there is.
   * @param version the latest one by default
   * @throws PrompdError ECHANGED, ENOVERSION, EFORBIDDEN where that changes a prompt that is archived; RequestError
   *   EPRECONDITIONREQUIRED
   */
  async begin(
    actor: Actor,
    name: PackageName,
    { version, expectation }: { readonly version?: string | undefined; readonly expectation: Expectation },
  ): Promise<DraftContent> {
    const from = version === undefined ? await this.#latestFiles(name) : await this.#filesOf(name, version);
    const latest = version === undefined ? from : await this.#latestFiles(name);
    return this.#edit(actor, name, before => {
      assertExpected(expectation, before?.draft.revision, `The draft of ${name}`);
      return {
        changes: replacing(before, from.files),
        prompts: promptsBetween(before?.files ?? latest.files, from.files),
        baseVersion: from.version,
        action: version === undefined ? 'draft.begin' : 'draft.restore',
      };
    });
  }

  /** Takes one prompt back to what it was in a version. @throws PrompdError ENOVERSION, ENOTFOUND */
  async restorePrompt(
    actor: Actor,
    name: PackageName,
    { prompt, version, expectation }: { prompt: string; version: string; expectation: Expectation },
  ): Promise<DraftContent> {
    const from = await this.#filesOf(name, version);
    const path = promptsOf(from.files)[prompt];
    const old = path === undefined ? undefined : from.files.get(path);
    if (path === undefined || !old) throw promptNotFound(`${name}@${version}`, prompt);
    return this.#write(actor, name, files => {
      const current = promptsOf(files.now)[prompt];
      assertExpected(expectation, files.revision(current ?? path), `The prompt "${prompt}"`);
      return {
        changes: new Map<string, FileContent | null>([
          [current ?? path, old],
          ...withPrompt(files.now, prompt, current ?? path),
        ]),
        action: 'prompt.restore',
        prompts: [prompt],
        subject: `prompt ${name}:${prompt}`,
      };
    });
  }

  /** Writes, adds or removes a prompt. @throws PrompdError ECHANGED, EUSAGE, ENOTFOUND ; RequestError EPRECONDITIONREQUIRED*/
  async writePrompt(
    actor: Actor,
    name: PackageName,
    { prompt, source, path: wanted, expectation }: PromptEdit,
  ): Promise<DraftContent> {
    if (wanted !== undefined) assertPath(wanted);
    return this.#write(actor, name, ({ now, revision }) => {
      const current = promptsOf(now)[prompt];
      if (source === null && current === undefined) throw promptNotFound(name, prompt);
      const path = current ?? wanted ?? `prompts/${prompt}.prompd`;
      assertExpected(
        expectation,
        current === undefined ? undefined : revision(path),
        `The prompt "${prompt}"`,
      );
      if (current === undefined && now.has(path)) throw pathTaken(path);
      return {
        changes: new Map<string, FileContent | null>([
          [path, source === null ? null : { encoding: 'utf8', content: source }],
          ...withPrompt(now, prompt, source === null ? undefined : path),
        ]),
        action: source === null ? 'prompt.remove' : 'prompt.write',
        prompts: [prompt],
        subject: `prompt ${name}:${prompt}`,
      };
    });
  }

  /** Writes or removes another text of the module. @throws PrompdError ECHANGED, EUSAGE, ENOTFOUND ; RequestError EPRECONDITIONREQUIRED*/
  async writeFile(
    actor: Actor,
    name: PackageName,
    { path, content, expectation }: FileEdit,
  ): Promise<DraftContent> {
    assertPath(path);
    if (path === MANIFEST_FILE) throw ownAddress(path);
    return this.#write(actor, name, ({ now, revision }) => {
      if (content === null && !now.has(path)) throw noDraftFile(name, path);
      if (Object.values(promptsOf(now)).includes(path)) throw ownAddress(path);
      assertExpected(expectation, revision(path), `The file ${path}`);
      return {
        changes: new Map([[path, content === null ? null : { encoding: 'utf8', content }]]),
        action: content === null ? 'file.remove' : 'file.write',
        subject: `file ${name}/${path}`,
      };
    });
  }

  /** Sets members of the manifest; null removes one. @throws PrompdError ECHANGED; RequestError EPRECONDITIONREQUIRED */
  async writeManifest(
    actor: Actor,
    name: PackageName,
    { fields, expectation }: { readonly fields: ManifestFields; readonly expectation: Expectation },
  ): Promise<DraftContent> {
    return this.#write(actor, name, ({ now, revision }) => {
      assertExpected(expectation, revision(MANIFEST_FILE), `The manifest of ${name}`);
      const manifest = { ...manifestOf(now), ...fields };
      const left = Object.entries(manifest).filter(([, value]) => value !== null);
      return {
        changes: new Map([[MANIFEST_FILE, jsonFile(Object.fromEntries(left))]]),
        action: 'manifest.write',
        subject: `manifest ${name}`,
      };
    });
  }

  /** @throws PrompdError ECHANGED, ENOTFOUND ; RequestError EPRECONDITIONREQUIRED*/
  async discard(actor: Actor, name: PackageName, expectation: Expectation): Promise<void> {
    const { drafts, now } = this.#parts;
    await drafts.discard(name, { expectation, stamp: stampOf(actor, now()) });
  }

  /** What publishing the draft would say. @throws PrompdError ENOTFOUND */
  async problems(name: PackageName): Promise<readonly Problem[]> {
    const { files } = await this.read(name);
    return this.#parts.workshop.problems(workFiles(files));
  }

  /**
   * The draft's base is the version that was made of it; what was written since stays, and who wrote it.
   * @param revision of the draft that it was made of
   */
  async continueFrom(
    actor: Actor,
    name: PackageName,
    { version, revision }: { readonly version: string; readonly revision: number },
  ): Promise<DraftContent> {
    return this.#edit(actor, name, before => ({
      changes: new Map(),
      baseVersion: version,
      authors: before === undefined || before.draft.revision === revision ? [] : before.draft.authors,
      action: 'draft.commit',
      subject: `draft ${name}@${version}`,
    }));
  }

  /** Changes files of the draft, which begins as the latest version if there is none. */
  async #write(
    actor: Actor,
    name: PackageName,
    decide: (files: {
      /** What the draft holds, or would begin with. */
      readonly now: ReadonlyMap<string, FileContent>;
      /** Of a file, as somebody can have seen it; undefined when there is no such file. */
      readonly revision: (path: string) => number | undefined;
    }) => { changes: DraftChanges; action: string; subject: string; prompts?: readonly string[] },
  ): Promise<DraftContent> {
    const start = (await this.#parts.drafts.read(name)) ? undefined : await this.#latestFiles(name);
    return this.#edit(actor, name, before => {
      const base = before?.files ?? start?.files ?? new Map<string, FileContent>();
      const revision = (path: string) =>
        base.has(path) ? (before?.files.get(path)?.revision ?? start?.revision) : undefined;
      const { changes, ...rest } = decide({ now: base, revision });
      return {
        ...rest,
        changes: before ? changes : new Map<string, FileContent | null>([...base, ...changes]),
        ...(before ? {} : { baseVersion: start?.version ?? null }),
      };
    });
  }

  #edit(
    actor: Actor,
    name: PackageName,
    decide: (before: DraftContent | undefined) => DraftDecision,
  ): Promise<DraftContent> {
    const { drafts, now } = this.#parts;
    return drafts.edit(name, {
      stamp: stampOf(actor, now()),
      decide: before => {
        const decision = decide(before);
        assertRoom(before, decision.changes);
        return decision;
      },
    });
  }

  async #latestFiles(name: PackageName): Promise<DraftStart> {
    const latest = await this.#parts.versions.latest(name);
    if (latest) return this.#filesOf(name, latest.version);
    const manifest = { name, version: '0.0.0', prompts: {} };
    return { version: null, files: new Map([[MANIFEST_FILE, jsonFile(manifest)]]), revision: 0 };
  }

  async #filesOf(name: PackageName, version: string): Promise<DraftStart> {
    const { versions, workshop } = this.#parts;
    const found = await versions.version(name, version);
    const files = await workshop.open(await versions.archive(found));
    return { version, files: new Map(Object.entries(files)), revision: -found.id };
  }
}
