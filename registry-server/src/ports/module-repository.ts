import type { PackageName } from 'prompd/core';
import type { Viewer } from '../domain/actor.js';
import type { Expectation } from '../domain/draft.js';
import type { Module, NotesChanges, PromptNotes } from '../domain/module.js';
import type { Stamp } from '../domain/stamp.js';

/** What becomes of a module that is deleted: what was published stays, in the archive. */
export type Removal = 'deleted' | 'archived';

export interface NotesChange {
  readonly notes: NotesChanges;
  readonly archived?: boolean | undefined;
  readonly expectation: Expectation;
  readonly stamp: Stamp;
}

/** Modules of projects and what is said of their prompts. Packages that were published by other ways are modules too. */
export interface ModuleRepository {
  /** By name. */
  list(scope: string, viewer: Viewer): Promise<readonly Module[]>;
  /** @returns undefined when there is neither a module nor a package of that name */
  find(name: PackageName): Promise<Module | undefined>;
  /** @returns false when there is one */
  create(name: PackageName, { notes, stamp }: { notes: NotesChanges; stamp: Stamp }): Promise<boolean>;
  /** @throws PrompdError ECHANGED, ENOTFOUND ; RequestError EPRECONDITIONREQUIRED*/
  change(name: PackageName, change: NotesChange): Promise<void>;
  /**
   * Deletes a module that nothing was published of, and archives any other.
   * @param expected the revisions from which who removes it starts; undefined for any
   * @throws PrompdError ENOTFOUND, ECHANGED
   */
  remove(
    name: PackageName,
    { expected, stamp }: { expected: readonly number[] | undefined; stamp: Stamp },
  ): Promise<Removal>;
  /** What is said of the prompts of a module. */
  promptNotes(name: PackageName): Promise<readonly PromptNotes[]>;
  /** @throws PrompdError ECHANGED; RequestError EPRECONDITIONREQUIRED */
  changePrompt(name: PackageName, prompt: string, change: NotesChange): Promise<void>;
}
