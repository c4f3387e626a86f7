import type { KeyTable } from '../parts/keys.js';

export type ShellKey = 'first' | 'second' | 'third' | 'next' | 'previous' | 'undo' | 'help' | 'quit';

/** The keys that mean the same everywhere. */
export const SHELL_KEYS: KeyTable<ShellKey> = [
  { keys: ['1'], action: 'first', does: 'the first tab' },
  { keys: ['2'], action: 'second', does: 'the second tab' },
  { keys: ['3'], action: 'third', does: 'the third tab' },
  { keys: ['tab'], action: 'next', does: 'the next tab' },
  { keys: ['shift+tab'], action: 'previous', does: 'the tab before' },
  { keys: ['z'], action: 'undo', does: 'take the last change back' },
  { keys: ['?'], action: 'help', does: 'show and hide these keys' },
  { keys: ['q', 'ctrl+c'], action: 'quit', does: 'leave' },
];
