import pLimit from 'p-limit';
import type { Digest } from '../../core/digest.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageKey } from '../../core/package-key.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import {
  contractDigest,
  contractOf,
  loadPrompt,
  PackageFiles,
  type PromptPackage,
} from '../../prompt/index.js';
import type { Context } from '../context.js';

/** Packages that are read at once: enough to have something to do while the disk is asked. */
const CONCURRENCY = 8;

export interface ContractOptions {
  readonly lockfile: Lockfile;
  readonly before: readonly Lockfile[];
  readonly open: (key: PackageKey) => Promise<PromptPackage>;
}

/**
 * Fills in the digests of all prompts' contracts. A contract depends on what a prompt inherits, so it is taken over from
 * a lockfile before only where the package and everything below it stayed the same.
 * @param lockfile its `prompts` are ignored; @param before whole lockfiles; @param open opens a package of `lockfile`
 */
export async function withContracts(
  context: Context,
  { lockfile, before, open }: ContractOptions,
): Promise<Lockfile> {
  const unchanged = new Map(before.flatMap(old => [...unchangedPackages(lockfile, old)]));
  const limit = pLimit(CONCURRENCY);
  const read = await limit.map([...lockfile.packages], async ([key, locked]) => {
    const known = unchanged.get(key)?.prompts;
    if (known) return { key, locked: { ...locked, prompts: known }, warnings: [] };
    const { prompts, warnings } = await digestsOf(await open(key));
    return { key, locked: { ...locked, prompts }, warnings };
  });
  for (const { warnings } of read) for (const warning of warnings) context.progress.warn(warning);
  return { ...lockfile, packages: new Map(read.map(({ key, locked }) => [key, locked])) };
}

/** The packages whose prompts have to be read for their digests to be known. */
export function packagesToRead(lockfile: Lockfile, before: readonly Lockfile[]): PackageKey[] {
  const known = new Set(before.flatMap(old => [...unchangedPackages(lockfile, old).keys()]));
  return [...lockfile.packages.keys()].filter(key => !known.has(key));
}

/** The packages of the lockfile before whose bytes and whose dependencies, all the way down, are those of now. */
function unchangedPackages(now: Lockfile, before: Lockfile): Map<PackageKey, LockedPackage> {
  const same = new Map(
    [...before.packages].filter(([key, old]) => {
      const locked = now.packages.get(key);
      return locked?.integrity === old.integrity && sameEdges(locked.edges, old.edges);
    }),
  );
  for (let size = -1; size !== same.size; ) {
    size = same.size;
    for (const [key, { edges }] of same) {
      if ([...edges.values()].some(target => !same.has(target))) same.delete(key);
    }
  }
  return same;
}

function sameEdges(a: LockedPackage['edges'], b: LockedPackage['edges']): boolean {
  return a.size === b.size && [...a].every(([asked, key]) => b.get(asked) === key);
}

interface Digests {
  readonly prompts: Map<string, Digest>;
  readonly warnings: readonly string[];
}

async function digestsOf(opened: PromptPackage): Promise<Digests> {
  const warnings: string[] = [];
  const files = new PackageFiles(opened);
  const digests = new Map<string, Digest>();
  for (const [id, file] of Object.entries(opened.prompts)) {
    try {
      const found = await files.open(file);
      const { prompt } = found ? await loadPrompt(found, files) : {};
      if (prompt) digests.set(id, contractDigest(contractOf(prompt)));
      else warnings.push(`${opened.label}: the prompt "${id}" cannot be loaded; "prompd validate" says why.`);
    } catch (error) {
      // A prompt that cannot be used is its author's to mend; it does not stand in the way of the others.
      if (!(error instanceof PrompdError)) throw error;
      warnings.push(`${opened.label}: the prompt "${id}" cannot be loaded: ${error.message}`);
    }
  }
  return { prompts: digests, warnings };
}
