import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import type { PackageManifest } from '../../core/manifest.js';
import type { Packument } from '../../core/packument.js';
import { suggest } from '../../core/suggest.js';
import { compareVersions, parseVersion, type Version } from '../../core/version.js';
import { type Bump, type ContractChange, holds } from '../../prompt/index.js';
import { packFolder } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { withoutLinks } from '../project/project-links.js';
import { comparePackages, releaseBefore } from './compare-packages.js';
import { openPacked } from './opened-package.js';
import { publishedPackages } from './published-packages.js';

export const STEPS = ['major', 'minor', 'patch', 'premajor', 'preminor', 'prepatch', 'prerelease'] as const;
export type Step = (typeof STEPS)[number];

/** What `auto` found, besides the version that it chose. */
export interface AutoChoice {
  readonly version: Version;
  /** Why, as a sentence. */
  readonly reason: string;
  /** The release that the folder was compared with; absent when there is none. */
  readonly base?: Version;
  readonly changes: readonly ContractChange[];
}

/**
 * The version that a word stands for.
 * @param word a step, or an exact version
 * @param current undefined when the manifest has none: then only an exact version will do
 * @throws PrompdError EUSAGE, EBADVERSION
 */
export function nextVersion(word: string, current: Version | undefined, preid?: string): Version {
  const step = STEPS.find(known => known === word);
  if (preid !== undefined) checkPreid(preid, step);
  if (step === undefined) return exactVersion(word);
  if (current === undefined) {
    throw new PrompdError('EUSAGE', 'prompd.json has no version to step on from.', {
      hint: 'Name the first one, as in "prompd version 1.0.0".',
    });
  }
  const next = preid === undefined ? semver.inc(current, step) : semver.inc(current, step, preid);
  if (next === null) throw new TypeError(`${current} has no next ${step}`);
  return parseVersion(next);
}

/** @throws PrompdError EBADVERSION */
function exactVersion(word: string): Version {
  if (/\d/.test(word)) return parseVersion(word);
  const words = [...STEPS, 'auto'];
  const near = suggest(word, words);
  throw new PrompdError('EBADVERSION', `"${word.slice(0, 80)}" is neither a step nor a version.`, {
    facts: { version: word.slice(0, 80) },
    hint:
      near === undefined ? `Name ${words.join(', ')}, or a version as "1.4.0".` : `Did you mean "${near}"?`,
  });
}

/**
 * The version that what changed in a folder needs, compared with the last release up to its version.
 * @param dir absolute
 * @throws PrompdError EPROMPT when a prompt of the folder cannot be loaded; whatever reading the registry throws
 */
export async function autoVersion(
  context: Context,
  { dir, manifest }: { readonly dir: string; readonly manifest: PackageManifest },
): Promise<AutoChoice> {
  const { name, version } = manifest;
  return withSuppliers(context, { dir, lockfile: undefined }, async suppliers => {
    const published = publishedPackages(context, suppliers);
    const packument = await published.packument(name).catch((error: unknown) => {
      if (error instanceof PrompdError && error.code === 'ENOTFOUND') return undefined;
      throw error;
    });
    const base = packument && releaseBefore(packument, version, { including: true });
    if (!packument || base === undefined) {
      const reason = `No release up to ${version} is published: there is nothing to step on from.`;
      return { version, reason, changes: [] };
    }
    const packed = { ...(await packFolder(dir)), dir };
    const after = await openPacked(withoutLinks(context), packed, {
      title: dir,
      otherwise: published.dependency,
    });
    const { changes, level, needed, uncompared } = await comparePackages(
      await published.open(name, base),
      after,
    );
    for (const { prompt, side, reason } of uncompared) {
      if (side === 'after') throw unreadable(prompt, reason);
      context.progress.warn(
        `The prompt "${prompt}" was not compared: it cannot be loaded in ${base}: ${reason}`,
      );
    }
    if (!level || !needed) return { version, reason: `Nothing changed since ${base}.`, base, changes };
    const isNew = compareVersions(version, base) > 0 && !packument.versions.has(version);
    if (isNew && holds(version, level, base)) {
      const reason = `${version} is not published yet, and is a large enough step from ${base}.`;
      return { version, reason, base, changes };
    }
    const what = { breaking: 'Breaking changes', minor: 'Minor changes', patch: 'Patch changes' }[level];
    // After a published pre-release of a larger step, its release is next.
    const least = compareVersions(needed.version, version) > 0 ? needed : afterwards(version);
    const chosen = freeVersion(packument, least);
    const taken = chosen === least.version ? '' : ` (${least.version} is taken)`;
    return { version: chosen, reason: `${what} since ${base}${taken}.`, base, changes };
  });
}

function afterwards(version: Version): { readonly bump: Bump; readonly version: Version } {
  return { bump: 'patch', version: nextVersion('patch', version) };
}

/** A step of an older line may lead to a version that is published already: then the next one of its kind. */
function freeVersion(
  { versions }: Packument,
  { bump, version }: { readonly bump: Bump; readonly version: Version },
): Version {
  let free = version;
  while (versions.has(free)) {
    const next = semver.inc(free, bump);
    if (next === null) throw new TypeError(`${free} has no next ${bump}`);
    free = parseVersion(next);
  }
  return free;
}

function checkPreid(preid: string, step: Step | undefined): void {
  if (!step?.startsWith('pre')) {
    throw new PrompdError('EUSAGE', '"--preid" names a pre-release, and this step leads to none.', {
      hint: 'Use it with prerelease, premajor, preminor or prepatch.',
    });
  }
  if (semver.valid(`1.0.0-${preid}`) !== null) return;
  throw new PrompdError('EUSAGE', `"${preid.slice(0, 80)}" cannot stand in a version.`, {
    facts: { found: preid.slice(0, 80) },
    hint: 'Use letters, digits and "-", as in "beta".',
  });
}

function unreadable(prompt: string, reason: string): PrompdError {
  return new PrompdError('EPROMPT', `The prompt "${prompt}" cannot be loaded: ${reason}`, {
    facts: { prompt },
    hint: 'Run "prompd validate" to see every problem.',
  });
}
