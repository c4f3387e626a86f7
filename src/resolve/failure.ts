import { PrompdError } from '../core/errors.js';
import type { PackageId } from '../core/package-key.js';
import { suggest } from '../core/suggest.js';
import type { Version } from '../core/version.js';
import type { Candidates } from './candidates.js';
import { type RegistryRequirement, wantText } from './requirement.js';

/** Why no version meets a requirement. */
export interface Failure {
  readonly want: RegistryRequirement;
  /** The versions that fit, highest first, each with what makes it unusable; empty when none fits. */
  readonly fitting: readonly { readonly version: Version; readonly flaw: Flaw }[];
}

/** Why one version cannot be used. */
export type Flaw =
  | { readonly kind: 'unmet'; readonly failure: Failure }
  | { readonly kind: 'exotic'; readonly raw: string }
  | { readonly kind: 'malformed'; readonly raw: string; readonly error: PrompdError };

/** How many versions an error lists. */
const LISTED = 12;
/** How many steps of a chain an error tells. */
const MAX_CHAIN = 20;

/**
 * The error for a requirement of the project that cannot be met: the chain of who asks for what, down to the one that
 * has no answer.
 * @param asker the folder or archive that asks, where it is not the project itself
 */
export function explain(failure: Failure, candidates: Candidates, asker?: PackageId): PrompdError {
  const chain = [
    `${asker ? `${asker.source} (${asker.name}@${asker.version})` : 'the project'} asks for ${wantText(failure.want)}`,
  ];
  let last = failure;
  for (let step = 0; step < MAX_CHAIN; step++) {
    const [first] = last.fitting;
    if (!first) break;
    const subject = `${last.want.name}@${first.version}`;
    if (first.flaw.kind === 'exotic') return exoticFlaw(subject, first.flaw.raw, chain);
    if (first.flaw.kind === 'malformed') return malformedError(subject, first.flaw, chain);
    last = first.flaw.failure;
    chain.push(`${subject} asks for ${wantText(last.want)}`);
  }
  return noAnswer(last, candidates, chain);
}

function noAnswer({ want }: Failure, candidates: Candidates, chain: readonly string[]): PrompdError {
  const shelf = candidates.shelf(want.name);
  const isDirect = chain.length === 1;
  if (shelf instanceof PrompdError) {
    if (isDirect) return shelf;
    return new PrompdError('ENOSOLUTION', `No set of versions fits: ${want.name} does not exist.`, {
      facts: { because: [...chain, shelf.message] },
      hint: 'Ask the authors of the package to mend its dependencies, or use "overrides" in prompd.json.',
      cause: shelf,
    });
  }
  const { packument, versions } = shelf;
  const yanked = versions.filter(version => packument.versions.get(version)?.yanked === true);
  const visible = versions.filter(version => !yanked.includes(version));
  const facts = {
    versions: list(visible),
    ...(yanked.length > 0 ? { yanked: list(yanked) } : {}),
    ...(want.selector.kind === 'tag' ? { tags: Object.keys(packument.distTags).sort() } : {}),
  };
  if (isDirect) {
    return new PrompdError('ENOVERSION', `${want.name} has no version that fits ${quote(want)}.`, {
      facts,
      hint: hintFor(want, visible, Object.keys(packument.distTags)),
    });
  }
  return new PrompdError('ENOSOLUTION', `No set of versions fits: nothing meets ${wantText(want)}.`, {
    facts: { because: chain, ...facts },
    hint: `Ask for another version of ${firstName(chain)}, or name a version of ${want.name} under "overrides" in prompd.json.`,
  });
}

/** The error for a folder, archive or address that somebody other than the project asks for. */
export function exoticError(asker: PackageId | undefined, raw: string): PrompdError {
  return exoticFlaw(asker ? `${asker.name}@${asker.version}` : 'the project', raw, []);
}

function exoticFlaw(subject: string, raw: string, chain: readonly string[]): PrompdError {
  return new PrompdError(
    'EEXOTICDEP',
    `${subject} depends on "${raw}", which only the project itself may do.`,
    {
      facts: { because: [...chain, `${subject} asks for ${raw}`] },
      hint: 'Packages from a registry depend on packages from a registry. Name the dependency under "overrides" in prompd.json.',
    },
  );
}

function malformedError(
  subject: string,
  { raw, error }: { raw: string; error: PrompdError },
  chain: readonly string[],
): PrompdError {
  return new PrompdError(
    'ENOSOLUTION',
    `No set of versions fits: ${subject} has a dependency that cannot be understood.`,
    {
      facts: { because: [...chain, `${subject} asks for ${raw}`, error.message] },
      hint: `Ask for another version of ${subject.slice(0, subject.lastIndexOf('@'))}.`,
      cause: error,
    },
  );
}

function hintFor(want: RegistryRequirement, visible: readonly Version[], tags: readonly string[]): string {
  const { kind, raw } = want.selector;
  const near = kind === 'tag' ? suggest(raw, tags) : undefined;
  if (near !== undefined) return `Did you mean "${want.name}@${near}"?`;
  const [newest] = visible;
  return newest === undefined
    ? 'All its versions were withdrawn.'
    : `Ask for one that exists, as in "${want.name}@${newest}". Pre-releases count only where a range names one.`;
}

function quote({ selector }: RegistryRequirement): string {
  return selector.kind === 'tag' ? `the tag "${selector.raw}"` : `"${selector.raw}"`;
}

function list(versions: readonly Version[]): string[] {
  return versions.length > LISTED
    ? [...versions.slice(0, LISTED), `and ${versions.length - LISTED} more`]
    : [...versions];
}

function firstName(chain: readonly string[]): string {
  const want = chain[0]?.split(' asks for ')[1] ?? '';
  return want.slice(0, want.lastIndexOf('@'));
}
