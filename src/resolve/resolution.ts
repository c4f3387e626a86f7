import type { Integrity } from '../core/integrity.js';
import type { PackageName } from '../core/name.js';
import type { PackageId, PackageKey } from '../core/package-key.js';
import type { Packument, VersionMetadata } from '../core/packument.js';
import type { Selector, Specifier } from '../core/specifier.js';
import type { ExoticTarget } from './requirement.js';
import type { Admission } from './solver/admission.js';
import type { Strategy } from './solver/preferences.js';

/** A packument that is about to be asked for, and because of what. */
export interface PackumentWish {
  readonly name: PackageName;
  readonly selector: Selector;
}

/** Where resolution learns what there is. It never asks anything else. */
export interface PackumentSource {
  /**
   * What the one registry responsible for the name says of it.
   * @throws PrompdError ENOTFOUND when the registry has no such package; any other error ends the resolution
   */
  packument(name: PackageName): Promise<Packument>;
  /** Alias of the registry responsible for the name. */
  sourceOf(name: PackageName): string;
  /** Told which packuments are about to be asked for, so that they can be loaded side by side. */
  prefetch?(wishes: readonly PackumentWish[]): void;
  /** Told of a version that will hardly not be chosen, so that its archive can be on its way. */
  likely?(version: VersionMetadata): void;
  /**
   * How an entry of a dependency map is understood, where that is not as in manifests.
   * @throws PrompdError when it cannot be
   */
  parseDependency?(asked: string, value: string): Specifier;
}

/** Name under which a dependency is asked for (an alias or the package's own name) to the package it got. */
export type Edges = ReadonlyMap<PackageName, PackageKey>;

/** A package that comes from a folder, an archive or an address instead of a registry. */
export interface ExoticPackage extends PackageId {
  readonly integrity: Integrity;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** An earlier resolution, to be kept as far as it still fits. */
export interface LockedGraph {
  readonly rootEdges: Edges;
  readonly overrides: Readonly<Record<string, string>>;
  readonly packages: ReadonlyMap<PackageKey, LockedNode>;
  /** Packages that are preferred and no more: they, and what leads to them, are searched for again. */
  readonly unsettled?: ReadonlySet<PackageKey> | undefined;
}

export interface LockedNode extends PackageId {
  readonly integrity: Integrity;
  readonly edges: Edges;
}

/**
 * What to do where the requirements on a package cannot all be met by one version: give each dependant its own, of as
 * few versions as the ranges allow, or find one version of every package or fail.
 */
export type Conflicts = 'isolate' | 'error';

export interface ResolveRequest extends Admission {
  readonly root: {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  /** Package name to the range that replaces every range asked of it. */
  readonly overrides?: Readonly<Record<string, string>>;
  readonly locked?: LockedGraph | undefined;
  /** The root's dependencies that get the highest version even if another one is locked. */
  readonly fresh?: ReadonlySet<string>;
  /** Packages that leave the lock, whoever asks for them: as if they had not been in it. */
  readonly unlocked?: ReadonlySet<PackageName>;
  /**
   * Packages of which everybody is looked at again who asks for them: the locked versions are preferred, where that costs no
   * additional version of a package.
   */
  readonly reconsidered?: ReadonlySet<PackageName>;
  /** Which versions are tried first. Default: `highest`. */
  readonly strategy?: Strategy | undefined;
  /** Default: `isolate`. */
  readonly conflicts?: Conflicts | undefined;
  readonly source: PackumentSource;
  /** Opens a folder, archive or address that the root names. Without it, naming one is an error. */
  readonly exotic?: ((target: ExoticTarget, asked: PackageName) => Promise<ExoticPackage>) | undefined;
}

export interface ResolvedPackage extends PackageId {
  readonly key: PackageKey;
  readonly integrity: Integrity;
  /** Only the root's devDependencies lead to it. */
  readonly dev: boolean;
  readonly edges: Edges;
  /** What the registry said of the version, where it was asked. */
  readonly metadata: VersionMetadata | undefined;
}

/** A graph in which every requirement is met. Packages are sorted by key. */
export interface Resolution {
  readonly rootEdges: Edges;
  readonly packages: ReadonlyMap<PackageKey, ResolvedPackage>;
}
