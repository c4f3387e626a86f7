import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { parsePackument } from '../../core/packument.js';
import type { Version } from '../../core/version.js';
import type { LockedPackage } from '../../lockfile/index.js';
import { openMetadata } from '../../store/index.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { openInstalled, readProject, shelfOf } from './project.js';

/** A dependency of a project as it is locked, and what is known of it here without asking its registry. */
export interface InstalledDependency {
  readonly name: PackageName;
  readonly version: Version;
  /** Absolute path of its folder; undefined when it is locked and not installed. */
  readonly dir: string | undefined;
  readonly description: string | undefined;
  /** Prompt id to the path of its file. */
  readonly prompts: Readonly<Record<string, string>>;
  /** Why it should not be used any more, as its registry said when it was last asked. */
  readonly deprecated: string | undefined;
}

/**
 * The names under which a project asks for packages that are locked, sorted.
 * @param dir absolute
 * @returns none where there is no lockfile that can be read
 */
export async function lockedNames(dir: string): Promise<PackageName[]> {
  return [...((await lockfileOf(dir))?.root.edges.keys() ?? [])].sort();
}

/**
 * What is known of a project's dependency.
 * @param dir absolute; @param asked the name that the project has for it
 * @returns undefined when the lockfile does not know it
 */
export async function installedDependency(
  context: Context,
  dir: string,
  asked: PackageName,
): Promise<InstalledDependency | undefined> {
  const lockfile = await lockfileOf(dir);
  const key = lockfile?.root.edges.get(asked);
  const locked = key && lockfile?.packages.get(key);
  if (!lockfile || !key || !locked) return undefined;
  const { name, version } = locked;
  const deprecated = deprecationOf(context, locked);
  try {
    const opened = await openInstalled(await shelfOf(context, dir), lockfile, key);
    const { description, prompts = {} } = await readManifest(opened.tree);
    return { name, version: opened.version, dir: opened.dir, description, prompts, deprecated };
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return { name, version, dir: undefined, description: undefined, prompts: {}, deprecated };
  }
}

async function lockfileOf(dir: string) {
  try {
    return (await readProject(dir)).lockfile;
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function deprecationOf({ config }: Context, { source, name, version }: LockedPackage): string | undefined {
  const url = config.registries.get(source)?.url;
  if (url === undefined) return undefined;
  const metadata = openMetadata(config.home, () => {}, { create: false });
  try {
    const cached = metadata.packument(url, name);
    const raw: unknown = cached && JSON.parse(cached.body);
    return cached && parsePackument(raw, name).versions.get(version)?.deprecated?.slice(0, 300);
  } catch {
    // What is remembered can be lost, and then nothing is known.
    return undefined;
  } finally {
    metadata.close();
  }
}
