import semver from 'semver';
import type { RootRequirements } from '../../lockfile/index.js';
import { understood } from '../project/asked-ranges.js';
import type { ManifestEdit } from '../project/edit-manifest.js';
import type { OutdatedPackage } from './outdated.js';

/** A dependency whose range is written anew. */
export interface RangeChange {
  readonly field: ManifestEdit['field'];
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The ranges that let the newest versions in. What follows a tag, what an override decides, and what is newer already
 * stays.
 */
export function latestRanges(root: RootRequirements, found: readonly OutdatedPackage[]): RangeChange[] {
  return found.flatMap(({ asked, name, latest }) => {
    if (latest === undefined || Object.hasOwn(root.overrides, name)) return [];
    return (['dependencies', 'devDependencies'] as const).flatMap(field => {
      const from = Object.hasOwn(root[field], asked) ? root[field][asked] : undefined;
      const to = from === undefined ? undefined : dependencyFor(asked, from, latest);
      return from === undefined || to === undefined || to === from ? [] : { field, name: asked, from, to };
    });
  });
}

/** An entry of a dependency map that lets `version` in, written as the one before; undefined to leave it alone. */
function dependencyFor(asked: string, value: string, version: string): string | undefined {
  const target = understood(asked, value)?.target;
  if (target?.kind !== 'registry' || target.selector.kind === 'tag') return undefined;
  const [, prefix = '', range = value] = /^((?:prompd|npm):@?[^@]+@)?(.*)$/s.exec(value) ?? [];
  return `${prefix}${rangeFor(range.trim(), version)}`;
}

/**
 * A range that lets `version` in, in the style of another: `^`, `~` and `=` stay, and so does the number of parts, as in
 * `2`, `2.x` or `^2.1`. Any other range stays when it lets the version in, else it becomes `^version`.
 */
export function rangeFor(range: string, version: string): string {
  const plain = /^(=|\^|~)?\s*v?(\d+(?:\.(?:\d+|x|X|\*)){0,2})(-[\w.+-]+)?(?:\+[\w.-]+)?$/.exec(range);
  if (!plain) return semver.satisfies(version, range) ? range : `^${version}`;
  const [, operator = '', parts = ''] = plain;
  const parsed = semver.parse(version);
  const before = parts.split('.');
  const isWhole = before.length === 3 && before.every(part => /^\d+$/.test(part));
  if (!parsed || isWhole || parsed.prerelease.length > 0) return `${operator}${version}`;
  const now = [parsed.major, parsed.minor, parsed.patch];
  return `${operator}${before.map((part, at) => (/^\d+$/.test(part) ? now[at] : part)).join('.')}`;
}
