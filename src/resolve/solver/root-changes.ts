import { compareText } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { RegistryRequirement, Requirement } from '../requirement.js';
import type { ResolveRequest } from '../resolution.js';
import type { Incompatibility } from './incompatibility.js';
import type { Prepared } from './prepare.js';
import type { Session } from './session.js';

/** What could become of something that the project itself asks for. */
export interface RootChange {
  readonly requirement: RegistryRequirement;
  readonly kind: 'any version' | 'removed';
}

/** A request whose project asks for less. */
export function withRootChanges(request: ResolveRequest, changes: readonly RootChange[]): ResolveRequest {
  const { dependencies, devDependencies = {} } = request.root;
  const changed = (map: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(map).flatMap(([asked, value]) => {
        const change = changes.find(({ requirement }) => requirement.asked === asked);
        if (change === undefined) return [[asked, value]];
        const { name } = change.requirement;
        return change.kind === 'removed' ? [] : [[asked, asked === name ? '*' : `prompd:${name}@*`]];
      }),
    );
  return {
    ...request,
    root: { dependencies: changed(dependencies), devDependencies: changed(devDependencies) },
  };
}

/**
 * Another version of what the project asks for, in words.
 * @param version that was chosen when any would do
 * @returns undefined where it is what the project asks for already
 */
export function otherVersion(
  { root: { dependencies, devDependencies } }: ResolveRequest,
  { asked, name }: RegistryRequirement,
  version: string | undefined,
): string | undefined {
  const was = { ...devDependencies, ...dependencies }[asked];
  if (version === undefined || was === version) return undefined;
  // Where that stands is not known here: in prompd.json, or on the command line and in no file yet.
  return `${asked === name ? `${name} ${version}` : `"prompd:${name}@${version}"`} instead of "${was}"`;
}

/** The version that something gets in a search that has succeeded. */
export function chosenIn(
  { problem }: Prepared,
  { encoding }: Session,
  requirement: RegistryRequirement,
): Version | undefined {
  const value = encoding.answer(requirement, true) ?? encoding.answer(requirement, false);
  return value === undefined ? undefined : problem.table.get(requirement.name)?.version(value);
}

/** The same with any version. */
export function anyVersion(requirement: RegistryRequirement): RegistryRequirement {
  return { ...requirement, selector: { kind: 'range', raw: '*' } };
}

/** What the project itself asks for, by its own name for it, and what has a part in a failure. */
export function ownRequirements(
  root: readonly Requirement[],
  facts: readonly Incompatibility[],
): RegistryRequirement[] {
  const involved = requirementsIn(facts);
  const own = root.filter((requirement): requirement is RegistryRequirement => {
    if (requirement.kind !== 'registry' || requirement.overridden) return false;
    return involved.some(({ asked, name }) => asked === requirement.asked && name === requirement.name);
  });
  return own.sort((a, b) => compareText(a.asked, b.asked));
}

/** All that is asked of registries, by the project and by packages, and has a part in a failure. */
export function requirementsIn(facts: readonly Incompatibility[]): RegistryRequirement[] {
  return facts.flatMap(({ cause }) =>
    cause.kind === 'dependency' && cause.requirement.kind === 'registry' ? [cause.requirement] : [],
  );
}
