import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { MalformedRequirement, RegistryRequirement, Requirement } from '../requirement.js';
import type { ExoticPackage, LockedNode, ResolveRequest } from '../resolution.js';
import { graphOf } from './chosen-graph.js';
import type { Problem } from './encoding.js';
import { KeptGraph, lockedVersions } from './kept-graph.js';
import { PackageTable } from './package-table.js';
import { RequirementReader } from './requirement-reader.js';

/** A request, understood, with the packuments of what the root asks for. */
export interface Prepared {
  readonly request: ResolveRequest;
  readonly problem: Problem;
  readonly kept: KeptGraph;
}

/**
 * Reads the requirements of the root, opens its folders, archives and addresses, and finds out how much of the lock can
 * stay as it is.
 * @throws PrompdError where the root's requirements cannot be understood or opened
 */
export async function prepare(request: ResolveRequest): Promise<Prepared> {
  const { source, root, locked, overrides = {} } = request;
  const reader = new RequirementReader({
    overrides: new Map(Object.entries(overrides)),
    parse: source.parseDependency?.bind(source),
  });
  const requirements = reader.root({ ...root.devDependencies, ...root.dependencies }).map(understood);
  const replacements = new RequirementReader({
    overrides: new Map(),
    parse: source.parseDependency?.bind(source),
  })
    .root(overrides)
    .map(understood);
  const exotics = await openExotics(request, [...requirements, ...replacements]);
  const fresh = freshPackages(request, requirements);
  const options = { source, overrides, fresh, reconsidered: request.reconsidered ?? new Set() };
  const strategy = request.strategy ?? 'highest';

  const problemWith = (kept: KeptGraph): Problem => {
    const isKept: Problem['isKept'] = (requirement, isRoot) =>
      kept.find(requirement, isRoot ? kept.rootEdges : undefined) !== undefined;
    return {
      table: new PackageTable({
        source,
        reader,
        isKept,
        admission: request,
        locked: lockedVersions(locked, options),
        trusted: lockedVersions(locked, { ...options, fresh: new Set() }),
        lowest: strategy === 'lowest',
      }),
      reader,
      root: requirements,
      pins: lockedTags(request, requirements, fresh),
      exotics,
      isKept,
      preferences: {
        strategy,
        direct: new Set(requirements.flatMap(found => (found.kind === 'registry' ? [found.name] : []))),
        fresh,
      },
    };
  };

  const kept = new KeptGraph(locked, options);
  const problem = problemWith(kept);
  if (request.conflicts !== 'error' || isWhole({ request, problem, kept })) return { request, problem, kept };
  // With one version a package, what is locked may have to give way to what is new.
  const nothing = new KeptGraph(undefined, options);
  return { request, problem: problemWith(nothing), kept: nothing };
}

function understood(requirement: Requirement | MalformedRequirement): Requirement {
  if (requirement.kind === 'malformed') throw requirement.error;
  return requirement;
}

async function openExotics(
  { exotic }: ResolveRequest,
  requirements: readonly Requirement[],
): Promise<Map<string, ExoticPackage>> {
  const opened = new Map<string, ExoticPackage>();
  for (const requirement of requirements) {
    if (requirement.kind !== 'exotic' || opened.has(requirement.raw)) continue;
    if (!exotic) {
      throw new PrompdError('EEXOTICDEP', `"${requirement.raw}" cannot be opened here.`, {
        facts: { dependency: requirement.raw },
        hint: 'Name a package of the registry instead.',
      });
    }
    opened.set(requirement.raw, await exotic(requirement.target, requirement.asked));
  }
  return opened;
}

function freshPackages(
  { fresh, unlocked = new Set() }: ResolveRequest,
  requirements: readonly Requirement[],
): Set<PackageName> {
  const asked = requirements.flatMap(found =>
    found.kind === 'registry' && fresh?.has(found.asked) ? [found.name] : [],
  );
  return new Set([...unlocked, ...asked]);
}

/** Which version a tag pointed to is the lock's to say. */
function lockedTags(
  { locked, source }: ResolveRequest,
  requirements: readonly Requirement[],
  fresh: ReadonlySet<PackageName>,
): Map<string, Version> {
  const pins = new Map<string, Version>();
  for (const requirement of requirements) {
    if (requirement.kind !== 'registry' || requirement.selector.kind !== 'tag') continue;
    const node = lockedAnswer(requirement, locked);
    if (node && !fresh.has(node.name) && source.sourceOf(node.name) === node.source)
      pins.set(requirement.asked, node.version);
  }
  return pins;
}

function lockedAnswer(
  { asked, name }: RegistryRequirement,
  locked: ResolveRequest['locked'],
): LockedNode | undefined {
  const key = locked?.rootEdges.get(asked);
  const node = key === undefined ? undefined : locked?.packages.get(key);
  return node?.name === name ? node : undefined;
}

/** Whether the lock has an answer to everything, with one version of each package. */
function isWhole({ request, problem, kept }: Prepared): boolean {
  const isMet = (requirement: Requirement) =>
    requirement.kind === 'registry' && problem.isKept(requirement, true);
  if (!problem.root.every(isMet)) return false;
  const { packages } = graphOf({
    problem,
    kept,
    source: request.source,
    locked: request.locked,
    answer: () => undefined,
  });
  const names = new Set([...packages.values()].map(({ name }) => name));
  return names.size === packages.size;
}
