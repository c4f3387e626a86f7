import type { Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { resolveProject } from '../install/change-project.js';
import type { Suppliers } from '../install/suppliers.js';
import type { WantedPackage } from '../install/wanted-package.js';
import { type Project, requirementsOf } from '../project/project.js';
import { lockfilesBefore, lockToKeep } from './lock-before.js';
import { lockedResolution } from './locked-resolution.js';

/**
 * The lockfile that a project should have: what its manifest asks for, resolved as near as can be to the lockfile that it
 * has, or to what a merge left of that. Nothing is written but the cache. Where all packages are at hand, they say what
 * their contracts are; else what the lockfile says of those that stayed is believed.
 * @throws whatever resolving and fetching throw
 */
export async function lockfileFor(
  context: Context,
  project: Project,
  suppliers: Suppliers,
): Promise<Lockfile> {
  const root = requirementsOf(project.manifest);
  const resolution = await resolveProject(context, suppliers, {
    root,
    lockfile: lockToKeep(context, project),
  });
  const isAtHand = await holdsAll(suppliers.store, [...resolution.packages.values()]);
  const before = isAtHand ? [] : lockfilesBefore(project);
  return lockedResolution(context, { resolution, root, before, suppliers });
}

async function holdsAll(store: Suppliers['store'], wanted: readonly WantedPackage[]): Promise<boolean> {
  for (const item of wanted) {
    if ((await store.locate(item)) === undefined) return false;
  }
  return true;
}

/** The same project, with a whole lockfile in the place of one that has conflict markers. Writes nothing but the cache. */
export async function withWholeLockfile(
  context: Context,
  project: Project,
  suppliers: Suppliers,
): Promise<Project> {
  if (!project.conflict) return project;
  return { ...project, lockfile: await lockfileFor(context, project, suppliers) };
}
