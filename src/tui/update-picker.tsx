import { Box, type Key, Text, useInput, useStdout } from 'ink';
import { useEffect, useReducer, useState } from 'react';
import type { StepGroup } from '../core/version-step.js';
import type { UpdateChoice } from '../ops/update/update.js';
import { openPicker, type PickerAction, pickerReducer, windowOf } from './picker-state.js';

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
/** Lines that are always there: title, marks above and below the list, keys. */
const FRAME = 5;

/** A list of updates with checkboxes, grouped by what they may break. */
export function UpdatePicker({ choices, rows: fixedRows, onEnd }: UpdatePickerProps) {
  const ordered = GROUPS.flatMap(group => choices.filter(choice => choice.group === group));
  const [state, dispatch] = useReducer(
    pickerReducer,
    ordered.map(({ asked }) => asked),
    openPicker,
  );
  const rows = useRows(fixedRows);
  useInput((input, key) => {
    for (const action of actionsOf(input, key)) dispatch(action);
  });
  const { outcome, chosen, cursor, ids } = state;
  useEffect(() => {
    if (outcome === 'accepted') onEnd(ids.filter(id => chosen.has(id)));
    if (outcome === 'cancelled') onEnd(undefined);
  }, [outcome, chosen, ids, onEnd]);

  const lines = linesOf(ordered);
  const at = lines.findIndex(line => line.kind === 'choice' && line.index === cursor);
  const { start, end } = windowOf(lines.length, Math.max(1, rows - FRAME), at);
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
            key={line.choice.asked}
            inverse={line.index === cursor}
            wrap="truncate"
          >{`${line.index === cursor ? '>' : ' '} [${chosen.has(line.choice.asked) ? 'x' : ' '}] ${line.text}`}</Text>
        ),
      )}
      <Text dimColor wrap="truncate">
        {end < lines.length ? `  ${lines.length - end} more below` : ' '}
      </Text>
      <Text dimColor wrap="truncate">
        up/down: move space: choose a: all enter: update q: cancel
      </Text>
    </Box>
  );
}

type Line =
  | { readonly kind: 'title'; readonly group: StepGroup }
  | {
      readonly kind: 'choice';
      readonly choice: UpdateChoice;
      /** Its place among the choices. */
      readonly index: number;
      readonly text: string;
    };

function linesOf(ordered: readonly UpdateChoice[]): Line[] {
  const widths = {
    name: widest(ordered.map(({ asked }) => asked)),
    from: widest(ordered.map(({ from }) => from)),
    to: widest(ordered.map(({ to }) => to)),
  };
  return ordered.flatMap((choice, index): Line[] => {
    const { asked, from, to, group } = choice;
    const text = `${asked.padEnd(widths.name)}  ${from.padEnd(widths.from)} -> ${to.padEnd(widths.to)}${notesOf(choice)}`;
    const line: Line = { kind: 'choice', choice, index, text };
    return index > 0 && ordered[index - 1]?.group === group ? [line] : [{ kind: 'title', group }, line];
  });
}

function notesOf({ dev, yanked, deprecated, step }: UpdateChoice): string {
  const notes = [
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

/** Several keys can arrive at once: when they are typed ahead, or when a program types them. */
function actionsOf(input: string, key: Key): PickerAction[] {
  if (key.upArrow) return ['up'];
  if (key.downArrow) return ['down'];
  if (key.escape) return ['cancel'];
  if (key.return) return ['accept'];
  if (key.ctrl) return input === 'c' ? ['cancel'] : [];
  return [...input].flatMap(character => KEYS[character] ?? []);
}

const KEYS: Readonly<Record<string, PickerAction>> = {
  k: 'up',
  j: 'down',
  g: 'first',
  G: 'last',
  ' ': 'toggle',
  a: 'all',
  q: 'cancel',
  '\r': 'accept',
  '\n': 'accept',
  '\u0003': 'cancel',
};

function useRows(fixed: number | undefined): number {
  const { stdout } = useStdout();
  const [rows, setRows] = useState(stdout.rows);
  useEffect(() => {
    const measure = () => setRows(stdout.rows);
    stdout.on('resize', measure);
    return () => {
      stdout.off('resize', measure);
    };
  }, [stdout]);
  return fixed ?? rows ?? 24;
}
