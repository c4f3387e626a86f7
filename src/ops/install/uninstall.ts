import { PrompdError } from '../../core/errors.js';
import { suggest } from '../../core/suggest.js';
import type { Context } from '../context.js';
import { lockToKeep } from '../lockfile/lock-before.js';
import { editRequirements, type ManifestEdit } from '../project/edit-manifest.js';
import { openProject, type Project, readProject, requirementsOf } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { changeProject, type ProjectChanges, projectChanges, resolveProject } from './change-project.js';
import { noManifest } from './install-locked.js';
import { planPackages } from './reify-packages.js';
import { withSuppliers } from './suppliers.js';
import { type Switches, withSwitches } from './switches.js';

export interface UninstallOptions extends Switches {
  readonly global?: boolean;
  /** Say what would be done, and do none of it. */
  readonly dryRun?: boolean;
}

export interface UninstallResult extends ProjectChanges {
  /** Absolute path of the project. */
  readonly project: string;
  /** Names that were taken out of the manifest; a package stays where something else needs it. */
  readonly requested: readonly string[];
  readonly dryRun: boolean;
}

/**
 * Takes packages out of the manifest and the lockfile, with all that only they needed. The store keeps them: other
 * projects may use them.
 * @throws PrompdError ENOMANIFEST; ENOTINSTALLED when the manifest does not name one of them
 */
export async function uninstall(
  outer: Context,
  names: readonly string[],
  { global = false, dryRun = false, ...switches }: UninstallOptions = {},
): Promise<UninstallResult> {
  const context = withSwitches(outer, switches);
  const { dir, manifestText } = await openProject(context, { global, merge: true });
  if (manifestText === undefined) throw noManifest(dir);
  return withProjectLock(context, { dir }, async () => {
    const project = await readProject(dir, { merge: true });
    const before = requirementsOf(project.manifest);
    const edits = removals(project, names);
    const root = editRequirements(before, edits);
    return withSuppliers(context, project, async suppliers => {
      const lockfile = lockToKeep(context, project);
      const resolution = await resolveProject(context, suppliers, { root, lockfile });
      const change = { action: 'uninstall', resolution, root, edits, save: true } as const;
      const wanted = [...resolution.packages.values()];
      const changes = dryRun
        ? projectChanges(project, resolution, (await planPackages(suppliers.store, wanted)).fetch)
        : await changeProject(context, project, { change, suppliers });
      return { ...changes, project: dir, requested: [...new Set(names)], dryRun };
    });
  });
}

function removals({ manifest }: Project, names: readonly string[]): ManifestEdit[] {
  const root = requirementsOf(manifest);
  const known = [...Object.keys(root.dependencies), ...Object.keys(root.devDependencies)];
  return names.flatMap(name => {
    const fields = (['dependencies', 'devDependencies'] as const).filter(field =>
      Object.hasOwn(root[field], name),
    );
    if (fields.length > 0) return fields.map(field => ({ field, name, value: undefined }));
    const near = suggest(name, known);
    throw new PrompdError('ENOTINSTALLED', `"${name.slice(0, 120)}" is not a dependency of this project.`, {
      facts: { dependencies: known },
      hint: near === undefined ? 'Run "prompd list" to see what there is.' : `Did you mean "${near}"?`,
    });
  });
}
