import type { AuditLevel } from '../../core/audit-severity.js';
import type { PackageId, PackageKey } from '../../core/package-key.js';
import type { SourceTree } from '../../core/source-tree.js';
import { renderSamples } from '../../prompt/index.js';
import { applyPolicy, scanRendered } from '../../scan/index.js';
import { readManifest } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { installedPackage, lenient, type OpenedPackage } from '../prompts/prompt-packages.js';
import { type AuditedPackage, type AuditItem, findingItem, inOrder } from './audit-item.js';
import { auditLevel, projectPolicy } from './audit-policy.js';
import { scanPackage } from './scan-package.js';

/** What is said of a package before others are at hand. */
export interface WantedFindings {
  readonly items: readonly AuditItem[];
  /** Whether prompts of it are made of other packages: they were looked at as source only. */
  readonly isComposed: boolean;
}

/** What the rules find in a package that is about to be installed, before its dependencies can be opened. */
export async function scanWanted(
  wanted: PackageId & { readonly key: PackageKey },
  tree: SourceTree,
): Promise<WantedFindings> {
  let isComposed = false;
  const dependency = async () => {
    isComposed = true;
    return undefined;
  };
  const findings = await scanPackage(tree, await readManifest(tree), { dependency });
  return { items: findings.map(finding => findingItem(finding, ownerOf(wanted))), isComposed };
}

/** What only rendering shows of the prompts of a package that are made of other packages. */
export async function scanComposed(opened: OpenedPackage): Promise<AuditItem[]> {
  const { dependency } = lenient(await installedPackage(opened));
  const manifest = await readManifest(opened.tree);
  const samples = await renderSamples(opened.tree, manifest, { dependency, composedOnly: true });
  return scanRendered(samples).map(finding => findingItem(finding, ownerOf(opened)));
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

function ownerOf({ key, name, version }: Pick<OpenedPackage, 'key' | 'name' | 'version'>): AuditedPackage {
  return { key, name, version, dev: false, via: [], lockLine: undefined };
}
