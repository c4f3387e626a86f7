import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Selector } from '../../core/specifier.js';
import { compareVersions, type Version } from '../../core/version.js';
import type { Dependents, Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForChange, openForReading, ownPackage, parsePackageTarget } from './change-target.js';
import { currentPackument, oneVersion } from './matching-versions.js';

export interface UnpublishOptions {
  /** Answers the question; without it, and without a terminal, nothing is taken away. */
  readonly yes?: boolean;
  /** Answers the question as well, and lets the whole package be taken away. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export interface Unpublished {
  readonly name: PackageName;
  readonly registry: string;
  /** What is gone, oldest first: one version, or all. */
  readonly versions: readonly Version[];
  readonly wholePackage: boolean;
  /** Who depends on the package; undefined where the registry does not tell. */
  readonly dependents: Dependents | undefined;
  readonly dryRun: boolean;
}

/**
 * Takes a version away from the registry, or the whole package with `force`. A prompd registry never takes the numbers again.
 * @param spec `@org/name@1.2.0`; undefined for the version in the prompd.json of the folder
 * @throws PrompdError EUSAGE when nobody confirms, ECANCELLED; EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION
 */
export async function unpublish(
  context: Context,
  spec: string | undefined,
  { yes = false, force = false, dryRun = false }: UnpublishOptions,
): Promise<Unpublished> {
  const { name, selector } = spec === undefined ? await ownVersion(context) : parsePackageTarget(spec);
  const wholePackage = selector === undefined;
  if (wholePackage && !force) {
    throw new PrompdError('EUSAGE', `"${name}" alone means the whole package, with all its versions.`, {
      hint: `Name a version, as in "prompd unpublish ${name}@1.0.0"; or add --force to take all away.`,
    });
  }
  const registry = await (dryRun ? openForReading : openForChange)(context, name);
  const packument = await currentPackument(registry, name);
  // A package may have lost all of its versions, and still be there.
  const versions = wholePackage
    ? [...packument.versions.keys()].sort(compareVersions)
    : [oneVersion(packument, selector)];
  const dependents = await dependentsOf(registry, name);
  const warning = dependentsWarning(name, dependents);
  if (warning !== undefined) context.progress.warn(warning);
  const [version] = versions;
  if (!dryRun) {
    if (!yes && !force) await confirm(context, `${name}@${version}`);
    await registry.changes.unpublish(name, wholePackage ? undefined : version);
  }
  return { name, registry: registry.url, versions, wholePackage, dependents, dryRun };
}

async function ownVersion(context: Context): Promise<{ name: PackageName; selector: Selector | undefined }> {
  const { name, version } = await ownPackage(context);
  return { name, selector: version === undefined ? undefined : { kind: 'version', raw: version } };
}

/** A registry that does not say who depends on a package still lets it be taken away. */
async function dependentsOf(registry: Registry, name: PackageName): Promise<Dependents | undefined> {
  try {
    return await registry.changes.dependents(name);
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function dependentsWarning(name: PackageName, dependents: Dependents | undefined): string | undefined {
  if (dependents === undefined || dependents.total === 0) return undefined;
  const { total, packages } = dependents;
  const named = packages.slice(0, 5).map(({ name: other, range }) => `${other} (${range})`);
  const more = total > named.length ? ` and ${total - named.length} more` : '';
  return `${total === 1 ? 'A package depends' : `${total} packages depend`} on ${name}: ${named.join(', ')}${more}.`;
}

async function confirm({ ask }: Context, what: string): Promise<void> {
  if (ask === undefined) {
    throw new PrompdError('EUSAGE', `Nobody is there to confirm that ${what} is to be taken away.`, {
      hint: 'Add --yes if it is. To keep new installations from it and let old ones work, use "prompd yank"; npm registries have "prompd deprecate".',
    });
  }
  const answer = await ask(
    `Unpublish ${what}? This cannot be undone, and most registries never take its number again. (y/N) `,
  );
  if (/^y(?:es)?$/i.test(answer.trim())) return;
  throw new PrompdError('ECANCELLED', `${what} was not unpublished.`);
}
