import { searchTab } from './search/search-tab.js';
import type { BrowseTab } from './tab.js';

/** The tabs, in the order of their keys. @param text what is searched for at first */
export function browserTabs(text: string): readonly [BrowseTab, ...BrowseTab[]] {
  return [searchTab(text)];
}
