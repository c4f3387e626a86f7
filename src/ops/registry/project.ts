import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { isPackageName, parsePackageName } from '../../core/name.js';
import {
  connect,
  type MadeProject,
  type ProjectDraft,
  type ProjectInfo,
  type Registry,
  type ShownProject,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForChange, openForReading } from './change-target.js';

export interface ProjectCreation extends MadeProject {
  readonly registry: string;
}

export interface ProjectList {
  readonly registry: string;
  readonly projects: readonly ProjectInfo[];
}

export interface ProjectDetails extends ShownProject {
  readonly registry: string;
}

export interface ProjectArchiving extends ProjectInfo {
  readonly registry: string;
}

/** Makes a project of a scope. @throws PrompdError EBADNAME, ETAKEN, EFORBIDDEN, EAUTH, EUNSUPPORTED */
export async function createProject(context: Context, draft: ProjectDraft): Promise<ProjectCreation> {
  const project = scopeNamed(draft.project);
  const registry = await openProject(context, project);
  return { registry: registry.url, ...(await registry.projects.create({ ...draft, project })) };
}

/** The projects of the user at the default registry; for its admins all. @throws PrompdError EAUTH, EUNSUPPORTED */
export async function listProjects(context: Context): Promise<ProjectList> {
  const registry = connect(context, DEFAULT_ALIAS);
  return { registry: registry.url, projects: await registry.projects.list() };
}

/** @throws PrompdError ENOTFOUND, EAUTH, EUNSUPPORTED */
export async function showProject(context: Context, named: string): Promise<ProjectDetails> {
  const project = scopeNamed(named);
  const registry = await readProjectOf(context, project);
  return { registry: registry.url, ...(await registry.projects.show(project)) };
}

/** Archives a project, or takes it out of the archive. @throws PrompdError ENOTFOUND, EFORBIDDEN, EAUTH, EUNSUPPORTED */
export async function archiveProject(
  context: Context,
  named: string,
  change: { readonly archived: boolean; readonly reason: string | undefined },
): Promise<ProjectArchiving> {
  const project = scopeNamed(named);
  const registry = await openProject(context, project);
  return { registry: registry.url, ...(await registry.projects.archive(project, change)) };
}

/** The scope that somebody names, with or without its `@`. @throws PrompdError EBADNAME */
export function scopeNamed(named: string): string {
  const scope = named.startsWith('@') ? named : `@${named}`;
  if (isPackageName(`${scope}/x`)) return scope;
  throw new PrompdError(
    'EBADNAME',
    `"${named.slice(0, 100)}" is not a project, which is the scope of packages.`,
    {
      facts: { name: named.slice(0, 100) },
      hint: 'Write a scope, as in "@bank".',
    },
  );
}

/** The registry at which the packages of a scope are, with the token that changing takes. @throws PrompdError EAUTH */
export function openProject(context: Context, scope: string): Promise<Registry> {
  return openForChange(context, parsePackageName(`${scope}/x`));
}

/** As {@link openProject}, for reading. */
export function readProjectOf(context: Context, scope: string): Promise<Registry> {
  return openForReading(context, parsePackageName(`${scope}/x`));
}
