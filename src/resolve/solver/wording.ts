import type { PackageName } from '../../core/name.js';
import type { RegistryRequirement, Requirement } from '../requirement.js';
import type { Variable } from './encoding.js';
import type { ExternalCause, Incompatibility, Term, Unusable, VariableId } from './incompatibility.js';
import type { PackageEntry } from './package-entry.js';
import type { PackageTable } from './package-table.js';
import { ABSENT, difference, has, isEmpty, type VersionSet, versionsOnly } from './version-set.js';
import { inWords, listed, versionText, type WrittenRange } from './version-text.js';

export interface WordingOptions {
  readonly variables: readonly Variable[];
  readonly table: PackageTable;
  /** Package name to the ranges that were asked of it. */
  readonly written: ReadonlyMap<string, readonly WrittenRange[]>;
  /** All values of a variable. */
  readonly domain: (variable: VariableId) => VersionSet;
}

/** What the whole of an explanation comes to. */
export const NO_SOLUTION = "your project's requirements cannot be met";

/** How a clause about the project's own requirements begins. */
export const OWN_DEPENDENCY = 'your project depends on ';
const EVERY = 'every ';

/** Puts incompatibilities into words. */
export class Wording {
  readonly #options: WordingOptions;

  constructor(options: WordingOptions) {
    this.#options = options;
  }

  /** A clause that goes after "because". */
  say(incompatibility: Incompatibility): string {
    const { cause } = incompatibility;
    return cause.kind === 'derived' ? this.#derived(incompatibility) : this.#external(incompatibility, cause);
  }

  #external({ terms }: Incompatibility, cause: ExternalCause): string {
    if (cause.kind === 'dependency')
      return `${this.#subject(cause.dependant)} depends on ${this.#required(cause)}`;
    if (cause.kind === 'limit') return `there is one version of ${cause.name} only`;
    const [term] = terms;
    return `${term ? this.#subject(term) : 'it'} ${unusableText(cause.reason)}`;
  }

  #required({ requirement, fitting }: Extract<ExternalCause, { kind: 'dependency' }>): string {
    const text = requirementText(requirement);
    if (requirement.kind === 'exotic') return text;
    if (fitting === undefined) return `${text} (${this.#whyMissing(requirement.name)})`;
    if (!isEmpty(fitting)) return text;
    const entry = this.#options.table.get(requirement.name);
    return `${text} (no version matches${entry ? `; ${thereIs(entry)}` : ''})`;
  }

  #whyMissing(name: PackageName): string {
    const missing = this.#options.table.get(name)?.missing;
    return missing?.code === 'EOFFLINE' ? 'of which nothing is cached' : 'which does not exist';
  }

  #derived({ terms }: Incompatibility): string {
    const spoken = terms.filter(({ variable }) => {
      const kind = this.#options.variables[variable]?.kind;
      return kind !== 'root' && kind !== 'limit';
    });
    const used = spoken.filter(({ set }) => !has(set, ABSENT)).map(term => this.#subject(term));
    const needed = spoken.filter(({ set }) => has(set, ABSENT)).map(term => this.#object(term));
    if (spoken.length === 0) return NO_SOLUTION;
    if (needed.length === 0) return cannotBeUsed(used);
    const need = inWords(needed, 'or');
    if (used.length === 0) return `your project needs ${need}`;
    return used.length === 1 ? `${used[0]} needs ${need}` : `${inWords(used)} together need ${need}`;
  }

  #subject({ variable, set }: Term): string {
    const meaning = this.#options.variables[variable];
    if (meaning?.kind === 'exotic') return `${meaning.exotic.name} (${meaning.exotic.source})`;
    if (meaning?.kind !== 'package' && meaning?.kind !== 'requirement') return 'your project';
    const text = this.#text(meaning.entry, set);
    return text === '' ? `${EVERY}version of ${meaning.entry.name}` : `${meaning.entry.name} ${text}`;
  }

  #object({ variable, set }: Term): string {
    const meaning = this.#options.variables[variable];
    if (meaning?.kind !== 'package' && meaning?.kind !== 'requirement')
      return this.#subject({ variable, set });
    const text = this.#text(meaning.entry, difference(this.#options.domain(variable), set));
    return text === '' ? meaning.entry.name : `${meaning.entry.name} ${text}`;
  }

  #text(entry: PackageEntry, set: VersionSet): string {
    return versionText(entry, versionsOnly(set), this.#options.written.get(entry.name) ?? []);
  }
}

function cannotBeUsed(used: readonly string[]): string {
  const [only = ''] = used;
  if (used.length > 1) return `${inWords(used)} cannot be used together`;
  return only.startsWith(EVERY) ? `no ${only.slice(EVERY.length)} can be used` : `${only} cannot be used`;
}

/** A requirement as people write it. */
export function requirementText(requirement: Requirement): string {
  const by = requirement.overridden ? ' (by your overrides)' : '';
  if (requirement.kind === 'exotic') return `${requirement.raw}${by}`;
  const { asked, name } = requirement;
  const alias = asked === name ? '' : ` (as "${asked}")`;
  return `${selected(requirement)}${alias}${by}`;
}

function selected({ name, selector }: RegistryRequirement): string {
  if (selector.kind === 'tag') return `${name}@${selector.raw}`;
  return selector.raw === '*' || selector.raw === '' ? `any version of ${name}` : `${name} ${selector.raw}`;
}

function thereIs(entry: PackageEntry): string {
  const versions = versionsOnly(entry.domain);
  if (isEmpty(versions)) return 'it has no versions';
  return `there ${entry.versions.length === 1 ? 'is' : 'are'} ${listed(entry, versions)}`;
}

/** What speaks against versions, as the end of a clause. */
export function unusableText(reason: Unusable): string {
  switch (reason.kind) {
    case 'yanked':
      return 'was withdrawn';
    case 'too-new':
      return `was published after ${reason.limit}`;
    case 'no-time':
      return 'has no time of publication and may be too new';
    case 'not-cached':
      return 'is not cached';
    case 'vulnerable':
      return `is warned of by ${reason.advisory}`;
    case 'engine':
      return `needs prompd ${reason.needs} (this is prompd ${reason.own})`;
    case 'exotic':
      return `depends on "${reason.requirement.raw}" (a folder or address, which only the project itself may name)`;
    case 'malformed':
      return `depends on "${reason.requirement.raw}" (which cannot be understood)`;
  }
}
