import type { KeyTable } from '../../parts/keys.js';

export type SearchKey = 'search' | 'open' | 'filters' | 'sort' | 'clear' | PackageKey;
/** What can be done with the package at the cursor, in the list and in its own view. */
export type PackageKey = 'install' | 'update' | 'remove' | 'web' | 'copy';

export const PACKAGE_KEYS: KeyTable<PackageKey> = [
  { keys: ['i'], action: 'install', does: 'install it' },
  { keys: ['u'], action: 'update', does: 'update it as far as its range allows' },
  { keys: ['x'], action: 'remove', does: 'remove it from the project' },
  { keys: ['o'], action: 'web', does: 'open its page, or show the address' },
  { keys: ['y'], action: 'copy', does: 'copy its name and version' },
];

export const SEARCH_KEYS: KeyTable<SearchKey> = [
  { keys: ['/'], action: 'search', does: 'type what to search for; Enter or ↓ to the list' },
  { keys: ['enter', 'l', 'right'], action: 'open', does: 'look at the package' },
  { keys: ['f'], action: 'filters', does: 'filter by category, author, tag, model' },
  { keys: ['s'], action: 'sort', does: 'sort by relevance, downloads, recency' },
  { keys: ['c'], action: 'clear', does: 'clear search and filters' },
  ...PACKAGE_KEYS,
];
