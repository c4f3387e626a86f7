import { PrompdError } from '../core/errors.js';
import type { PackageName } from '../core/name.js';
import { compareText } from '../core/package-key.js';
import { parseDependency, type Selector } from '../core/specifier.js';
import type { ExoticTarget } from './resolution.js';

/** One entry of a package's dependencies, with the root's overrides applied. */
export type Requirement = RegistryRequirement | ExoticRequirement;

export interface RegistryRequirement {
  readonly kind: 'registry';
  /** The name under which it is asked for. */
  readonly asked: PackageName;
  readonly name: PackageName;
  readonly selector: Selector;
}

export interface ExoticRequirement {
  readonly kind: 'exotic';
  readonly asked: PackageName;
  readonly target: ExoticTarget;
  /** Whether the root names it, itself or as an override: nobody else may. */
  readonly allowed: boolean;
  readonly raw: string;
}

/** An entry that cannot be understood, which makes the version that has it unusable. */
export interface MalformedRequirement {
  readonly kind: 'malformed';
  readonly raw: string;
  readonly error: PrompdError;
}

export type Overrides = ReadonlyMap<string, string>;

/**
 * Reads a dependency map.
 * @param isRoot whether it is the root's own map
 * @returns sorted by the name asked for, so that the map's order plays no part
 */
export function readRequirements(
  dependencies: Readonly<Record<string, string>>,
  overrides: Overrides,
  isRoot: boolean,
): (Requirement | MalformedRequirement)[] {
  return Object.entries(dependencies)
    .sort(([a], [b]) => compareText(a, b))
    .map(([asked, value]) => readRequirement(asked, value, { overrides, isRoot }));
}

/** Same package, same selector: the same set of versions. */
export function wantId({ name, selector }: RegistryRequirement): string {
  return `${name}@${selector.kind}:${selector.raw}`;
}

/** As people write it. */
export function wantText({ name, selector }: RegistryRequirement): string {
  return `${name}@${selector.raw}`;
}

interface ReadOptions {
  readonly overrides: Overrides;
  readonly isRoot: boolean;
}

function readRequirement(
  asked: string,
  value: string,
  { overrides, isRoot }: ReadOptions,
): Requirement | MalformedRequirement {
  try {
    const own = parse(asked, value, isRoot);
    const replaced = overrides.get(own.kind === 'registry' ? own.name : own.asked);
    if (replaced === undefined) return own;
    const name = own.kind === 'registry' ? own.name : own.asked;
    return { ...parse(name, replaced, true), asked: own.asked };
  } catch (error) {
    if (error instanceof PrompdError) return { kind: 'malformed', raw: `${asked}@${value}`, error };
    throw error;
  }
}

function parse(asked: string, value: string, allowed: boolean): Requirement {
  const { alias, raw, target } = parseDependency(asked, value);
  if (alias === undefined) throw new TypeError('a dependency has a name');
  return target.kind === 'registry'
    ? { kind: 'registry', asked: alias, name: target.name, selector: target.selector }
    : { kind: 'exotic', asked: alias, target, allowed, raw };
}
