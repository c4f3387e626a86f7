import type { Lockfile, LockSide, RootRequirements } from '../../lockfile/index.js';
import type { LockedGraph, Resolution } from '../../resolve/index.js';

/** A lockfile as resolution keeps to it. */
export function lockedGraph({ root, packages, unsettled }: LockSide): LockedGraph {
  return { rootEdges: root.edges, overrides: root.overrides, packages, unsettled };
}

/** A resolution as a lockfile; the contracts of the prompts are still to be filled in. */
export function lockfileOf(resolution: Resolution, root: RootRequirements): Lockfile {
  return {
    root: { ...root, edges: resolution.rootEdges },
    packages: new Map(
      [...resolution.packages].map(([key, found]) => {
        const { source, name, version, integrity, dev, edges } = found;
        return [key, { source, name, version, integrity, dev, edges, prompts: new Map() }];
      }),
    ),
  };
}
