import { PrompdError } from '../../core/errors.js';
import type { PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import type { ProjectChanges } from './change-project.js';
import type { Switches } from './switches.js';

export { withNetworkUse } from './switches.js';

export interface InstallOptions {
  /** What to add; nothing installs what the manifest says. */
  readonly specs?: readonly string[];
  readonly saveDev?: boolean;
  /** Save as a dependency for use, also what was one for development. */
  readonly saveProd?: boolean;
  /** Save the version instead of a range. */
  readonly saveExact?: boolean;
  /** false: leave prompd.json and the lockfile alone. */
  readonly save?: boolean;
  readonly global?: boolean;
  readonly dryRun?: boolean;
  /** Leave out what only devDependencies need. */
  readonly omitDev?: boolean;
  /** Refuse to change the lockfile. */
  readonly frozen?: boolean;
  readonly use?: Switches['use'];
  readonly resolution?: Switches['resolution'];
  readonly auditLevel?: Switches['auditLevel'];
  /** The model that the prompts are installed for: `provider/model`, or the model alone. */
  readonly model?: string | undefined;
  /** How long to wait for another command in the same project, in milliseconds. */
  readonly lockWaitMs?: number;
}

export interface InstallResult extends ProjectChanges {
  /** Absolute path of the project. */
  readonly project: string;
  readonly dryRun: boolean;
  /** What was asked for on the command line. */
  readonly requested: readonly RequestedPackage[];
}

export interface RequestedPackage {
  readonly name: string;
  /** The package that the name stands for now. */
  readonly key: PackageKey;
  readonly version: Version;
  /** What prompd.json says now. */
  readonly saved: string;
}

/** What a lockfile wants in the store. */
export function lockedPackages(
  { packages }: Lockfile,
  { omitDev = false }: { omitDev?: boolean },
): (LockedPackage & { readonly key: PackageKey })[] {
  return [...packages]
    .filter(([, { dev }]) => !(omitDev && dev))
    .map(([key, locked]) => ({ key, ...locked }));
}

/** The error for a command that needs a manifest where there is none. @param hint what to do, where that is special */
export function noManifest(dir: string, hint?: string): PrompdError {
  return new PrompdError('ENOMANIFEST', `There is no prompd.json in ${dir} or above it.`, {
    facts: { folder: dir },
    hint: hint ?? 'Change to the project\'s folder, or name it with "-C <folder>".',
  });
}

/** The error for an install that is given nothing to install. */
export function nothingToInstall(dir: string): PrompdError {
  return noManifest(
    dir,
    'Name a package to install, as in "prompd install @team/code-review", or run "prompd init".',
  );
}
