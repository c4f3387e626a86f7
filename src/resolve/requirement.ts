import type { PrompdError } from '../core/errors.js';
import type { PackageName } from '../core/name.js';
import type { Selector, Target } from '../core/specifier.js';

/** One entry of a package's dependencies, with the root's overrides applied. */
export type Requirement = RegistryRequirement | ExoticRequirement;

/** A folder, an archive or an address. */
export type ExoticTarget = Exclude<Target, { readonly kind: 'registry' }>;

export interface RegistryRequirement {
  readonly kind: 'registry';
  /** The name under which it is asked for. */
  readonly asked: PackageName;
  readonly name: PackageName;
  readonly selector: Selector;
  /** The root's overrides put it in the place of another. */
  readonly overridden?: true;
}

export interface ExoticRequirement {
  readonly kind: 'exotic';
  readonly asked: PackageName;
  readonly target: ExoticTarget;
  /** Whether the root names it, itself or as an override: nobody else may. */
  readonly allowed: boolean;
  readonly raw: string;
  readonly overridden?: true;
}

/** An entry that cannot be understood, which makes the version that has it unusable. */
export interface MalformedRequirement {
  readonly kind: 'malformed';
  readonly asked: string;
  readonly raw: string;
  readonly error: PrompdError;
}

export type Overrides = ReadonlyMap<string, string>;
