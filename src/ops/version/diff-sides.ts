import { stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import type { PackageName } from '../../core/name.js';
import { packageKey } from '../../core/package-key.js';
import { parseSpecifier, type Selector } from '../../core/specifier.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { ExoticTarget } from '../../resolve/index.js';
import { memoryTree, packFolder, readManifest, unpack } from '../../tarball/index.js';
import type { Context } from '../context.js';
import type { Suppliers } from '../install/suppliers.js';
import { findInstalled, openProject } from '../project/project.js';
import { installedPackage } from '../prompts/prompt-packages.js';
import { releaseBefore } from './compare-packages.js';
import { type OpenedPackage, openPacked } from './opened-package.js';
import { asPrompts, chosenVersion, type PublishedPackages } from './published-packages.js';

/** The two packages that are compared. */
export interface DiffSides {
  readonly before: OpenedPackage;
  readonly after: OpenedPackage;
}

export interface SideSources {
  readonly published: PublishedPackages;
  readonly exotics: Suppliers['exotics'];
}

/**
 * Opens what a user wants to see compared.
 *
 * - two words: the first with the second;
 * - one package of a registry: with the folder the user works in when that is the same package, else what is installed
 *   of it with what was named;
 * - one folder or archive: the release before it, as it is published, with it;
 * - nothing: the same for the package that the user works in.
 * @throws PrompdError ENOMANIFEST, ENOTINSTALLED, ENOVERSION, and whatever opening the packages throws
 */
export async function openSides(
  context: Context,
  words: readonly string[],
  sources: SideSources,
): Promise<DiffSides> {
  const [first, second] = words.map(word => ({ word }));
  if (first && second) {
    const [before, after] = [await readWord(context, first.word), await readWord(context, second.word)];
    return {
      before: await openSide(context, before, sources),
      after: await openSide(context, after, sources),
    };
  }
  if (!first) return withPublished(await ownFolder(context, sources), sources);
  const side = await readWord(context, first.word);
  const opened = await openSide(context, side, sources);
  if (side.kind !== 'registry') return withPublished(opened, sources);
  const { manifest } = await openProject(context);
  if (manifest.name === side.name) return { before: opened, after: await ownFolder(context, sources) };
  return { before: await openInstalled(context, side.name), after: opened };
}

type Side =
  | { readonly kind: 'registry'; readonly name: PackageName; readonly selector: Selector }
  | { readonly kind: 'folder'; readonly dir: string; readonly title: string }
  | { readonly kind: 'exotic'; readonly target: ExoticTarget; readonly title: string };

/** A path is taken for one when it is there; a word with a scope is always a package. */
async function readWord(context: Context, word: string): Promise<Side> {
  const absolute = path.resolve(context.cwd, word.replace(/^file:/, ''));
  const stats = word.startsWith('@') ? undefined : await stat(absolute).catch(() => undefined);
  if (stats?.isDirectory()) return { kind: 'folder', dir: absolute, title: word };
  if (stats?.isFile()) {
    if (!/\.(?:tgz|tar\.gz)$/i.test(word)) throw notAPackage(word);
    return { kind: 'exotic', target: { kind: 'archive', path: absolute }, title: word };
  }
  const { target } = parseSpecifier(word);
  if (target.kind === 'registry') return { kind: 'registry', name: target.name, selector: target.selector };
  if (target.kind === 'remote') return { kind: 'exotic', target, title: word };
  throw new PrompdError('ENOFILE', `There is no "${word}".`, { facts: { path: absolute } });
}

async function openSide(context: Context, side: Side, sources: SideSources): Promise<OpenedPackage> {
  switch (side.kind) {
    case 'registry':
      return openPublished(side.name, side.selector, sources);
    case 'folder':
      return openFolder(context, side, sources);
    case 'exotic':
      return openExotic(side, sources);
  }
}

async function openFolder(
  context: Context,
  { dir, title }: { readonly dir: string; readonly title: string },
  { published }: SideSources,
): Promise<OpenedPackage> {
  const packed = { ...(await packFolder(dir)), dir };
  return openPacked(context, packed, { title, otherwise: published.dependency });
}

async function openExotic(
  { target, title }: Extract<Side, { kind: 'exotic' }>,
  { published, exotics }: SideSources,
): Promise<OpenedPackage> {
  const tarball = exotics.archive(packageKey(await exotics.open(target)));
  if (!tarball) throw new TypeError(`${title} was opened without its archive`);
  const tree = memoryTree((await unpack(tarball)).files);
  const opened = { title, manifest: await readManifest(tree), tree };
  return { ...opened, prompts: asPrompts(opened, published.dependency) };
}

/** One version of a package of a registry. @throws PrompdError ENOTFOUND, ENOVERSION */
export async function openPublished(
  name: PackageName,
  selector: Selector,
  { published }: SideSources,
): Promise<OpenedPackage> {
  const packument = await published.packument(name);
  const version = chosenVersion(packument, selector);
  if (version !== undefined) return published.open(name, version);
  const versions = [...packument.versions.keys()].sort((a, b) => compareVersions(b, a));
  throw new PrompdError('ENOVERSION', `${name} has no version that fits "${selector.raw}".`, {
    facts: { name, wanted: selector.raw, versions: versions.slice(0, 20) },
    hint: versions.length === 0 ? 'It has no versions at all.' : `The newest one is ${versions[0]}.`,
  });
}

async function ownFolder(context: Context, sources: SideSources): Promise<OpenedPackage> {
  const { dir, manifestText } = await openProject(context);
  if (manifestText === undefined) {
    throw new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} here to compare.`, {
      facts: { folder: context.cwd },
      hint: 'Change to the folder of a package, or name two packages, as in "prompd diff @team/tone@1 @team/tone@2".',
    });
  }
  return openFolder(context, { dir, title: path.relative(context.cwd, dir) || '.' }, sources);
}

async function openInstalled(context: Context, name: PackageName): Promise<OpenedPackage> {
  const installed = await findInstalled(context, name);
  if (!installed) {
    throw new PrompdError(
      'ENOTINSTALLED',
      `${name} is not installed here, so there is nothing to compare with.`,
      {
        facts: { package: name },
        hint: `Name two versions, as in "prompd diff ${name}@1 ${name}@2".`,
      },
    );
  }
  const manifest = await readManifest(installed.tree);
  const title = `${name}@${installed.version} (installed)`;
  return { title, manifest, tree: installed.tree, prompts: await installedPackage(installed) };
}

async function withPublished(after: OpenedPackage, { published }: SideSources): Promise<DiffSides> {
  const { name, version } = after.manifest;
  const base = await lastRelease(published, name, version);
  if (base !== undefined) return { before: await published.open(name, base), after };
  throw new PrompdError('ENOVERSION', `${name} has no release up to ${version} to compare with.`, {
    facts: { name, version },
    hint: `Name what to compare with, as in "prompd diff ${name}@latest".`,
  });
}

/** The highest published release that is not above a version. */
export async function lastRelease(
  published: Pick<PublishedPackages, 'packument'>,
  name: PackageName,
  version: Version,
): Promise<Version | undefined> {
  return releaseBefore(await published.packument(name), version, { including: true });
}

function notAPackage(word: string): PrompdError {
  return new PrompdError('EUSAGE', `"${word}" is neither the folder nor the archive of a package.`, {
    facts: { path: word },
    hint: 'Archives end in .tgz; make one with "prompd pack".',
  });
}
