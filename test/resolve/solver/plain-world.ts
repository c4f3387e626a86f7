import semver from 'semver';
import type { Dependencies, World } from './brute-force.js';

/** A version with all that can keep it from being chosen. */
export interface Offer {
  readonly dependencies: Dependencies;
  readonly yanked?: boolean;
  readonly time?: string;
  readonly engines?: Readonly<Record<string, string>>;
}

/** A universe in which requirements are written in every way there is. */
export interface RichWorld {
  readonly packages: Readonly<Record<string, Readonly<Record<string, Offer>>>>;
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly root: Dependencies;
  readonly overrides: Dependencies;
  /** ISO time. */
  readonly before?: string;
  readonly prompdVersion?: string;
}

/**
 * The same question in exact versions alone, as the brute-force solver takes it. What asks for a package under another name
 * goes through a package in between, of one version, so that both can stand in one map.
 */
export function plainWorld(rich: RichWorld): { readonly world: World; readonly root: Dependencies } {
  const between: Record<string, Record<string, Dependencies>> = {};
  const plain = (dependencies: Dependencies): Dependencies =>
    Object.fromEntries(
      Object.entries(dependencies).map(([asked, text]) => {
        const { name, versions } = whatFits(rich, asked, text);
        const range = versions.length === 0 ? '<0.0.0-0' : versions.join(' || ');
        if (name === asked) return [asked, range];
        const id = `${asked} as ${name}@${range}`;
        between[id] = { '1.0.0': { [name]: range } };
        return [id, '1.0.0'];
      }),
    );
  const world = Object.fromEntries(
    Object.entries(rich.packages).map(([name, offers]) => [
      name,
      Object.fromEntries(
        candidates(rich, name).map(version => [version, plain(offers[version]?.dependencies ?? {})]),
      ),
    ]),
  );
  const root = plain(rich.root);
  return { world: { ...world, ...between }, root };
}

/** The package that a requirement is about, and the versions that would meet it. */
export function whatFits(rich: RichWorld, asked: string, text: string): { name: string; versions: string[] } {
  const [, target, range] = /^prompd:([^@]+)@(.*)$/.exec(text) ?? [];
  const name = target ?? asked;
  const selector = rich.overrides[name] ?? range ?? text;
  const versions = candidates(rich, name);
  if (semver.validRange(selector) !== null)
    return { name, versions: versions.filter(version => semver.satisfies(version, selector)) };
  const tagged = versions.filter(version => version === rich.tags[name]?.[selector]);
  const releases = versions.filter(version => !semver.prerelease(version)).sort(semver.rcompare);
  return { name, versions: tagged.length === 0 && selector === 'latest' ? releases.slice(0, 1) : tagged };
}

function candidates({ packages, before, prompdVersion }: RichWorld, name: string): string[] {
  return Object.entries(packages[name] ?? {})
    .filter(([, { yanked, time, engines }]) => {
      const isInTime = before === undefined || (time !== undefined && Date.parse(time) <= Date.parse(before));
      const needs = engines?.['prompd'];
      const isFor =
        !prompdVersion || !needs || semver.satisfies(prompdVersion, needs, { includePrerelease: true });
      return !yanked && isInTime && isFor;
    })
    .map(([version]) => version);
}
