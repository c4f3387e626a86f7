import type { RegistryConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type ProjectManifest } from '../../core/manifest.js';
import { type PackageName, parsePackageName } from '../../core/name.js';
import { parseSpecifier, type Selector } from '../../core/specifier.js';
import { aliasFor, connectTo, type Registry, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { readProject } from '../project/project.js';
import { requireToken } from './account.js';
import { publishRegistry } from './publish-registry.js';

/** A package of a registry as it was typed. */
export interface PackageTarget {
  readonly name: PackageName;
  /** Undefined for a bare name. */
  readonly selector: Selector | undefined;
}

/**
 * Understands `@org/name`, with a version, range or tag after `@` if there is one.
 * @throws PrompdError EUSAGE for folders, files and addresses; EBADSPEC, EBADNAME
 */
export function parsePackageTarget(spec: string): PackageTarget {
  const { target, alias } = parseSpecifier(spec);
  if (target.kind === 'registry' && alias === undefined) {
    return { name: target.name, selector: spec.trim() === target.name ? undefined : target.selector };
  }
  throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" is not a package of a registry.`, {
    facts: { specifier: spec.slice(0, 120) },
    hint: 'Name a package, as in "@team/code-review".',
  });
}

/**
 * The package of the folder that the user works in.
 * @throws PrompdError ENOMANIFEST, EMANIFEST; EUSAGE for a prompd.json without a name
 */
export async function ownPackage(
  context: Context,
): Promise<{ readonly name: PackageName; readonly version: string | undefined }> {
  const { manifest, manifestText } = await readProject(context.cwd);
  if (manifestText === undefined) {
    throw new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} here to take the name from.`, {
      facts: { folder: context.cwd },
      hint: 'Name the package, or change to its folder.',
    });
  }
  if (manifest.name === undefined) {
    throw new PrompdError('EUSAGE', `${MANIFEST_FILE} has no name.`, { hint: 'Name the package.' });
  }
  return { name: parsePackageName(manifest.name), version: manifest.version };
}

/** The name of a target that must be bare, or that of the folder. @throws PrompdError EUSAGE, ENOMANIFEST */
export async function nameOrOwn(context: Context, spec: string | undefined): Promise<PackageName> {
  if (spec === undefined) return (await ownPackage(context)).name;
  const { name, selector } = parsePackageTarget(spec);
  if (selector === undefined) return name;
  throw new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" names a version; this is about all of them.`, {
    hint: `Write "${name}".`,
  });
}

/** The registry where a package is looked at: the token goes along where there is one. */
export async function openForReading(context: Context, name: PackageName): Promise<Registry> {
  return connectTo(context, await registryOf(context, name));
}

/**
 * The registry where a package is changed: the one that it would be published to. As for publishing, there must be a
 * token for it, and none goes to a registry that only the project names.
 * @throws PrompdError EAUTH before anything is sent; ECONFIG
 */
export async function openForChange(context: Context, name: PackageName): Promise<Registry> {
  const registry = await registryOf(context, name);
  return connectTo(context, registry, await requireToken(context, registry));
}

/** In the folder of the package its `publishConfig` counts, as it does for publishing. */
async function registryOf(context: Context, name: PackageName): Promise<RegistryConfig> {
  const manifest = await manifestHere(context);
  return manifest?.name === name
    ? publishRegistry(context, { ...manifest, name })
    : registryConfig(context.config, aliasFor(context.config, name));
}

/** A broken prompd.json matters to those who work on its package, not to who names another one. */
async function manifestHere(context: Context): Promise<ProjectManifest | undefined> {
  try {
    return (await readProject(context.cwd)).manifest;
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
