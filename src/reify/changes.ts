import { compareText, type PackageKey } from '../core/package-key.js';

/** What a project gains and loses, as package keys in order. */
export interface Changes {
  readonly added: readonly PackageKey[];
  readonly removed: readonly PackageKey[];
}

/** Compares two sets of packages. */
export function changesBetween(before: Iterable<PackageKey>, after: Iterable<PackageKey>): Changes {
  const old = new Set(before);
  const now = new Set(after);
  return {
    added: [...now].filter(key => !old.has(key)).sort(compareText),
    removed: [...old].filter(key => !now.has(key)).sort(compareText),
  };
}
