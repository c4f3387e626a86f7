import { type Clock, type PackageName, PrompdError } from 'prompd/core';
import { type Actor, viewerOf } from '../../domain/actor.js';
import type { Expectation } from '../../domain/draft.js';
import {
  type Module,
  moduleExists,
  moduleNotFound,
  type NotesChanges,
  type PromptNotes,
} from '../../domain/module.js';
import type { Standing } from '../../domain/role.js';
import { stampOf } from '../../domain/stamp.js';
import type { ModuleRepository, Removal } from '../../ports/module-repository.js';
import type { PackageRepository } from '../../ports/package-repository.js';

export interface ModuleChange {
  readonly notes: NotesChanges;
  readonly archived?: boolean | undefined;
  readonly expectation: Expectation;
}

export interface ModuleParts {
  readonly modules: ModuleRepository;
  readonly packages: Pick<PackageRepository, 'standing'>;
  readonly now: Clock;
}

/** The modules of a project, and what is said of them. Whether the caller may is decided before. */
export class ModuleService {
  readonly #modules: ModuleRepository;
  readonly #packages: Pick<PackageRepository, 'standing'>;
  readonly #now: Clock;

  constructor({ modules, packages, now }: ModuleParts) {
    this.#modules = modules;
    this.#packages = packages;
    this.#now = now;
  }

  list(actor: Actor, scope: string): Promise<readonly Module[]> {
    return this.#modules.list(scope, viewerOf(actor));
  }

  /** What somebody is in the project of a module, for this module. */
  standing(actor: Actor, name: PackageName): Promise<Standing | undefined> {
    return this.#packages.standing(name, viewerOf(actor).user);
  }

  /** @throws PrompdError ENOTFOUND */
  async find(name: PackageName): Promise<Module> {
    const found = await this.#modules.find(name);
    if (!found) throw moduleNotFound(name);
    return found;
  }

  /** @throws PrompdError ETAKEN */
  async create(actor: Actor, name: PackageName, notes: NotesChanges): Promise<Module> {
    const stamp = stampOf(actor, this.#now());
    if (!(await this.#modules.create(name, { notes, stamp }))) {
      throw moduleExists(name);
    }
    return this.find(name);
  }

  /** @throws PrompdError ECHANGED, ENOTFOUND; RequestError EPRECONDITIONREQUIRED */
  async change(actor: Actor, name: PackageName, change: ModuleChange): Promise<Module> {
    await this.#modules.change(name, { ...change, stamp: stampOf(actor, this.#now()) });
    return this.find(name);
  }

  /**
   * Deletes a module that nothing was published of, and archives any other.
   * @param expected the revisions from which the caller starts; undefined for any
   * @throws PrompdError ENOTFOUND, ECHANGED
   */
  remove(actor: Actor, name: PackageName, expected: readonly number[] | undefined): Promise<Removal> {
    return this.#modules.remove(name, { expected, stamp: stampOf(actor, this.#now()) });
  }

  promptNotes(name: PackageName): Promise<readonly PromptNotes[]> {
    return this.#modules.promptNotes(name);
  }

  /** @throws PrompdError ECHANGED; RequestError EPRECONDITIONREQUIRED */
  async describePrompt(
    actor: Actor,
    name: PackageName,
    { prompt, ...change }: ModuleChange & { readonly prompt: string },
  ): Promise<PromptNotes> {
    await this.#modules.changePrompt(name, prompt, { ...change, stamp: stampOf(actor, this.#now()) });
    const found = (await this.promptNotes(name)).find(notes => notes.prompt === prompt);
    if (!found) throw new PrompdError('ENOTFOUND', `Nothing is said of the prompt "${prompt}".`);
    return found;
  }
}
