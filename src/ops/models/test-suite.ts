import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type ProjectManifest } from '../../core/manifest.js';
import { parseSpecifier } from '../../core/specifier.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { findInstalled, openProject } from '../project/project.js';
import { rootOf } from '../prompts/prompt-files.js';
import { folderPackage, installedPackage } from '../prompts/prompt-packages.js';
import type { TestTarget } from './suite-plan.js';

/**
 * Opens the package whose tests are to run.
 * @param target as typed: a folder, a prompd.json, or the name of an installed package; undefined is the package that the
 *   user stands in
 * @throws PrompdError ENOMANIFEST, ENOFILE, ENOTINSTALLED, EBADSPEC, EMANIFEST
 */
export async function openTestTarget(context: Context, target: string | undefined): Promise<TestTarget> {
  if (target === undefined) {
    const { dir, manifest, manifestText } = await openProject(context);
    if (manifestText === undefined) throw noManifest(dir);
    return ofFolder(context, dir, {
      manifest,
      title: manifest.name ?? (path.relative(context.cwd, dir) || '.'),
    });
  }
  const absolute = path.resolve(context.cwd, target);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory() || path.basename(absolute) === MANIFEST_FILE) {
    const dir = stats?.isDirectory() ? absolute : path.dirname(absolute);
    const { dir: root, manifest } = await rootOf(path.join(dir, MANIFEST_FILE), context.cwd);
    if (!manifest || root !== dir) throw noManifest(dir);
    return ofFolder(context, dir, { manifest, title: manifest.name ?? target });
  }
  return ofInstalled(context, target);
}

function ofFolder(
  context: Context,
  dir: string,
  { manifest, title }: { manifest: ProjectManifest; title: string },
): TestTarget {
  const label = path.relative(context.cwd, dir).split(path.sep).join('/');
  return { title, manifest, owner: folderPackage(context, dir, { manifest, label }) };
}

async function ofInstalled(context: Context, target: string): Promise<TestTarget> {
  const { target: asked } = parseSpecifier(target);
  const installed =
    asked.kind === 'registry' ? await findInstalled(context, asked.name, asked.selector) : undefined;
  if (!installed) {
    throw new PrompdError(
      'ENOTINSTALLED',
      `There is no folder "${target}", and no installed package of that name.`,
      {
        facts: { target },
        hint: `Run "prompd install ${target}", or name a folder with a prompd.json.`,
      },
    );
  }
  const owner = await installedPackage(installed);
  return { title: owner.label, manifest: await readManifest(installed.tree), owner };
}

function noManifest(folder: string): PrompdError {
  return new PrompdError('ENOMANIFEST', `There is no prompd.json in "${folder}".`, { facts: { folder } });
}
