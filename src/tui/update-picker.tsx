import { Box, Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { StepGroup } from '../core/version-step.js';
import { isBreaking, type UpdateChoice } from '../ops/update/update-choices.js';
import { useSize } from './browse/use-size.js';
import { cleanLine } from './parts/clean-text.js';
import { actionOf, keyLabel, keyNames } from './parts/keys.js';
import { LinesView } from './parts/line-view.js';
import { useModel } from './parts/use-model.js';
import { openPicker, PICKER_KEYS, pickerReducer, windowOf } from './picker-state.js';

export interface UpdatePickerProps {
  readonly choices: readonly UpdateChoice[];
  /** Height of the terminal in lines; default: what the terminal says. */
  readonly rows?: number;
  /** Called once, with the chosen names, or with undefined when the user left without choosing. */
  readonly onEnd: (chosen: readonly string[] | undefined) => void;
}

const GROUPS: readonly StepGroup[] = ['breaking', 'minor', 'patch'];
const TITLES: Record<StepGroup, string> = {
  breaking: 'Breaking: callers may have to change',
  minor: 'Minor: something was added',
  patch: 'Patch: nothing changes for callers',
};
const HELP = PICKER_KEYS.map(({ keys, does }) => [
  { text: `  ${keyLabel(keys).padEnd(14)}`, tone: 'strong' as const },
  { text: does },
]);
/** Lines that are always there: title, marks above and below the list, keys. */
const FRAME = 5;

/** A list of updates with checkboxes, grouped by what they may break. */
export function UpdatePicker({ choices, rows: fixedRows, onEnd }: UpdatePickerProps) {
  const ordered = GROUPS.flatMap(group => choices.filter(choice => choice.group === group));
  const { state, send } = useModel(pickerReducer, () =>
    openPicker([...new Set(ordered.map(({ asked }) => asked))]),
  );
  const [help, setHelp] = useState(false);
  const size = useSize();
  const rows = fixedRows ?? size.rows;
  useInput((input, pressed) => {
    for (const key of keyNames(input, pressed)) {
      const action = actionOf(PICKER_KEYS, key);
      if (action === 'help') setHelp(isShown => !isShown);
      else if (action !== undefined) send(action);
    }
  });
  const { outcome, chosen, cursor, ids } = state;
  useEffect(() => {
    if (outcome === 'accepted') onEnd(ids.filter(id => chosen.has(id)));
    if (outcome === 'cancelled') onEnd(undefined);
  }, [outcome, chosen, ids, onEnd]);

  const lines = linesOf(ordered, ids);
  const at = lines.findIndex(line => line.kind === 'choice' && line.index === cursor);
  const room = Math.max(1, rows - FRAME);
  const { start, end } = windowOf(lines.length, room, at);
  if (help) return <LinesView lines={HELP.slice(0, room + FRAME - 1)} />;
  return (
    <Box flexDirection="column">
      <Text bold wrap="truncate">
        Choose what to update ({chosen.size} of {ids.length} chosen)
      </Text>
      <Text dimColor wrap="truncate">
        {start > 0 ? `  ${start} more above` : ' '}
      </Text>
      {lines.slice(start, end).map(line =>
        line.kind === 'title' ? (
          <Text key={line.group} bold wrap="truncate">
            {TITLES[line.group]}
          </Text>
        ) : (
          <Text
            key={`${line.choice.asked}@${line.choice.from}`}
            inverse={line.index === cursor}
            wrap="truncate"
          >{`${line.index === cursor ? '>' : ' '} [${chosen.has(line.choice.asked) ? 'x' : ' '}] ${line.text}`}</Text>
        ),
      )}
      <Text dimColor wrap="truncate">
        {end < lines.length ? `  ${lines.length - end} more below` : ' '}
      </Text>
      <Text dimColor wrap="truncate">
        up/down: move space: choose a: all enter: update q: cancel ?: keys
      </Text>
    </Box>
  );
}

type Line =
  | { readonly kind: 'title'; readonly group: StepGroup }
  | {
      readonly kind: 'choice';
      readonly choice: UpdateChoice;
      /** Its place among the names: a package that is there in several versions has a line for each, chosen together. */
      readonly index: number;
      readonly text: string;
    };

function linesOf(ordered: readonly UpdateChoice[], ids: readonly string[]): Line[] {
  const widths = {
    name: widest(ordered.map(({ asked }) => asked)),
    from: widest(ordered.map(({ from }) => from)),
    to: widest(ordered.map(({ to }) => to)),
  };
  return ordered.flatMap((choice, at): Line[] => {
    const { asked, from, to, group } = choice;
    const text = `${asked.padEnd(widths.name)}  ${from.padEnd(widths.from)} -> ${to.padEnd(widths.to)}${notesOf(choice)}`;
    const line: Line = { kind: 'choice', choice, index: ids.indexOf(asked), text };
    return at > 0 && ordered[at - 1]?.group === group ? [line] : [{ kind: 'title', group }, line];
  });
}

function notesOf({ dev, yanked, deprecated, step, prompts }: UpdateChoice): string {
  const broken = (prompts ?? []).filter(isBreaking);
  const [first] = broken;
  const subject = broken.length === 1 ? cleanLine(first?.prompt ?? 'references') : `${broken.length} prompts`;
  const notes = [
    ...(broken.length === 0 ? [] : [`may break ${subject}`]),
    ...(prompts === undefined ? ['by its version alone'] : []),
    ...(dev ? ['dev'] : []),
    ...(step.isDowngrade ? ['back'] : []),
    ...(yanked ? ['current is withdrawn'] : []),
    ...(deprecated === undefined ? [] : ['current is deprecated']),
  ];
  return notes.length === 0 ? '' : `  (${notes.join(', ')})`;
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
