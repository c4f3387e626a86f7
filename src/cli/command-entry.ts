import type { Command } from '../commands/command.js';

export interface Leaf {
  /** As yargs reads it: the name, then its positionals. */
  readonly usage: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Called only when the command runs or shows its help, so that start-up stays cheap. */
  readonly load: () => Promise<{ readonly default: Command }>;
  /** Subcommands of a command that does something by itself as well. */
  readonly entries?: readonly Entry[];
}

export interface Group {
  readonly usage: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  readonly entries: readonly Entry[];
}

export type Entry = Leaf | Group;

/** Whether an entry has subcommands. */
export function isGroup(entry: Entry): entry is Group {
  return !('load' in entry);
}
