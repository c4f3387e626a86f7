import semver from 'semver';
import { LATEST } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { CompatibilityMatrix, Registry, TestedTarget } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openGovernance } from '../governance/open-governance.js';
import { openForReading, type PackageTarget, parsePackageTarget } from '../registry/change-target.js';

export interface CompatibilityResult extends CompatibilityMatrix {
  readonly registry: string;
}

/**
 * What a registry knows of the prompts of a version and of models.
 * @param spec a package, with a version, range or tag after `@` if there is one; or the id of a request for approval
 * @throws PrompdError EUSAGE, ENOTFOUND, ENOVERSION; EUNSUPPORTED for a registry that keeps no such thing
 */
export async function compatibility(context: Context, spec: string): Promise<CompatibilityResult> {
  const { registry, of } = await openTested(context, spec, openForReading);
  const matrix = await registry.compatibility.matrix(of);
  if (matrix) return { registry: registry.url, ...matrix };
  throw new PrompdError(
    'EUNSUPPORTED',
    `${registry.url} does not keep which prompts work with which models.`,
    {
      facts: { registry: registry.url },
    },
  );
}

/**
 * What a user typed as a version, or as the request that a version waits with, and the registry where that is.
 * @param open by which right the registry of a package is asked
 * @throws PrompdError EUSAGE, ENOVERSION, EAUTH
 */
export async function openTested(
  context: Context,
  spec: string,
  open: typeof openForReading,
): Promise<{ readonly registry: Registry; readonly of: TestedTarget }> {
  if (/^apr_[0-9a-f]+$/.test(spec)) {
    return { registry: await openGovernance(context), of: { request: spec } };
  }
  const target = parsePackageTarget(spec);
  const registry = await open(context, target.name);
  return { registry, of: { name: target.name, selector: await selectorOf(registry, target) } };
}

/** A version or a tag, which is what registries understand. */
async function selectorOf(registry: Registry, { name, selector }: PackageTarget): Promise<string> {
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
