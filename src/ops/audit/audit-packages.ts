import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { PackageKey } from '../../core/package-key.js';
import { LOCKFILE, type Lockfile } from '../../lockfile/index.js';
import { readManifest } from '../../tarball/index.js';
import { lockedPackages } from '../install/install-locked.js';
import type { Suppliers } from '../install/suppliers.js';
import { openInstalled, type Project } from '../project/project.js';
import { installedPackage, lenient } from '../prompts/prompt-packages.js';
import { type AuditedPackage, type AuditItem, findingItem } from './audit-item.js';
import { scanPackage } from './scan-package.js';

/** The packages of a lockfile, each with the shortest way that leads to it. */
export async function auditedPackages(
  { dir }: Project,
  lockfile: Lockfile,
  { omitDev }: { omitDev: boolean },
): Promise<readonly AuditedPackage[]> {
  const ways = shortestWays(lockfile);
  const lines = linesOf(await readFile(path.join(dir, LOCKFILE), 'utf8'));
  return lockedPackages(lockfile, { omitDev }).map(({ key, name, version, dev }) => ({
    key,
    name,
    version,
    dev,
    via: ways.get(key) ?? [],
    lockLine: lines.get(key),
  }));
}

/**
 * What the rules find in installed packages.
 * @throws PrompdError ENOTINSTALLED for the first that the store does not hold; EINTEGRITY for one that was changed there
 */
export async function scanInstalled(
  packages: readonly AuditedPackage[],
  { lockfile, store }: { lockfile: Lockfile; store: Suppliers['store'] },
): Promise<AuditItem[]> {
  const items: AuditItem[] = [];
  for (const audited of packages) {
    const installed = await openInstalled(store, lockfile, audited.key);
    const { dependency } = lenient(await installedPackage(installed));
    const manifest = await readManifest(installed.tree);
    const findings = await scanPackage(installed.tree, manifest, { dependency });
    items.push(...findings.map(finding => findingItem(finding, audited)));
  }
  return items;
}

/** Breadth first, in the order of the lockfile, so that the answer is always the same. */
function shortestWays({ root, packages }: Lockfile): Map<PackageKey, readonly string[]> {
  const ways = new Map<PackageKey, readonly string[]>();
  let next = [...root.edges.values()].map(key => ({ key, before: [] as readonly string[] }));
  while (next.length > 0) {
    const found: typeof next = [];
    for (const { key, before } of next) {
      const locked = packages.get(key);
      if (!locked || ways.has(key)) continue;
      const way = [...before, `${locked.name}@${locked.version}`];
      ways.set(key, way);
      for (const target of locked.edges.values()) found.push({ key: target, before: way });
    }
    next = found;
  }
  return ways;
}

/** The lines of a lockfile at which its packages stand. */
function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    const key = /^\s*("(?:[^"\\]|\\.)*"):\s*\{/.exec(line)?.[1];
    if (key !== undefined) lines.set(String(JSON.parse(key)), index + 1);
  }
  return lines;
}
