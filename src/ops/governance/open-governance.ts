import { DEFAULT_ALIAS } from '../../config/config.js';
import type { PackageName } from '../../core/name.js';
import { connectTo, type Registry, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from '../registry/account.js';
import { openForChange } from '../registry/change-target.js';

/** The default registry, for what is about no package. @throws PrompdError EAUTH, ECONFIG */
export async function openGovernance(context: Context): Promise<Registry> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  return connectTo(context, registry, await requireToken(context, registry));
}

/** The registry of a package, to approve or move something of it. @throws PrompdError EAUTH, ECONFIG */
export function openGovernanceOf(context: Context, name: PackageName): Promise<Registry> {
  return openForChange(context, name);
}
