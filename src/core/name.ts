import { isBuiltin } from 'node:module';
import validateName from 'validate-npm-package-name';
import { PrompdError } from './errors.js';

declare const brand: unique symbol;
/** A package name that follows npm's rules for new packages, `name` or `@scope/name`. */
export type PackageName = string & { readonly [brand]: 'PackageName' };

/** What nearly all names look like. Valid, but for a few that stand for something else. */
const PLAIN = /^(?:@[a-z0-9][a-z0-9._-]{0,99}\/)?[a-z0-9][a-z0-9._-]{0,99}$/;
const RESERVED: ReadonlySet<string> = new Set(['node_modules', 'favicon.ico']);

/**
 * Checks a package name.
 * @param raw `name` or `@scope/name`, from anywhere
 * @throws PrompdError EBADNAME with every rule that is broken
 * @see https://docs.npmjs.com/cli/configuring-npm/package-json#name
 */
export function parsePackageName(raw: string): PackageName {
  if (isPlain(raw)) return raw as PackageName;
  const { validForNewPackages, errors = [], warnings = [] } = validated(raw);
  if (!validForNewPackages) {
    throw new PrompdError(
      'EBADNAME',
      `"${clip(raw)}" is not a valid package name: ${[...errors, ...warnings].join('; ')}.`,
      {
        facts: { name: clip(raw) },
        hint: 'Use lowercase letters, digits, "-", "_" and ".", as in "@team/code-review".',
      },
    );
  }
  return raw as PackageName;
}

/** Whether `raw` is a valid package name. */
export function isPackageName(raw: string): raw is PackageName {
  return isPlain(raw) || validated(raw).validForNewPackages;
}

/** `@scope` of a scoped name, or undefined. */
export function scopeOf(name: PackageName): string | undefined {
  return name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
}

/** The part of a name after its scope. */
export function baseNameOf(name: PackageName): string {
  return name.slice(name.indexOf('/') + 1);
}

/** Names are checked by the tens of thousands: those that cannot break a rule are spared the library. */
function isPlain(raw: string): boolean {
  return PLAIN.test(raw) && !RESERVED.has(raw) && !isBuiltin(raw);
}

/** Half of a surrogate pair makes the library throw a URIError. */
function validated(raw: string): ReturnType<typeof validateName> {
  return validateName(raw.replace(/\p{Surrogate}/gu, '\ufffd'));
}

function clip(raw: string): string {
  return raw.length > 80 ? `${raw.slice(0, 77)}...` : raw;
}
