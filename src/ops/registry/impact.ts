import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Impact } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForReading, ownPackage, parsePackageTarget } from './change-target.js';

/** What taking a version away, or adding it, would hit. */
export interface PackageImpact extends Impact {
  readonly name: PackageName;
  readonly registry: string;
}

/**
 * Asks the registry whom a version of a package concerns.
 * @param spec `name` for the latest, `name@1.2.0` for a version that is there or may come; undefined for the package of
 *   the folder, in its version
 * @throws PrompdError EUSAGE for a range or tag; ENOTFOUND, ENOMANIFEST, EUNSUPPORTED
 */
export async function packageImpact(context: Context, spec: string | undefined): Promise<PackageImpact> {
  const { name, version } = spec === undefined ? await ownPackage(context) : exactly(spec);
  const registry = await openForReading(context, name);
  return { name, registry: registry.url, ...(await registry.changes.impact(name, version)) };
}

function exactly(spec: string): { name: PackageName; version: string | undefined } {
  const { name, selector } = parsePackageTarget(spec);
  if (selector === undefined || selector.kind === 'version') return { name, version: selector?.raw };
  throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" names no exact version.`, {
    facts: { specifier: spec.slice(0, 120) },
    hint: `Write a version, as in "${name}@1.2.0", or "${name}" for the latest.`,
  });
}
