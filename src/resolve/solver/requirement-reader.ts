import { PrompdError } from '../../core/errors.js';
import { compareText } from '../../core/package-key.js';
import { parseDependency, type Specifier } from '../../core/specifier.js';
import type { MalformedRequirement, Overrides, Requirement } from '../requirement.js';

/** How one entry of a dependency map is understood. @throws PrompdError when it cannot be */
export type ParseDependency = (asked: string, value: string) => Specifier;

type Known = Map<string, Map<string, Requirement | MalformedRequirement>>;

export interface ReaderOptions {
  readonly overrides: Overrides;
  /** Default: as manifests are written. */
  readonly parse?: ParseDependency | undefined;
}

/** Reads dependency maps with the root's overrides applied; every different entry is understood once. */
export class RequirementReader {
  readonly overrides: Overrides;
  readonly #parse: ParseDependency;
  /** By the name asked for, then by what is asked; the root's are understood differently. */
  readonly #known = newKnown();
  /** Maps that were read whole: the search, and following what it chose, come by the same ones. */
  readonly #read = new Map<object, readonly (Requirement | MalformedRequirement)[]>();

  constructor({ overrides, parse = parseDependency }: ReaderOptions) {
    this.overrides = overrides;
    this.#parse = parse;
  }

  /** The root's own map: only there, and in overrides, may folders, archives and addresses be named. */
  root(dependencies: Readonly<Record<string, string>>): (Requirement | MalformedRequirement)[] {
    return this.#all(dependencies, true);
  }

  /** @returns sorted by the name asked for, so that the map's order plays no part */
  of(dependencies: Readonly<Record<string, string>>): readonly (Requirement | MalformedRequirement)[] {
    const known = this.#read.get(dependencies);
    if (known) return known;
    const read = this.#all(dependencies, false);
    this.#read.set(dependencies, read);
    return read;
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
    const known = isRoot ? this.#known.root : this.#known.others;
    const byValue = known.get(asked) ?? new Map<string, Requirement | MalformedRequirement>();
    if (byValue.size === 0) known.set(asked, byValue);
    const before = byValue.get(value);
    if (before) return before;
    const read = this.#readOne(asked, value, isRoot);
    byValue.set(value, read);
    return read;
  }

  #readOne(asked: string, value: string, isRoot: boolean): Requirement | MalformedRequirement {
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

function newKnown(): { readonly root: Known; readonly others: Known } {
  return { root: new Map(), others: new Map() };
}
