import semver from 'semver';
import { LATEST } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { CompatibilityMatrix, Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForReading, type PackageTarget, parsePackageTarget } from '../registry/change-target.js';

export interface CompatibilityResult extends CompatibilityMatrix {
  readonly registry: string;
}

/**
 * What a registry knows of the prompts of a version and of models.
 * @param spec a package, with a version, range or tag after `@` if there is one
 * @throws PrompdError EUSAGE, ENOTFOUND, ENOVERSION; EUNSUPPORTED for a registry that keeps no such thing
 */
export async function compatibility(context: Context, spec: string): Promise<CompatibilityResult> {
  const target = parsePackageTarget(spec);
  const registry = await openForReading(context, target.name);
  const matrix = await registry.compatibility.matrix(target.name, await selectorOf(registry, target));
  if (matrix) return { registry: registry.url, ...matrix };
  throw new PrompdError(
    'EUNSUPPORTED',
    `${registry.url} does not keep which prompts work with which models.`,
    {
      facts: { registry: registry.url },
    },
  );
}

/** What a user typed as a version or a tag, which is what registries understand. @throws PrompdError ENOVERSION */
export async function selectorOf(registry: Registry, { name, selector }: PackageTarget): Promise<string> {
  if (selector?.kind !== 'range') return selector?.raw ?? LATEST;
  const answer = await registry.packument(name);
  if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
  const versions = [...answer.packument.versions.keys()];
  const found = semver.maxSatisfying(versions, selector.raw);
  if (found) return found;
  throw new PrompdError('ENOVERSION', `${name} has no version in "${selector.raw}".`, {
    facts: { name, version: selector.raw },
  });
}
