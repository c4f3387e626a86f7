import type { KeyTable } from './parts/keys.js';

/** What a list with checkboxes shows. */
export interface PickerState {
  /** Ids in the order of the list. */
  readonly ids: readonly string[];
  /** Index of the line that keys act on. */
  readonly cursor: number;
  readonly chosen: ReadonlySet<string>;
  /** How the user left; undefined while the list is open. */
  readonly outcome: 'accepted' | 'cancelled' | undefined;
}

export type PickerAction = 'up' | 'down' | 'first' | 'last' | 'toggle' | 'all' | 'accept' | 'cancel';

/** The keys of a list with checkboxes. */
export const PICKER_KEYS: KeyTable<PickerAction | 'help'> = [
  { keys: ['j', 'down'], action: 'down', does: 'down, from the last to the first' },
  { keys: ['k', 'up'], action: 'up', does: 'up, from the first to the last' },
  { keys: ['g', 'home'], action: 'first', does: 'to the beginning' },
  { keys: ['G', 'end'], action: 'last', does: 'to the end' },
  { keys: ['space', 'x'], action: 'toggle', does: 'choose, or choose no more' },
  { keys: ['a'], action: 'all', does: 'choose all, or none' },
  { keys: ['enter'], action: 'accept', does: 'update what is chosen' },
  { keys: ['q', 'escape', 'ctrl+c'], action: 'cancel', does: 'leave; nothing is updated' },
  { keys: ['?'], action: 'help', does: 'show and hide these keys' },
];

/** A list in which nothing is chosen yet. */
export function openPicker(ids: readonly string[]): PickerState {
  return { ids, cursor: 0, chosen: new Set(), outcome: undefined };
}

/** The list after a key. Nothing happens any more once it was left. */
export function pickerReducer(state: PickerState, action: PickerAction): PickerState {
  const { ids, cursor, chosen, outcome } = state;
  if (outcome !== undefined) return state;
  const last = Math.max(0, ids.length - 1);
  switch (action) {
    case 'up':
      return { ...state, cursor: cursor === 0 ? last : cursor - 1 };
    case 'down':
      return { ...state, cursor: cursor === last ? 0 : cursor + 1 };
    case 'first':
      return { ...state, cursor: 0 };
    case 'last':
      return { ...state, cursor: last };
    case 'toggle':
      return { ...state, chosen: toggled(chosen, ids[cursor]) };
    case 'all':
      return { ...state, chosen: chosen.size === ids.length ? new Set() : new Set(ids) };
    case 'accept':
      return { ...state, outcome: 'accepted' };
    case 'cancel':
      return { ...state, outcome: 'cancelled' };
  }
}

/**
 * The part of a list that is shown.
 * @param size how many lines there is room for, at least 1
 * @param cursor index of the line that must be seen
 * @returns index of the first line shown, and of the one after the last
 */
export function windowOf(length: number, size: number, cursor: number): { start: number; end: number } {
  const start = Math.max(0, Math.min(cursor - Math.floor(size / 2), length - size));
  return { start, end: Math.min(length, start + size) };
}

function toggled(chosen: ReadonlySet<string>, id: string | undefined): ReadonlySet<string> {
  const next = new Set(chosen);
  if (id !== undefined && !next.delete(id)) next.add(id);
  return next;
}
