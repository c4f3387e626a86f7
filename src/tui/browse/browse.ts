import type { Clock } from '../../core/clock.js';
import type { BrowseSession } from '../../ops/browse/session.js';
import type { Screen } from '../../ops/context.js';
import { runBrowser } from './run-browser.js';
import type { TerminalDesk } from './tab.js';
import { browserTabs, type TabsOptions } from './tabs.js';

export interface BrowseScreen extends TabsOptions {
  readonly session: BrowseSession;
  readonly screen: Screen;
  readonly now: Clock;
  readonly colour: boolean;
  readonly open: TerminalDesk['open'];
}

/** Shows the browser until the user leaves it. @throws whatever the browser itself failed with */
export function browse({ text, installed, approvals, screen, ...rest }: BrowseScreen): Promise<void> {
  return runBrowser({ ...rest, tabs: browserTabs({ text, installed, approvals }) }, screen);
}
