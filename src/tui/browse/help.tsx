import { type KeyTable, keyLabel } from '../parts/keys.js';
import { type Line, textLine } from '../parts/line.js';
import { LIST_KEYS } from '../parts/list-state.js';
import { ScrollView } from '../parts/scroll-view.js';
import { SHELL_KEYS } from './shell-keys.js';
import type { BrowseTab } from './tab.js';

export interface HelpProps {
  readonly tab: BrowseTab;
  readonly tabs: number;
  readonly rows: number;
}

/** All keys that do something in a tab, made of the tables that the keys are looked up in. */
export function Help({ tab, tabs, rows }: HelpProps) {
  const shell = SHELL_KEYS.filter(({ action }) => tabs > TAB_OF[action]);
  const groups = [...tab.keys, { title: 'Moving', table: LIST_KEYS }, { title: 'Everywhere', table: shell }];
  const note = tab.note === undefined ? [] : [textLine(`Marks: ${tab.note}`, 'dim')];
  return <ScrollView lines={[...groups.flatMap(groupLines), ...note]} rows={rows} active />;
}

/** How many tabs there must be, besides the one, for a key to do something. */
const TAB_OF: Readonly<Record<(typeof SHELL_KEYS)[number]['action'], number>> = {
  first: 1,
  second: 1,
  third: 2,
  next: 1,
  previous: 1,
  undo: 0,
  help: 0,
  quit: 0,
};

function groupLines({ title, table }: { readonly title: string; readonly table: KeyTable }): Line[] {
  return [
    textLine(title, 'strong'),
    ...table.map(
      ({ keys, does }): Line => [{ text: `  ${keyLabel(keys).padEnd(14)}`, tone: 'name' }, { text: does }],
    ),
    [],
  ];
}
