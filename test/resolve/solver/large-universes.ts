import type { Universe } from '#prompd/resolve/index.js';

export interface LargeUniverse {
  readonly packages: Universe['packages'];
  readonly root: Readonly<Record<string, string>>;
}

const VERSIONS = 10;
const LAYER = 100;

/** Packages in layers of a hundred, ten versions each, each version depending on three of the next layer. */
export function layered(size: number): LargeUniverse {
  const random = randomNumbers(size);
  const layers = Math.ceil(size / LAYER);
  const packages: Record<string, Universe['packages'][string]> = {};
  for (let at = 0; at < size; at++) {
    const layer = Math.floor(at / LAYER);
    packages[`p${at}`] = versions(minor => {
      if (layer === layers - 1) return {};
      const targets = Array.from({ length: 3 }, () => (layer + 1) * LAYER + random(LAYER));
      return Object.fromEntries(
        targets.filter(target => target < size).map(target => [`p${target}`, `^1.${random(minor + 1)}.0`]),
      );
    });
  }
  const root = Array.from({ length: Math.min(LAYER, size) }, (_, at) => [`p${at}`, '^1.0.0']);
  return { packages, root: Object.fromEntries(root) };
}

/**
 * A chain of packages whose every version depends on the next, and a clash at its end: going back one choice at a time
 * would go through 10 to the power of its length.
 */
export function clashingChain(length: number): LargeUniverse {
  const packages: Record<string, Universe['packages'][string]> = {
    end: { '1.0.0': {}, '2.0.0': {} },
  };
  for (let at = 0; at < length; at++)
    packages[`p${at}`] = versions(() =>
      at === length - 1 ? { end: '^2.0.0' } : { [`p${at + 1}`]: '^1.0.0' },
    );
  return { packages, root: { p0: '*', end: '^1.0.0' } };
}

/** One pigeon more than holes: no proof by resolution is short. */
export function pigeonholes(holes: number): LargeUniverse {
  const packages: Record<string, Universe['packages'][string]> = {};
  const pigeons = Array.from({ length: holes + 1 }, (_, at) => at);
  for (const pigeon of pigeons)
    packages[`pigeon${pigeon}`] = Object.fromEntries(
      pigeons
        .slice(0, holes)
        .map(hole => [`${hole + 1}.0.0`, { dependencies: { [`hole${hole}`]: `${pigeon + 1}.0.0` } }]),
    );
  for (const hole of pigeons.slice(0, holes))
    packages[`hole${hole}`] = Object.fromEntries(pigeons.map(pigeon => [`${pigeon + 1}.0.0`, {}]));
  return { packages, root: Object.fromEntries(pigeons.map(pigeon => [`pigeon${pigeon}`, '*'])) };
}

function versions(dependenciesOf: (minor: number) => Record<string, string>): Universe['packages'][string] {
  return Object.fromEntries(
    Array.from({ length: VERSIONS }, (_, minor) => [`1.${minor}.0`, { dependencies: dependenciesOf(minor) }]),
  );
}

/** The same numbers in every run. @see https://en.wikipedia.org/wiki/Linear_congruential_generator */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
