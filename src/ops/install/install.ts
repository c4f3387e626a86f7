import { PrompdError } from '../../core/errors.js';
import type { Lockfile } from '../../lockfile/index.js';
import { rememberProject } from '../../store/index.js';
import type { Context } from '../context.js';
import { lockToKeep } from '../lockfile/lock-before.js';
import { lockfileOf } from '../lockfile/lock-graph.js';
import { staleness } from '../lockfile/lock-state.js';
import { editRequirements } from '../project/edit-manifest.js';
import { openProject, type Project, readProject, requirementsOf } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { editsFor, readSpecs, requestedIn, type WantedSpec } from '../project/wanted-specs.js';
import { whileStoreStays } from '../store/store-lock.js';
import { changeProject, projectChanges, recordChanges, resolveProject } from './change-project.js';
import { checkModel } from './check-model.js';
import {
  type InstallOptions,
  type InstallResult,
  lockedPackages,
  nothingToInstall,
} from './install-locked.js';
import { lookAtFound } from './look-at-found.js';
import { noteInstalled } from './note-installed.js';
import { planPackages, reifyPackages } from './reify-packages.js';
import { type Suppliers, withSuppliers } from './suppliers.js';
import { withSwitches } from './switches.js';
import { unchanged } from './unchanged.js';

/**
 * Installs what the manifest says, or adds packages to it. Does nothing, and asks nobody, when the lockfile says what
 * the manifest says and the store holds all of it.
 * @throws PrompdError ENOMANIFEST, ELOCKED, ELOCKOUTDATED; whatever resolving and fetching throw
 */
export async function install(outer: Context, options: InstallOptions = {}): Promise<InstallResult> {
  const context = withSwitches(outer, options);
  const { specs = [], global = false } = options;
  const project = await openProject(context, { global, merge: true });
  if (specs.length === 0) {
    if (project.manifestText === undefined) throw nothingToInstall(project.dir);
    const done = await withSuppliers(context, project, suppliers =>
      ifComplete(context, project, { options, suppliers }),
    );
    if (done) return done;
  }
  return withProjectLock(context, { dir: project.dir, waitMs: options.lockWaitMs }, async () => {
    const current = await readProject(project.dir, { merge: options.frozen !== true });
    return withSuppliers(context, current, suppliers =>
      installInto(context, current, { options, suppliers }),
    );
  });
}

interface Job {
  readonly options: InstallOptions;
  readonly suppliers: Suppliers;
}

async function ifComplete(context: Context, project: Project, job: Job): Promise<InstallResult | undefined> {
  const { lockfile } = project;
  if (!lockfile || (await staleness(context, project, job.suppliers.exotics)).length > 0) return undefined;
  if (!job.options.dryRun) rememberProject(job.suppliers.store.home, project.dir);
  const wanted = lockedPackages(lockfile, job.options);
  const plan = await planPackages(job.suppliers.store, wanted);
  if (plan.fetch.length > 0) return undefined;
  await checkModel(context, lockfile, job.options);
  if (!job.options.dryRun) {
    const notePassed = await lookAtFound(context, project.dir, { plan, suppliers: job.suppliers });
    await notePassed();
  }
  return unchanged(project.dir, { total: lockfile.packages.size, fetched: 0, dryRun: job.options.dryRun });
}

async function installInto(context: Context, project: Project, job: Job): Promise<InstallResult> {
  const { options, suppliers } = job;
  const stale = await staleness(context, project, suppliers.exotics);
  if (options.frozen && options.specs?.length) throw frozen(options.specs);
  if (options.frozen && stale.length > 0) throw outdated(stale);
  if (!options.specs?.length && project.lockfile && stale.length === 0)
    return installLocked(context, project, { ...job, lockfile: project.lockfile });
  return installResolved(context, project, job);
}

/** The lockfile stays as it is: only the store changes. */
async function installLocked(
  context: Context,
  project: Project,
  { options, suppliers, lockfile }: Job & { lockfile: Lockfile },
): Promise<InstallResult> {
  const { store } = suppliers;
  await checkModel(context, lockfile, options);
  const wanted = lockedPackages(lockfile, options);
  const plan = () => planPackages(store, wanted);
  if (options.dryRun) {
    const { fetch } = await plan();
    return unchanged(project.dir, { total: lockfile.packages.size, fetched: fetch.length, dryRun: true });
  }
  return whileStoreStays(context, async () => {
    rememberProject(store.home, project.dir);
    const planned = await plan();
    const { fetch } = planned;
    const result = unchanged(project.dir, { total: lockfile.packages.size, fetched: fetch.length });
    const notePassed = await lookAtFound(context, project.dir, { plan: planned, suppliers });
    const { placed } = await reifyPackages(context, planned, suppliers);
    await notePassed();
    await noteInstalled(context, project, { lockfile, placed });
    recordChanges(context, suppliers, { action: 'install', project: project.dir, changes: result, fetch });
    await store.sweep(context.now().getTime());
    return result;
  });
}

async function installResolved(context: Context, project: Project, job: Job): Promise<InstallResult> {
  const { options, suppliers } = job;
  const {
    saveDev = false,
    saveProd = false,
    saveExact = false,
    save = true,
    dryRun = false,
    global = false,
  } = options;
  const { exotics, store } = suppliers;
  const before = requirementsOf(project.manifest);
  const folders = { cwd: context.cwd, project: global ? undefined : project.dir };
  const specs = await readSpecs(options.specs ?? [], folders, exotics);
  const asked = editsFor(specs, before, { dev: saveDev, prod: saveProd, range: ({ value }) => value });
  if (!dryRun) suppliers.source.fetchEarly();
  const resolution = await resolveProject(context, suppliers, {
    root: editRequirements(before, asked),
    lockfile: lockToKeep(context, project),
    fresh: new Set(specs.map(spec => spec.asked)),
  });
  const saved = (spec: WantedSpec) => spec.save(requestedIn(resolution, spec.asked).version, saveExact);
  const edits = editsFor(specs, before, { dev: saveDev, prod: saveProd, range: saved });
  const root = editRequirements(before, edits);
  await checkModel(context, lockfileOf(resolution, root), options);
  const change = { action: 'install', resolution, root, edits, save } as const;
  const changes = dryRun
    ? projectChanges(
        project,
        resolution,
        (await planPackages(store, [...resolution.packages.values()])).fetch,
      )
    : await changeProject(context, project, { change, suppliers });
  return {
    ...changes,
    project: project.dir,
    dryRun,
    requested: lastOfEach(specs).map(spec => {
      const { key, version } = requestedIn(resolution, spec.asked);
      return { name: spec.asked, key, version, saved: saved(spec) };
    }),
  };
}

/** Of a name that was given twice the last one is what prompd.json says. */
function lastOfEach(specs: readonly WantedSpec[]): WantedSpec[] {
  return [...new Map(specs.map(spec => [spec.asked, spec])).values()];
}

/** The error for a lockfile that does not say what the manifest says. @param reasons one sentence each */
export function outdated(reasons: readonly string[]): PrompdError {
  return new PrompdError('ELOCKOUTDATED', 'The lockfile does not match prompd.json.', {
    facts: { reasons },
    hint: 'Run "prompd install" and commit prompd-lock.json.',
  });
}

function frozen(specs: readonly string[]): PrompdError {
  return new PrompdError('ELOCKOUTDATED', 'Packages cannot be added while the lockfile may not change.', {
    facts: { packages: specs },
    hint: 'Leave out "--frozen-lockfile" to add them, or the packages to install what is locked.',
  });
}
