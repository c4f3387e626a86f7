import { DEFAULT_ALIAS } from '../../config/config.js';
import type { PackageName } from '../../core/name.js';
import {
  type AdvisoryDraft,
  connect,
  connectTo,
  type RegistryAdvisory,
  registryConfig,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';
import { nameOrOwn, openForChange, openForReading } from './change-target.js';

export interface AdvisoryResult {
  readonly registry: string;
  readonly advisory: RegistryAdvisory;
}

export interface AdvisoryList {
  readonly registry: string;
  /** Undefined for all of the registry's. */
  readonly name: PackageName | undefined;
  /** Newest first, withdrawn ones among them. */
  readonly advisories: readonly RegistryAdvisory[];
}

/**
 * Warns of versions of a package. Its owners may, and the registry's admins.
 * @param spec its name; undefined for the package of the folder
 * @throws PrompdError EUSAGE, ENOMANIFEST, EAUTH, EFORBIDDEN, ENOTFOUND, EUNSUPPORTED
 */
export async function publishAdvisory(
  context: Context,
  spec: string | undefined,
  draft: AdvisoryDraft,
): Promise<AdvisoryResult> {
  const name = await nameOrOwn(context, spec);
  const registry = await openForChange(context, name);
  return { registry: registry.url, advisory: await registry.advisoryDesk.publish(name, draft) };
}

/** The advisories about a package, or all of the default registry's. @throws PrompdError EUSAGE, EUNSUPPORTED */
export async function listAdvisories(context: Context, spec: string | undefined): Promise<AdvisoryList> {
  const name = spec === undefined ? undefined : await nameOrOwn(context, spec);
  const registry = name === undefined ? connect(context, DEFAULT_ALIAS) : await openForReading(context, name);
  return { registry: registry.url, name, advisories: await registry.advisoryDesk.list(name) };
}

/** One advisory of the default registry. @throws PrompdError ENOTFOUND, EUNSUPPORTED */
export async function showAdvisory(context: Context, id: string): Promise<AdvisoryResult> {
  const registry = connect(context, DEFAULT_ALIAS);
  return { registry: registry.url, advisory: await registry.advisoryDesk.find(id) };
}

/**
 * Takes a warning back, or puts it in force again. What it said stays readable.
 * @throws PrompdError EAUTH, EFORBIDDEN, ENOTFOUND, EUNSUPPORTED
 */
export async function withdrawAdvisory(
  context: Context,
  id: string,
  { undo = false }: { readonly undo?: boolean } = {},
): Promise<AdvisoryResult> {
  const config = registryConfig(context.config, DEFAULT_ALIAS);
  const registry = connectTo(context, config, await requireToken(context, config));
  return { registry: registry.url, advisory: await registry.advisoryDesk.withdraw(id, !undo) };
}
