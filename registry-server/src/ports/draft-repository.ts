import type { PackageName } from 'prompd/core';
import type { Draft, DraftFile, Expectation, FileContent } from '../domain/draft.js';
import type { Stamp } from '../domain/stamp.js';

/** A draft with all its files, read at one moment. */
export interface DraftContent {
  readonly draft: Draft;
  /** By path. */
  readonly files: ReadonlyMap<string, DraftFile>;
}

/** How a draft changes: files by path with what they hold then, null for those that go. */
export type DraftChanges = ReadonlyMap<string, FileContent | null>;

export interface DraftEdit {
  readonly stamp: Stamp;
  /**
   * Decides, under the lock on the draft, what changes.
   * @param content undefined when there is no draft yet
   */
  readonly decide: (content: DraftContent | undefined) => DraftDecision;
}

export interface DraftDecision {
  readonly changes: DraftChanges;
  /** What a draft that is begun by this comes from. */
  readonly baseVersion?: string | null;
  /** Whose draft it is after that; by default also who changes it. */
  readonly authors?: readonly string[];
  /** Said in the audit. */
  readonly action: string;
  readonly subject?: string;
  /** The prompts that change: none that is archived. */
  readonly prompts?: readonly string[];
}

/** Drafts: one a module, which several people write at once. */
export interface DraftRepository {
  /** @returns undefined when there is no draft */
  read(name: PackageName): Promise<DraftContent | undefined>;
  /**
   * Changes a draft, or begins one.
   * @throws what `decide` throws; PrompdError ENOTFOUND without the module, EFORBIDDEN for what is archived
   */
  edit(name: PackageName, edit: DraftEdit): Promise<DraftContent>;
  /** Throws the draft away. @throws PrompdError ECHANGED, ENOTFOUND ; RequestError EPRECONDITIONREQUIRED*/
  discard(
    name: PackageName,
    { expectation, stamp }: { expectation: Expectation; stamp: Stamp },
  ): Promise<void>;
}
