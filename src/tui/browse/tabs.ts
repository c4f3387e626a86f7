import type { ApprovalDesk } from '../../ops/browse/approval-desk.js';
import type { InstalledDesk } from '../../ops/browse/installed.js';
import { approvalsTab } from './approvals/approvals-tab.js';
import { installedTab } from './installed/installed-tab.js';
import { searchTab } from './search/search-tab.js';
import type { BrowseTab } from './tab.js';

export interface TabsOptions {
  /** What is searched for at first. */
  readonly text: string;
  readonly installed: InstalledDesk;
  readonly approvals: ApprovalDesk;
}

/** The tabs, in the order of their keys. */
export function browserTabs({
  text,
  installed,
  approvals,
}: TabsOptions): readonly [BrowseTab, ...BrowseTab[]] {
  return [searchTab(text), installedTab(installed), approvalsTab(approvals)];
}
