import { parse } from 'jsonc-parser';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseIntegrity } from '../core/integrity.js';
import { nestsDeeperThan } from '../core/json-text.js';
import type { PackageName } from '../core/name.js';
import { type PackageId, type PackageKey, parsePackageKey } from '../core/package-key.js';
import { splitConflict } from './conflict.js';
import { type EdgeIndex, indexEdges, type LockedPackage, type Lockfile, parseEdge } from './lockfile.js';
import { type LockSide, type MergedLock, mergeLockfiles } from './merge.js';
import { blockSchema, brokenLockfile, parseLockfile, requirementsSchema } from './parse.js';

/** Levels that a lockfile has, and a few more. */
const MAX_DEPTH = 20;

/** A lockfile that a merge left with conflict markers. */
export interface ConflictedLock {
  readonly merged: MergedLock;
  /** Those of the merged lockfiles that are whole, ours first. */
  readonly whole: readonly Lockfile[];
}

/**
 * Reads a lockfile with conflict markers: takes both sides apart and merges them entry by entry.
 * @param file what to call it in errors
 * @throws PrompdError ELOCKBROKEN when the markers do not fit together; ELOCKFUTURE
 */
export function mergeConflicted(text: string, file: string): ConflictedLock {
  const sides = splitConflict(text);
  if (!sides) throw brokenLockfile(file, 'Its conflict markers do not fit together.');
  const ours = readSide(sides.ours, file);
  const theirs = readSide(sides.theirs, file);
  const base = sides.base === undefined ? undefined : readSide(sides.base, file);
  return {
    merged: mergeLockfiles(ours.side, theirs.side, base?.isWhole === true ? base.side : undefined),
    whole: [ours, theirs].flatMap(({ lockfile }) => (lockfile ? [lockfile] : [])),
  };
}

interface Read {
  readonly side: LockSide;
  readonly lockfile: Lockfile | undefined;
  readonly isWhole: boolean;
}

/**
 * Reads one side of a merge. Git merges line by line, and takes lines over from the other side where it sees no conflict:
 * what comes of it need not be a lockfile any more, and what can be read of it is enough to go by.
 */
function readSide(text: string, file: string): Read {
  try {
    const lockfile = parseLockfile(text, file);
    return { side: lockfile, lockfile, isWhole: true };
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code !== 'ELOCKBROKEN') throw error;
    return { side: salvage(text), lockfile: undefined, isWhole: false };
  }
}

const looseSchema = z.object({
  packages: z.record(z.string(), z.unknown()).catch({}),
  root: z
    .object({
      dependencies: requirementsSchema.catch({}),
      devDependencies: requirementsSchema.catch({}),
      overrides: requirementsSchema.catch({}),
      edges: z.array(z.string()).catch([]),
    })
    .catch({ dependencies: {}, devDependencies: {}, overrides: {}, edges: [] }),
});

function salvage(text: string): LockSide {
  const raw: unknown = nestsDeeperThan(text, MAX_DEPTH) ? {} : parse(text, [], { allowTrailingComma: true });
  const found = looseSchema.safeParse(raw);
  const { packages: blocks, root } = found.success ? found.data : looseSchema.parse({});
  const ids = new Map(
    Object.keys(blocks).flatMap((key): [PackageKey, PackageId][] => {
      const id = parsePackageKey(key);
      return id ? [[key as PackageKey, id]] : [];
    }),
  );
  const index = indexEdges(ids);
  const packages = new Map<PackageKey, LockedPackage>();
  const unsettled = new Set<PackageKey>();
  for (const [key, id] of ids) {
    const block = salvageBlock(id, blocks[key], index);
    if (!block) continue;
    packages.set(key, block.locked);
    if (!block.isSettled) unsettled.add(key);
  }
  return { root: { ...root, edges: edgesIn(root.edges, index) }, packages, unsettled };
}

function salvageBlock(
  id: PackageId,
  raw: unknown,
  index: EdgeIndex,
): { locked: LockedPackage; isSettled: boolean } | undefined {
  const block = blockSchema.safeParse(raw);
  if (!block.success) return undefined;
  const { dependencies, dev } = block.data;
  try {
    const integrity = parseIntegrity(block.data.integrity);
    const edges = edgesIn(dependencies, index);
    return {
      locked: { ...id, integrity, dev, edges, prompts: new Map() },
      isSettled: edges.size === dependencies.length,
    };
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

/** The edges that lead somewhere. */
function edgesIn(list: readonly string[], index: EdgeIndex): Map<PackageName, PackageKey> {
  return new Map(
    list.flatMap(raw => {
      const edge = parseEdge(raw, index);
      return edge ? [edge] : [];
    }),
  );
}
