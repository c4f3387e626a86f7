import { DEFAULT_ALIAS } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import type { BrowsePackuments } from './packuments.js';
import type { PackageMarks } from './session.js';

/**
 * Tells of packages whether their latest version is signed, approved, deprecated. Approvals are asked for once, and only by
 * who is signed in: a registry tells reviewers and authors of them.
 */
export function packageMarks(
  context: Context,
  packuments: BrowsePackuments,
): (name: PackageName) => Promise<PackageMarks> {
  let approved: Promise<ReadonlySet<string>> | undefined;
  return async name => {
    const { packument } = await packuments.answer(name);
    const version = Object.hasOwn(packument.distTags, 'latest') ? packument.distTags['latest'] : undefined;
    const latest = [...packument.versions.values()].find(found => found.version === version);
    approved ??= approvedVersions(context, packuments);
    const { signatures = [], authorSignatures = [] } = latest?.dist ?? {};
    return {
      signed: signatures.length + authorSignatures.length > 0,
      approved: latest !== undefined && (await approved).has(`${name}@${latest.version}`),
      deprecated: latest?.deprecated !== undefined,
    };
  };
}

async function approvedVersions(
  { config, env }: Context,
  { searched }: BrowsePackuments,
): Promise<ReadonlySet<string>> {
  const registry = registryConfig(config, DEFAULT_ALIAS);
  if ((await tokenFor({ config, env, warn: () => {} }, registry)) === undefined) return new Set();
  try {
    const approvals = await searched.governance.approvals({ state: 'approved' });
    return new Set(approvals.map(({ package: name, version }) => `${name}@${version}`));
  } catch (error) {
    // A mark less is no reason to show no list.
    if (error instanceof PrompdError) return new Set();
    throw error;
  }
}
