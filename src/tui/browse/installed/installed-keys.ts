import type { KeyTable } from '../../parts/keys.js';
import { PACKAGE_KEYS, type PackageKey } from '../search/search-keys.js';

export type InstalledKey = 'open' | 'latest' | 'scope' | 'again' | Exclude<PackageKey, 'install'>;

/** What can be done in the list of what is installed. */
export const INSTALLED_KEYS: KeyTable<InstalledKey> = [
  { keys: ['enter', 'l', 'right'], action: 'open', does: 'look at the package' },
  { keys: ['U'], action: 'latest', does: 'move it to the latest version, also outside its range' },
  ...PACKAGE_KEYS.flatMap(({ keys, action, does }) => (action === 'install' ? [] : [{ keys, action, does }])),
  { keys: ['s'], action: 'scope', does: 'show the project, or everything in the store' },
  { keys: ['r'], action: 'again', does: 'ask the registries again' },
];
