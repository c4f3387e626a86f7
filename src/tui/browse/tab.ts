import type { ComponentType } from 'react';
import type { Clock } from '../../core/clock.js';
import type { BrowseChange, BrowseSession, ChangeOptions } from '../../ops/browse/session.js';
import type { KeyTable } from '../parts/keys.js';
import type { Tone } from '../parts/line.js';

/** A message in the status line. */
export interface Notice {
  readonly text: string;
  readonly tone?: Tone | undefined;
  /** Whether it tells of a change that can be taken back. */
  readonly undoable?: boolean | undefined;
}

/** What the screen gives to a tab. */
export interface TabProps {
  readonly session: BrowseSession;
  /** Of the tab's own area. */
  readonly size: { readonly columns: number; readonly rows: number };
  /** Whether the tab is the one that is seen and gets the keys. */
  readonly active: boolean;
  /** Grows with each change of the project: what depends on it looks again. */
  readonly revision: number;
  readonly now: Clock;
  readonly terminal: TerminalDesk;
  readonly notify: (notice: Notice) => void;
  /**
   * Makes a change, with progress in the status line, and tells there how it ended. Only one is made at a time: a second one
   * is refused with a message.
   * @param label what is being done, as "Installing @acme/tone"
   */
  readonly change: (label: string, run: (options: ChangeOptions) => Promise<BrowseChange>) => void;
  /** Asks a question with yes and no in the status line. */
  readonly ask: (question: string) => Promise<boolean>;
}

/** What the terminal can do besides showing lines. */
export interface TerminalDesk {
  /** Puts a text into the clipboard of the terminal, also through SSH. */
  copy(text: string): void;
  /** Opens an address in the user's browser. @returns whether there was one to open it in */
  open(url: string): Promise<boolean>;
}

/** One tab: its place in the header is its place in the list of tabs. */
export interface BrowseTab {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentType<TabProps>;
  /** For the help: the tab's own keys, in groups. */
  readonly keys: readonly { readonly title: string; readonly table: KeyTable }[];
  /** For the help: what else there is to know, in a line. */
  readonly note?: string | undefined;
}
