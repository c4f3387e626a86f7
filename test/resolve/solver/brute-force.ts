import semver from 'semver';

export type Dependencies = Readonly<Record<string, string>>;
/** Name to version to dependencies. */
export type World = Readonly<Record<string, Readonly<Record<string, Dependencies>>>>;

/**
 * The fewest versions besides the first of each package with which the root can be resolved, found by trying everything.
 * @returns undefined when it cannot be resolved at all
 */
export function fewestAdditional(world: World, root: Dependencies): number | undefined {
  const usable = usableVersions(world);
  const isMet = ([name, range]: [string, string]) =>
    (usable.get(name) ?? []).some(version => semver.satisfies(version, range));
  if (!Object.entries(root).every(isMet)) return undefined;
  for (let additional = 0; ; additional++)
    if (canDoWith({ world, usable }, { chosen: new Map(), open: Object.entries(root), additional }))
      return additional;
}

/** The greatest set of versions of which each has, for each of its requirements, a fitting one in the set. */
function usableVersions(world: World): Map<string, string[]> {
  const usable = new Map(Object.entries(world).map(([name, versions]) => [name, Object.keys(versions)]));
  const isMet = ([name, range]: [string, string]) =>
    (usable.get(name) ?? []).some(version => semver.satisfies(version, range));
  for (let isSettled = false; !isSettled; ) {
    isSettled = true;
    for (const [name, versions] of usable) {
      const left = versions.filter(version => Object.entries(world[name]?.[version] ?? {}).every(isMet));
      if (left.length < versions.length) isSettled = false;
      usable.set(name, left);
    }
  }
  return usable;
}

interface State {
  readonly chosen: ReadonlyMap<string, readonly string[]>;
  readonly open: readonly [string, string][];
  readonly additional: number;
}

function canDoWith(
  there: { readonly world: World; readonly usable: ReadonlyMap<string, readonly string[]> },
  { chosen, open, additional }: State,
): boolean {
  // A version that is chosen anyway is never worse than another.
  const unmet = open.filter(
    ([name, range]) => !(chosen.get(name) ?? []).some(version => semver.satisfies(version, range)),
  );
  const [first, ...rest] = unmet;
  if (!first) return true;
  const [name, range] = first;
  const before = chosen.get(name) ?? [];
  const left = additional - (before.length > 0 ? 1 : 0);
  if (left < 0) return false;
  return (there.usable.get(name) ?? [])
    .filter(version => semver.satisfies(version, range))
    .some(version =>
      canDoWith(there, {
        chosen: new Map([...chosen, [name, [...before, version]]]),
        open: [...rest, ...Object.entries(there.world[name]?.[version] ?? {})],
        additional: left,
      }),
    );
}
