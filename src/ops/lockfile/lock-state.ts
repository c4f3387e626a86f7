import { isRegistrySource } from '../../core/package-key.js';
import { fitsRequirements, type Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { type ExoticPackages, targetOf } from '../project/exotic-packages.js';
import { type Project, requirementsOf } from '../project/project.js';
import { lockedClashes } from './locked-clashes.js';
import { movedPackages } from './moved-packages.js';
import { strayedEdges } from './strayed-edges.js';

/** Why a lockfile no longer says what the project wants, as sentences; none when it does. */
export async function staleness(
  context: Context,
  { lockfile, manifest }: Project,
  exotics: ExoticPackages,
): Promise<string[]> {
  if (!lockfile) return ['There is no lockfile.'];
  const wanted = requirementsOf(manifest);
  const strayed = fitsRequirements(lockfile, wanted)
    ? strayedEdges(lockfile, wanted)
    : [...differences(lockfile, wanted), ...markedWrong(lockfile)];
  return [
    ...strayed,
    ...movedPackages(context, lockfile).map(
      ({ name, source }) => `${name} is locked from the registry "${source}" and now comes from another one.`,
    ),
    ...lockedClashes(context, lockfile),
    // Nobody but the manifest says which folders are looked into.
    ...(strayed.length > 0 ? [] : await changedFiles(lockfile, exotics)),
  ];
}

function differences({ root }: Lockfile, wanted: ReturnType<typeof requirementsOf>): string[] {
  return (['dependencies', 'devDependencies', 'overrides'] as const).flatMap(field => {
    const names = new Set([...Object.keys(root[field]), ...Object.keys(wanted[field])]);
    return [...names]
      .filter(name => root[field][name] !== wanted[field][name])
      .sort()
      .map(
        name =>
          `${field}.${name}: prompd.json says ${quote(wanted[field][name])}, the lockfile ${quote(root[field][name])}.`,
      );
  });
}

/** What a lockfile said of `dev` that its edges do not say: no prompd writes that. */
function markedWrong({ packages, falseMarks = [] }: Lockfile): string[] {
  return falseMarks.map(key =>
    packages.get(key)?.dev
      ? `${key} is not marked "dev" in the lockfile, and only devDependencies lead to it.`
      : `${key} is marked "dev" in the lockfile, and dependencies lead to it.`,
  );
}

/** Folders and archives on this disk are packed or read again: they change without anybody saying so. */
async function changedFiles(lockfile: Lockfile, exotics: ExoticPackages): Promise<string[]> {
  const reasons: string[] = [];
  for (const { source, name, version, integrity } of lockfile.packages.values()) {
    if (isRegistrySource(source) || !source.startsWith('file:')) continue;
    const opened = await exotics.open(targetOf(source));
    const isSame = opened.integrity === integrity && opened.name === name && opened.version === version;
    if (!isSame) reasons.push(`${source} has changed since it was locked.`);
  }
  return reasons;
}

function quote(value: string | undefined): string {
  return value === undefined ? 'nothing' : `"${value}"`;
}
