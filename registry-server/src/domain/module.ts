import { type PackageName, PrompdError } from 'prompd/core';

/** What people say of a module or a prompt, beside its content. */
export interface Notes {
  readonly description: string;
  readonly author: string;
  /** What it is meant to do. */
  readonly intent: string;
  readonly complianceNotes: string;
  readonly tags: readonly string[];
}

/** Some of them; what is not named stays. */
export type NotesChanges = { readonly [K in keyof Notes]?: Notes[K] | undefined };

/** A module: a package as its project sees it, published or not. */
export interface Module extends Notes {
  /** `@bank/kyc` */
  readonly package: PackageName;
  /** Goes up with each change of the notes. */
  readonly revision: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly archivedAt: Date | null;
  /** The version that a bare name means; null when nothing is published. */
  readonly latest: string | null;
  /** Of the draft; null when there is none. */
  readonly draftRevision: number | null;
}

/** What people say of one prompt of a module. */
export interface PromptNotes extends Notes {
  readonly prompt: string;
  /** 0 while nothing was said of it. */
  readonly revision: number;
  readonly archivedAt: Date | null;
}

/** The same answer for a module that does not exist and one that the caller may not see. */
export function moduleNotFound(name: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no module ${name}.`, {
    facts: { name },
    hint: 'A member of the project makes one with POST /projects/:project/modules.',
  });
}

export function promptNotFound(name: string, prompt: string): PrompdError {
  return new PrompdError('ENOTFOUND', `${name} has no prompt "${prompt}".`, { facts: { name, prompt } });
}

export function moduleArchived(name: string): PrompdError {
  return new PrompdError('EFORBIDDEN', `${name} is archived: nothing in it changes any more.`, {
    facts: { name },
    hint: 'Take it out of the archive first.',
  });
}

export function promptArchived(name: string, prompt: string): PrompdError {
  return new PrompdError('EFORBIDDEN', `The prompt "${prompt}" of ${name} is archived: it changes no more.`, {
    facts: { name, prompt },
    hint: 'Take it out of the archive first, with {"archived": false} at its notes.',
  });
}

export function moduleExists(name: string): PrompdError {
  return new PrompdError('ETAKEN', `There is a module ${name} already.`, { facts: { name } });
}
