import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { VersionMetadata } from '../../core/packument.js';
import { parseDependency } from '../../core/specifier.js';
import type { Version } from '../../core/version.js';
import { chosenVersion } from '../version/published-packages.js';
import type { BrowsePackuments } from './packuments.js';
import type { BrowseTreeNode } from './session.js';

const MAX_DEPTH = 12;
/** Packages that are asked for; what lies below more of them is not shown. */
const MAX_PACKAGES = 300;

/**
 * What a version would bring, each with the highest version that fits by itself: an install may choose others, for all to get
 * along.
 * @throws PrompdError ENOVERSION; whatever asking for the package itself throws
 */
export async function publishedTree(
  packuments: BrowsePackuments,
  name: PackageName,
  version: Version,
): Promise<readonly BrowseTreeNode[]> {
  const { packument } = await packuments.answer(name);
  const root = packument.versions.get(version);
  if (!root) {
    throw new PrompdError('ENOVERSION', `${name} has no version ${version}.`, {
      facts: { name, wanted: version },
    });
  }
  const seen = new Set<string>([`${name}@${version}`]);

  const below = async (of: VersionMetadata, depth: number): Promise<BrowseTreeNode[]> => {
    const nodes: BrowseTreeNode[] = [];
    // One after the other: which of two equal ones is shown whole must not depend on who answers first.
    for (const [asked, range] of Object.entries(of.dependencies ?? {}).sort()) {
      nodes.push(await nodeOf(asked, range, depth));
    }
    return nodes;
  };

  const nodeOf = async (asked: string, range: string, depth: number): Promise<BrowseTreeNode> => {
    const found = await chosen(packuments, asked, range);
    const node = { name: found?.name ?? asked, range, version: found?.version, dependencies: [] };
    if (!found) return { ...node, cut: 'unknown' };
    const key = `${found.name}@${found.version}`;
    const isLeaf = Object.keys(found.dependencies ?? {}).length === 0;
    if (isLeaf) return node;
    if (seen.has(key)) return { ...node, cut: 'repeated' };
    if (depth >= MAX_DEPTH || seen.size >= MAX_PACKAGES) return { ...node, cut: 'deep' };
    seen.add(key);
    return { ...node, dependencies: await below(found, depth + 1) };
  };

  return below(root, 1);
}

async function chosen(
  packuments: BrowsePackuments,
  asked: string,
  range: string,
): Promise<VersionMetadata | undefined> {
  try {
    const { target } = parseDependency(asked, range);
    if (target.kind !== 'registry') return undefined;
    const { packument } = await packuments.answer(target.name);
    const version = chosenVersion(packument, target.selector);
    return version && packument.versions.get(version);
  } catch (error) {
    // What one dependency is cannot be found out: the others can.
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
