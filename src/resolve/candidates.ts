import type { Packument } from '../core/packument.js';
import type { Selector } from '../core/specifier.js';
import type { Version } from '../core/version.js';
import type { Admission } from './solver/admission.js';
import { PackageEntry, versionsOf } from './solver/package-entry.js';
import { ParsedTexts } from './solver/version-list.js';

/** The versions of one package that may be chosen, without regard to any other package. */
export interface Candidates {
  /** Those that a selector means, highest first. */
  select(selector: Selector): Version[];
  /** All of them, pre-releases included, highest first. */
  all(): Version[];
}

/**
 * Sees a packument as resolution does: the same reading of ranges and tags, the same versions passed over.
 * @param trusted versions that were locked, and are old enough because of that
 */
export function candidatesOf(
  packument: Packument,
  admission: Admission,
  trusted: readonly Version[] = [],
): Candidates {
  const options = { index: 0, admission, trusted, locked: [], texts: new ParsedTexts() };
  const entry = new PackageEntry(packument.name, packument, options);
  return {
    select: selector => versionsOf(entry, entry.candidates(selector)),
    all: () => versionsOf(entry, entry.all()),
  };
}
