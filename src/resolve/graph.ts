import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { PackageId, PackageKey } from '../core/package-key.js';
import type { Version } from '../core/version.js';
import type { Acceptable } from './cover.js';
import type { Failure } from './failure.js';
import type { LockedNode } from './resolution.js';

/** A chosen package while the graph grows. */
export interface GraphNode extends PackageId {
  readonly key: PackageKey;
  readonly edges: Map<PackageName, PackageKey>;
  readonly origin: Origin;
}

export type Origin =
  | { readonly kind: 'registry'; readonly locked: LockedNode | undefined }
  | {
      readonly kind: 'exotic';
      readonly integrity: Integrity;
      readonly dependencies: Readonly<Record<string, string>>;
    };

/** A graph, and how each package came to the versions it has. */
export interface Graph {
  readonly nodes: ReadonlyMap<PackageKey, GraphNode>;
  readonly rootEdges: ReadonlyMap<PackageName, PackageKey>;
  /** Per package, what each requirement on it accepts: one version where a lock decided. */
  readonly accepted: ReadonlyMap<PackageName, readonly Acceptable[]>;
}

/** Per package, the versions that would do for all requirements seen so far. */
export type Hints = ReadonlyMap<PackageName, readonly Version[]>;

/** A requirement that nothing meets, and who has it; `asker` is undefined for the root. */
export interface Unmet {
  readonly failure: Failure;
  readonly asker: GraphNode | undefined;
}
