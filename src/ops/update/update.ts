import { PrompdError } from '../../core/errors.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { isRegistrySource } from '../../core/package-key.js';
import { type Lockfile, readLockfile } from '../../lockfile/index.js';
import type { Store } from '../../store/index.js';
import type { Context } from '../context.js';
import {
  changeProject,
  type ProjectChange,
  type ProjectChanges,
  projectChanges,
  resolveProject,
} from '../install/change-project.js';
import { noManifest } from '../install/install-locked.js';
import { type Suppliers, withSuppliers } from '../install/suppliers.js';
import { type Switches, withSwitches } from '../install/switches.js';
import { withContracts } from '../lockfile/contract-digests.js';
import { lockfilesBefore } from '../lockfile/lock-before.js';
import { lockfileOf } from '../lockfile/lock-graph.js';
import { withWholeLockfile } from '../lockfile/whole-lockfile.js';
import { editRequirements } from '../project/edit-manifest.js';
import { openProject, type Project, readProject, requirementsOf } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { installedPackage } from '../prompts/prompt-packages.js';
import { latestRanges, type RangeChange } from './latest-ranges.js';
import { type OutdatedPackage, refuseUnknown, surveyProject } from './outdated.js';
import { type LockfileMoves, movesBetween } from './package-moves.js';
import { previewPackages } from './preview-store.js';
import { type PromptChange, promptChanges } from './prompt-changes.js';
import { type UpdateChoice, updateChoices } from './update-choices.js';

export interface UpdateOptions extends Switches {
  /** Names as in prompd.json, or of packages anywhere below; none updates everything. */
  readonly names?: readonly string[];
  /** Also write the ranges of prompd.json anew, so that the newest versions fit. */
  readonly latest?: boolean;
  readonly global?: boolean;
  readonly dryRun?: boolean;
  /**
   * Lets the user choose among the dependencies that can move.
   * @returns the names of those that shall
   */
  readonly pick?: ((choices: readonly UpdateChoice[]) => Promise<readonly string[]>) | undefined;
}

export interface UpdateResult extends ProjectChanges, LockfileMoves {
  /** Absolute path of the project. */
  readonly project: string;
  readonly dryRun: boolean;
  /** What `latest` did to prompd.json. */
  readonly ranges: readonly RangeChange[];
  /** The prompts whose parameters or sections are not what they were. */
  readonly prompts: readonly PromptChange[];
  /** Whether the user was asked what to move, and chose nothing. */
  readonly left: boolean;
}

/**
 * Moves packages to the highest versions that the ranges allow, and tells what that changes for those who call their
 * prompts. When anything fails, nothing has changed.
 * @throws PrompdError ENOMANIFEST; ENOTINSTALLED for a name that is none of the project's; EUSAGE for a name with a
 *   version; ECANCELLED when the user leaves the choice; whatever resolving and fetching throw
 */
export async function update(outer: Context, options: UpdateOptions = {}): Promise<UpdateResult> {
  const context = withSwitches(outer, options);
  const { global = false, names = [], pick } = options;
  const seen = await openProject(context, { global, merge: true });
  if (seen.manifestText === undefined) throw noManifest(seen.dir);
  refuseVersions(names);
  // Chosen before the lock is taken: a user may think about it for as long as they like.
  const chosen = pick ? await choose(context, seen, { ...options, pick }) : names;
  if (pick && !chosen?.length) {
    if (seen.conflict)
      context.progress.warn(
        'prompd-lock.json has the conflicts of a merge still: "prompd install" merges it.',
      );
    return nothing(seen, { ...options, left: chosen !== undefined });
  }
  const moving = chosen ?? [];
  return withProjectLock(context, { dir: seen.dir }, async () => {
    const project = await readProject(seen.dir, { merge: true });
    return withSuppliers(context, forSuppliers(context, project, moving), async suppliers => {
      const whole = await withWholeLockfile(context, project, suppliers);
      refuseUnknown(whole, moving);
      return updateInto(context, whole, { options: { ...options, names: moving }, suppliers });
    });
  });
}

/** @returns undefined where there is nothing to choose from */
async function choose(
  context: Context,
  project: Project,
  options: UpdateOptions &
    Required<Pick<UpdateOptions, 'pick'>> & { pick: NonNullable<UpdateOptions['pick']> },
): Promise<readonly string[] | undefined> {
  const { names = [], latest = false, pick } = options;
  const choices = await withSuppliers(context, project, async suppliers => {
    // What is left of a merge is no list to choose from.
    const whole = await withWholeLockfile(context, project, suppliers);
    const found = await surveyProject(context, whole, { suppliers, names });
    assertInstalled(found);
    return updateChoices(found, {
      latest,
      preview: asked =>
        updateInto(context, whole, { options: { ...options, names: asked, dryRun: true }, suppliers }),
      unknown: ({ code, message }) =>
        context.progress.warn(`What would change for callers is not known (${code}): ${message}`),
    });
  });
  return choices.length === 0 ? undefined : pick(choices);
}

/** A list of what can move has no line for what is not there yet. */
function assertInstalled(found: readonly OutdatedPackage[]): void {
  const [missing, ...others] = found.filter(({ current }) => current === undefined);
  if (!missing) return;
  const also = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new PrompdError('ENOTINSTALLED', `${missing.asked}${also} of prompd.json is not installed yet.`, {
    facts: { missing: [missing, ...others].slice(0, 20).map(({ asked }) => asked) },
    hint: 'Run "prompd install", then choose what to update.',
  });
}

interface Job {
  readonly options: UpdateOptions;
  readonly suppliers: Suppliers;
}

async function updateInto(
  context: Context,
  project: Project,
  { options, suppliers }: Job,
): Promise<UpdateResult> {
  const { names = [], latest = false, dryRun = false } = options;
  const before = requirementsOf(project.manifest);
  const ranges = latest
    ? latestRanges(before, await surveyProject(context, project, { suppliers, names }))
    : [];
  const edits = ranges.map(({ field, name, to }) => ({ field, name, value: to }));
  const root = editRequirements(before, edits);
  const resolution = await resolveProject(context, suppliers, {
    root,
    lockfile: project.lockfile,
    ...leavingTheLock(project, names),
  });
  const change = { action: 'update', resolution, root, edits, save: true } as const;
  const { changes, lockfile, store } = dryRun
    ? await preview(context, project, { change, suppliers })
    : await carryOut(context, project, { change, suppliers });
  const moves = movesBetween(project.lockfile, lockfile);
  return {
    ...changes,
    ...moves,
    project: project.dir,
    dryRun,
    left: false,
    ranges,
    prompts: await promptChanges(
      project.lockfile && { lockfile: project.lockfile, store: suppliers.store },
      { lockfile, store },
      moves.moved,
    ),
  };
}

interface Outcome {
  readonly changes: ProjectChanges;
  /** With the contracts of all prompts. */
  readonly lockfile: Lockfile;
  /** Has the packages of the lockfile. */
  readonly store: Store;
}

async function carryOut(
  context: Context,
  project: Project,
  job: { change: ProjectChange; suppliers: Suppliers },
): Promise<Outcome> {
  const changes = await changeProject(context, project, job);
  const lockfile = await readLockfile(project.dir);
  if (!lockfile) throw new TypeError(`${project.dir} has no lockfile after a change`);
  return { changes, lockfile, store: job.suppliers.store };
}

/** Fetches what is new, to see its contracts, and keeps it in memory. */
async function preview(
  context: Context,
  project: Project,
  { change, suppliers }: { change: ProjectChange; suppliers: Suppliers },
): Promise<Outcome> {
  const { resolution, root } = change;
  const { store, fetch, open } = await previewPackages(context, resolution, suppliers);
  const bare = lockfileOf(resolution, root);
  const lockfile = await withContracts(context, {
    lockfile: bare,
    before: lockfilesBefore(project),
    open: async key => installedPackage(await open(key)),
  });
  return { changes: projectChanges(project, resolution, fetch), lockfile, store };
}

/** Which packages get the highest version. The project's own dependencies get it even at the cost of another version. */
function leavingTheLock(
  { manifest, lockfile }: Project,
  names: readonly string[],
): { fresh: ReadonlySet<string>; unlocked: ReadonlySet<PackageName> } {
  const { dependencies, devDependencies } = requirementsOf(manifest);
  const own = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  const packages = [...(lockfile?.packages.values() ?? [])].map(({ name }) => name);
  return names.length === 0
    ? { fresh: own, unlocked: new Set(packages) }
    : {
        fresh: new Set(names.filter(name => own.has(name))),
        unlocked: new Set(names.filter(isPackageName).filter(name => !own.has(name))),
      };
}

/** The project without the addresses that are asked for anew: what the lockfile says of them does not count. */
function forSuppliers(
  { config }: Context,
  { dir, lockfile, manifest }: Project,
  names: readonly string[],
): Pick<Project, 'dir' | 'lockfile' | 'manifest'> {
  if (!lockfile || config.network.use === 'never') return { dir, lockfile, manifest };
  const isLeaving = (key: string) =>
    names.length === 0 || names.some(asked => isPackageName(asked) && lockfile.root.edges.get(asked) === key);
  const packages = [...lockfile.packages].filter(
    ([key, { source }]) => isRegistrySource(source) || source.startsWith('file:') || !isLeaving(key),
  );
  return { dir, manifest, lockfile: { ...lockfile, packages: new Map(packages) } };
}

function refuseVersions(names: readonly string[]): void {
  const [bad] = names.filter(name => name.indexOf('@', 1) > 0);
  if (bad === undefined) return;
  throw new PrompdError('EUSAGE', `"${bad.slice(0, 120)}" names a version, and update takes names only.`, {
    facts: { name: bad.slice(0, 214) },
    hint: `Run "prompd install ${bad.slice(0, 120)}" to ask for another version, or "prompd update --latest" for the newest.`,
  });
}

function nothing(
  { dir, lockfile }: Project,
  { dryRun = false, left }: Pick<UpdateOptions, 'dryRun'> & { left: boolean },
): UpdateResult {
  return {
    project: dir,
    dryRun,
    left,
    ranges: [],
    prompts: [],
    moved: [],
    appeared: [],
    gone: [],
    added: [],
    removed: [],
    fetched: 0,
    total: lockfile?.packages.size ?? 0,
  };
}
