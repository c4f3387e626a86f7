import { PrompdError } from '../../core/errors.js';
import { compareText } from '../../core/package-key.js';
import { parseDependency, type Specifier } from '../../core/specifier.js';
import type { MalformedRequirement, Overrides, Requirement } from '../requirement.js';

/** How one entry of a dependency map is understood. @throws PrompdError when it cannot be */
export type ParseDependency = (asked: string, value: string) => Specifier;

/** A dependency map, understood. */
export type Requirements = readonly (Requirement | MalformedRequirement)[];

export interface ReaderOptions {
  readonly overrides: Overrides;
  /** Default: as manifests are written. */
  readonly parse?: ParseDependency | undefined;
}

/** Reads dependency maps with the root's overrides applied. */
export class RequirementReader {
  readonly overrides: Overrides;
  readonly #parse: ParseDependency;

  constructor({ overrides, parse = parseDependency }: ReaderOptions) {
    this.overrides = overrides;
    this.#parse = parse;
  }

  /** The root's own map: only there, and in overrides, may folders, archives and addresses be named. */
  root(dependencies: Readonly<Record<string, string>>): (Requirement | MalformedRequirement)[] {
    return this.#all(dependencies, true);
  }

  /** @returns sorted by the name asked for, so that the map's order plays no part */
  of(dependencies: Readonly<Record<string, string>>): Requirements {
    return this.#all(dependencies, false);
  }

  #all(
    dependencies: Readonly<Record<string, string>>,
    isRoot: boolean,
  ): (Requirement | MalformedRequirement)[] {
    const names = Object.keys(dependencies);
    if (names.length > 1) names.sort(compareText);
    return names.map(asked => this.#one(asked, dependencies[asked] ?? '', isRoot));
  }

  #one(asked: string, value: string, isRoot: boolean): Requirement | MalformedRequirement {
    try {
      const own = this.#understand(asked, value, isRoot);
      const name = own.kind === 'registry' ? own.name : own.asked;
      const replaced = this.overrides.get(name);
      if (replaced === undefined) return own;
      return { ...this.#understand(name, replaced, true), asked: own.asked, overridden: true };
    } catch (error) {
      if (error instanceof PrompdError) return { kind: 'malformed', asked, raw: `${asked}@${value}`, error };
      throw error;
    }
  }

  #understand(asked: string, value: string, allowed: boolean): Requirement {
    const { alias, raw, target } = this.#parse(asked, value);
    if (alias === undefined) throw new TypeError('a dependency has a name');
    return target.kind === 'registry'
      ? { kind: 'registry', asked: alias, name: target.name, selector: target.selector }
      : { kind: 'exotic', asked: alias, target, allowed, raw };
  }
}
