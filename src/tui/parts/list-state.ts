import type { KeyName, KeyTable } from './keys.js';

/** Where the cursor of a list is, and which part of the list is seen. */
export interface ListState {
  readonly cursor: number;
  /** Index of the first row that is seen. */
  readonly top: number;
}

export type ListMove = 'down' | 'up' | 'first' | 'last' | 'half-down' | 'half-up' | 'page-down' | 'page-up';

/** The keys that move in any list, and in any text that is longer than the screen. */
export const LIST_KEYS: KeyTable<ListMove> = [
  { keys: ['j', 'down'], action: 'down', does: 'down' },
  { keys: ['k', 'up'], action: 'up', does: 'up' },
  { keys: ['g', 'home'], action: 'first', does: 'to the beginning' },
  { keys: ['G', 'end'], action: 'last', does: 'to the end' },
  { keys: ['ctrl+d'], action: 'half-down', does: 'down by half a screen' },
  { keys: ['ctrl+u'], action: 'half-up', does: 'up by half a screen' },
  { keys: ['pagedown', 'space'], action: 'page-down', does: 'down by a screen' },
  { keys: ['pageup', 'b'], action: 'page-up', does: 'up by a screen' },
];

export const TOP: ListState = { cursor: 0, top: 0 };

export interface ListSize {
  /** How many rows the list has. */
  readonly length: number;
  /** How many rows there is room for, at least 1. */
  readonly rows: number;
}

/** The list after a move: the cursor stays in the list, and in sight. */
export function moved(state: ListState, move: ListMove, size: ListSize): ListState {
  const { rows, length } = size;
  const half = Math.max(1, Math.floor(rows / 2));
  const steps: Readonly<Record<ListMove, number>> = {
    down: 1,
    up: -1,
    first: -length,
    last: length,
    'half-down': half,
    'half-up': -half,
    'page-down': rows,
    'page-up': -rows,
  };
  return settled({ ...state, cursor: state.cursor + steps[move] }, size);
}

/** The list after its length or the screen changed. */
export function settled({ cursor, top }: ListState, { length, rows }: ListSize): ListState {
  const at = Math.max(0, Math.min(cursor, length - 1));
  const lowest = Math.max(0, length - rows);
  return { cursor: at, top: Math.max(0, Math.min(Math.max(top, at - rows + 1), at, lowest)) };
}

/** A text that is scrolled has no cursor: its first line moves. */
export function scrolled(top: number, move: ListMove, { length, rows }: ListSize): number {
  const half = Math.max(1, Math.floor(rows / 2));
  const steps: Readonly<Record<ListMove, number>> = {
    down: 1,
    up: -1,
    first: -length,
    last: length,
    'half-down': half,
    'half-up': -half,
    'page-down': rows,
    'page-up': -rows,
  };
  return Math.max(0, Math.min(top + steps[move], length - rows));
}

/** Which of the keys move the cursor of a list. */
export function listMove(key: KeyName): ListMove | undefined {
  return LIST_KEYS.find(({ keys }) => keys.includes(key))?.action;
}
