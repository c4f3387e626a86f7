import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Packument } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForChange, openForReading, parsePackageTarget } from './change-target.js';
import { currentPackument, matchingVersions, oneVersion } from './matching-versions.js';

export interface VersionMark {
  readonly name: PackageName;
  readonly registry: string;
  /** The versions that were named, oldest first. */
  readonly versions: readonly Version[];
  /** Those of them that were not as they are to be. */
  readonly changed: readonly Version[];
  readonly dryRun: boolean;
}

export interface Deprecation extends VersionMark {
  /** Undefined when the deprecation was taken back. */
  readonly message: string | undefined;
}

export interface Yank extends VersionMark {
  readonly yanked: boolean;
}

/** What one request may hold at the registry. */
const CHANGES_PER_REQUEST = 100;
const MAX_MESSAGE = 1000;

/**
 * Deprecates every version that fits: it is still installed, with a warning.
 * @param spec `@org/name`, for all versions, or with a range, version or tag
 * @param message '' takes the deprecation back
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION
 */
export async function deprecate(
  context: Context,
  spec: string,
  { message, dryRun = false }: { message: string; dryRun?: boolean },
): Promise<Deprecation> {
  if (message.length > MAX_MESSAGE || message.includes('\0')) {
    throw new PrompdError('EUSAGE', `The message has at most ${MAX_MESSAGE} characters, all of them text.`);
  }
  const { name, selector } = parsePackageTarget(spec);
  const registry = await (dryRun ? openForReading : openForChange)(context, name);
  const packument = await currentPackument(registry, name);
  const versions = matchingVersions(packument, selector);
  const changed = versions.filter(version => (packument.versions.get(version)?.deprecated ?? '') !== message);
  for (let at = 0; at < changed.length && !dryRun; at += CHANGES_PER_REQUEST) {
    const some = changed.slice(at, at + CHANGES_PER_REQUEST);
    const deprecated = new Map(some.map(version => [version, message === '' ? null : message]));
    await registry.changes.configure(name, { deprecated });
  }
  const said = message === '' ? undefined : message;
  return { name, registry: registry.url, versions, changed, message: said, dryRun };
}

/**
 * Yanks a version: no new resolution chooses it, and who has it in a lockfile still gets it.
 * @param spec `@org/name@1.2.0`
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION
 */
export async function yank(
  context: Context,
  spec: string,
  { undo = false, dryRun = false }: { undo?: boolean; dryRun?: boolean } = {},
): Promise<Yank> {
  const { name, selector } = parsePackageTarget(spec);
  const registry: Registry = await (dryRun ? openForReading : openForChange)(context, name);
  const packument: Packument = await currentPackument(registry, name);
  const version = oneVersion(packument, selector);
  const isChange = (packument.versions.get(version)?.yanked === true) === undo;
  if (isChange && !dryRun) await registry.changes.configure(name, { yanked: new Map([[version, !undo]]) });
  const changed = isChange ? [version] : [];
  return { name, registry: registry.url, versions: [version], changed, yanked: !undo, dryRun };
}
