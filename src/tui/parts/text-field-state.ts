import { type KeyName, typedCharacter } from './keys.js';

/** A text that is being typed. */
export interface FieldState {
  readonly value: string;
  /** Index in `value` that the next character goes to. */
  readonly cursor: number;
}

/** Longer texts are handed in by files. */
export const MAX_TYPED = 10_000;

/** A field that holds a text already, with the cursor behind it. */
export function fieldOf(value: string): FieldState {
  return { value, cursor: value.length };
}

/** The field after a key; undefined when the key is none of a field's. */
export function typed(field: FieldState, key: KeyName): FieldState | undefined {
  const { value, cursor } = field;
  const [before, after] = [value.slice(0, cursor), value.slice(cursor)];
  switch (key) {
    case 'left':
      return { value, cursor: cursor - lengthOfLast(before) };
    case 'right':
      return { value, cursor: cursor + ([...after][0]?.length ?? 0) };
    case 'home':
    case 'ctrl+a':
      return { value, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return { value, cursor: value.length };
    case 'backspace': {
      const kept = before.slice(0, before.length - lengthOfLast(before));
      return { value: kept + after, cursor: kept.length };
    }
    case 'ctrl+u':
      return { value: after, cursor: 0 };
    case 'ctrl+k':
      return { value: before, cursor };
    case 'ctrl+w': {
      const kept = before.replace(/\S*\s*$/, '');
      return { value: kept + after, cursor: kept.length };
    }
  }
  const character = typedCharacter(key);
  if (character === undefined) return undefined;
  if (value.length + character.length > MAX_TYPED) return field;
  return { value: before + character + after, cursor: cursor + character.length };
}

function lengthOfLast(text: string): number {
  return [...text].at(-1)?.length ?? 0;
}
