import type { AuditLevel } from '../../core/audit-severity.js';
import type { PackageId, PackageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import { applyPolicy } from '../../scan/index.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { type AuditItem, findingItem, inOrder } from './audit-item.js';
import { auditLevel, projectPolicy } from './audit-policy.js';
import { scanPackage } from './scan-package.js';

/**
 * What the rules find in a package that is about to be installed. Its dependencies are not in their place yet: prompts
 * that are made of them are rendered by "prompd audit".
 */
export async function scanWanted(
  { key, name, version }: PackageId & { readonly key: PackageKey },
  tree: SourceTree,
): Promise<AuditItem[]> {
  const owner = { key, name, version, dev: false, via: [], lockLine: undefined };
  return (await scanPackage(tree, await readManifest(tree))).map(finding => findingItem(finding, owner));
}

/** What the project's policy does not except, and the level that it or the configuration sets. */
export async function judgeNew(
  context: Context,
  dir: string,
  { items, byDefault }: { items: readonly AuditItem[]; byDefault: AuditLevel },
): Promise<{ kept: readonly AuditItem[]; level: AuditLevel }> {
  const policy = await projectPolicy(dir);
  const { kept } = applyPolicy([...items].sort(inOrder), policy, context.now());
  return { kept, level: auditLevel(context, policy, byDefault) };
}
