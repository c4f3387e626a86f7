import { readLayers } from '../../config/load.js';
import { settingKeys, settingsIn } from '../../config/setting-key.js';
import { compareText } from '../../core/package-key.js';
import type { Context } from '../context.js';
import { openProject, requirementsOf } from '../project/project.js';
import { linksOf } from '../project/project-links.js';

/** What can be completed from what is installed and configured. */
export type Completable = 'packages' | 'prompts' | 'settings';

/**
 * Names of packages, references to prompts, or keys of settings, sorted. Nothing but files is asked, and what cannot be
 * read has no names.
 */
export async function completable(context: Context, kind: Completable): Promise<string[]> {
  const found = kind === 'settings' ? await settingNames(context) : await packageNames(context, kind);
  return [...new Set(found)].sort(compareText);
}

async function packageNames(context: Context, kind: 'packages' | 'prompts'): Promise<string[]> {
  const found: string[] = [];
  for (const global of [false, true]) {
    const project = await openProject(context, { global }).catch(() => undefined);
    if (!project) continue;
    const { dir, manifest, lockfile } = project;
    const { dependencies, devDependencies } = requirementsOf(manifest);
    const links = await linksOf(context, dir).catch(() => new Map<string, string>());
    if (kind === 'packages')
      found.push(...Object.keys({ ...dependencies, ...devDependencies }), ...links.keys());
    for (const { name, prompts } of lockfile?.packages.values() ?? []) {
      if (kind === 'packages') found.push(name);
      else found.push(...[...prompts.keys()].map(id => `${name}:${id}`));
    }
  }
  return found;
}

async function settingNames({ cwd, env }: Context): Promise<string[]> {
  const layers = await readLayers({ cwd, env }).catch(() => ({ user: undefined, project: undefined }));
  return [
    ...settingKeys().map(key => key.replace(/<name>.*$/, '')),
    ...[layers.user, layers.project].flatMap(layer =>
      settingsIn(layer?.values ?? {}).map(({ path }) => path.join('.')),
    ),
  ];
}
