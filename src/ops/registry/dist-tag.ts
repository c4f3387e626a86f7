import { LATEST, parseDistTag } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { TagMove } from '../../registry/index.js';
import type { Context } from '../context.js';
import { nameOrOwn, openForChange, openForReading, parsePackageTarget } from './change-target.js';
import { currentPackument, oneVersion } from './matching-versions.js';

export interface TagList {
  readonly name: PackageName;
  readonly registry: string;
  readonly distTags: Readonly<Record<string, string>>;
  /** Every move, oldest first; undefined when they were not asked for. */
  readonly moves: readonly TagMove[] | undefined;
}

/**
 * The tags of a package.
 * @param spec its name; undefined for the package of the folder
 * @throws PrompdError ENOMANIFEST, EUSAGE, ENOTFOUND
 */
export async function listTags(
  context: Context,
  spec: string | undefined,
  { history = false }: { history?: boolean } = {},
): Promise<TagList> {
  const name = await nameOrOwn(context, spec);
  const registry = await openForReading(context, name);
  const { distTags } = await currentPackument(registry, name);
  const moves = history ? await registry.changes.tagMoves(name) : undefined;
  return { name, registry: registry.url, distTags, moves };
}

export interface TagChange {
  readonly name: PackageName;
  readonly registry: string;
  readonly tag: string;
  /** Where the tag was; undefined for a new one. */
  readonly from: string | undefined;
  /** Where it is now; undefined when it was taken away. */
  readonly to: Version | undefined;
}

/**
 * Points a tag at a version.
 * @param spec `@org/name@1.2.0`, or another tag instead of the version
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION
 */
export async function addTag(context: Context, spec: string, word: string = LATEST): Promise<TagChange> {
  const { name, selector } = parsePackageTarget(spec);
  const tag = parseDistTag(word);
  const registry = await openForChange(context, name);
  const packument = await currentPackument(registry, name);
  const to = oneVersion(packument, selector);
  const from = tagOf(packument.distTags, tag);
  if (from !== to) await registry.changes.moveTag(name, tag, to);
  return { name, registry: registry.url, tag, from, to };
}

/**
 * Takes a tag away.
 * @throws PrompdError EUSAGE, also for `latest`; EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION when there is no such tag
 */
export async function removeTag(context: Context, spec: string, word: string): Promise<TagChange> {
  const name = await nameOrOwn(context, spec);
  const tag = parseDistTag(word);
  if (tag === LATEST) {
    throw new PrompdError('EUSAGE', 'The tag "latest" cannot be removed: it is what a bare name means.', {
      hint: `Move it, as in "prompd dist-tag add ${name}@<version> latest".`,
    });
  }
  const registry = await openForChange(context, name);
  const { distTags } = await currentPackument(registry, name);
  const from = tagOf(distTags, tag);
  if (from === undefined) {
    throw new PrompdError('ENOVERSION', `${name} has no tag "${tag}".`, {
      facts: { name, tags: Object.keys(distTags) },
      hint: `Run "prompd dist-tag ls ${name}" to see its tags.`,
    });
  }
  await registry.changes.moveTag(name, tag, null);
  return { name, registry: registry.url, tag, from, to: undefined };
}

function tagOf(distTags: Readonly<Record<string, string>>, tag: string): string | undefined {
  return Object.hasOwn(distTags, tag) ? distTags[tag] : undefined;
}
