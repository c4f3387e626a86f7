import type { Key } from 'ink';

/**
 * A key by its name: the character itself, or `up`, `down`, `left`, `right`, `pageup`, `pagedown`, `home`, `end`, `enter`,
 * `escape`, `tab`, `shift+tab`, `backspace`, `space`, or `ctrl+` and a letter.
 */
export type KeyName = string;

/** One line of a table of keys: what the help shows and what the keys do are the same. */
export interface KeyRow<Action extends string = string> {
  readonly keys: readonly KeyName[];
  readonly action: Action;
  /** For the help, as "install it". */
  readonly does: string;
}

export type KeyTable<Action extends string = string> = readonly KeyRow<Action>[];

/** What a key does by a table; undefined where it does nothing. */
export function actionOf<Action extends string>(table: KeyTable<Action>, key: KeyName): Action | undefined {
  return table.find(({ keys }) => keys.includes(key))?.action;
}

/** Whether a key stands for a character that can be typed into a text. */
export function typedCharacter(key: KeyName): string | undefined {
  if (key === 'space') return ' ';
  return [...key].length === 1 ? key : undefined;
}

/** The keys behind what Ink hands over: several arrive at once when they are typed ahead or pasted. */
export function keyNames(input: string, key: Key): KeyName[] {
  for (const [flag, name] of FLAGS) if (key[flag]) return [name];
  if (key.tab) return [key.shift ? 'shift+tab' : 'tab'];
  if (key.ctrl) return input === '' ? [] : [`ctrl+${input}`];
  if (key.meta) return [];
  return [...input].map(characterName).filter(name => name !== undefined);
}

/** How keys are written in the help. */
export function keyLabel(keys: readonly KeyName[]): string {
  return keys.map(key => LABELS[key] ?? key).join(' ');
}

const FLAGS = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  // Terminals send for the backspace key what Ink calls delete.
  ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof Key, KeyName])[];

const LABELS: Readonly<Record<KeyName, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  'shift+tab': 'Shift-Tab',
  space: 'Space',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  'ctrl+c': 'Ctrl-C',
  'ctrl+d': 'Ctrl-D',
  'ctrl+u': 'Ctrl-U',
  'ctrl+n': 'Ctrl-N',
  'ctrl+p': 'Ctrl-P',
};

function characterName(character: string): KeyName | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (character === ' ') return 'space';
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\t') return 'tab';
  if (code === 0x1b) return 'escape';
  if (code === 0x7f || code === 0x08) return 'backspace';
  if (code < 0x20) return `ctrl+${String.fromCharCode(code + 0x60)}`;
  // What cannot be seen cannot be meant.
  return code >= 0x80 && code < 0xa0 ? undefined : character;
}
