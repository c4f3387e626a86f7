import { createContext, useContext, useEffect } from 'react';
import { cleanLine, shortened, tailOf, widthOf } from './clean-text.js';
import type { Span } from './line.js';
import { LineView } from './line-view.js';
import type { FieldState } from './text-field-state.js';

export interface TextFieldProps {
  readonly label: string;
  readonly field: FieldState;
  /** Columns for label and text. */
  readonly width: number;
  /** Whether the cursor is shown. */
  readonly active: boolean;
  /** What is shown while nothing is typed. */
  readonly placeholder?: string;
}

/** Told of each field that begins, 1, or ends, -1, to take what is typed. */
export const TypingContext = createContext<(step: 1 | -1) => void>(() => {});

/** One line of typed text, the part around the cursor where it is longer than its place. */
export function TextField(props: TextFieldProps) {
  const { active } = props;
  const typing = useContext(TypingContext);
  useEffect(() => {
    if (!active) return;
    typing(1);
    return () => typing(-1);
  }, [active, typing]);
  return <LineView line={[{ text: `${props.label} `, tone: 'strong' }, ...fieldSpans(props)]} />;
}

function fieldSpans({ label, field, width, active, placeholder = '' }: TextFieldProps): Span[] {
  const room = Math.max(4, width - widthOf(label) - 2);
  if (!active) {
    const text = shortened(cleanLine(field.value), room);
    return [text === '' ? { text: shortened(placeholder, room), tone: 'dim' } : { text }];
  }
  const [at = ' ', ...rest] = [...field.value.slice(field.cursor)];
  const before = tailOf(field.value.slice(0, field.cursor), room - widthOf(at));
  const left = room - widthOf(at) - widthOf(before);
  const hint = field.value === '' ? placeholder : rest.join('');
  return [
    { text: before },
    { text: at, tone: 'chosen' },
    { text: shortened(hint, Math.max(0, left)), tone: field.value === '' ? 'dim' : 'plain' },
  ];
}
