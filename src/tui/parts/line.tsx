import { Text } from 'ink';
import { createContext, memo, type ReactNode, useContext } from 'react';
import { cleanText } from './clean-text.js';

/** What a text means; how it looks follows from that, and never tells more than its words do. */
export type Tone = 'plain' | 'name' | 'dim' | 'good' | 'warn' | 'bad' | 'strong' | 'chosen';

export interface Span {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** Whether the terminal is to show colours. */
export const ColourContext = createContext(true);

/** A line that holds one text. */
export function textLine(text: string, tone: Tone = 'plain'): Line {
  return [{ text, tone }];
}

export interface LineViewProps {
  readonly line: Line;
  /** Whether it is the line that keys act on. */
  readonly cursor?: boolean;
}

/**
 * Draws one line, cut where the screen ends. Everything that is drawn goes through here, and loses what would reach the
 * terminal as more than text. A line that says the same as before is not made anew.
 */
export const LineView = memo(OneLine, (before, after) => {
  return before.cursor === after.cursor && sameLine(before.line, after.line);
});

function OneLine({ line, cursor = false }: LineViewProps) {
  const colour = useContext(ColourContext);
  return (
    <Text wrap="truncate" inverse={cursor}>
      {line.length === 0 ? ' ' : line.map((span, at) => drawn(span, at, colour))}
    </Text>
  );
}

function sameLine(before: Line, after: Line): boolean {
  return (
    before.length === after.length &&
    before.every(({ text, tone }, at) => text === after[at]?.text && tone === after[at]?.tone)
  );
}

/** Lines below each other. */
export function LinesView({ lines }: { readonly lines: readonly Line[] }): ReactNode {
  return keyed(lines).map(([key, line]) => <LineView key={key} line={line} />);
}

function drawn({ text, tone = 'plain' }: Span, at: number, colour: boolean): ReactNode {
  const words = cleanText(text).replaceAll('\n', ' ');
  if (tone === 'plain') return words;
  const { color, ...look } = LOOKS[tone];
  return (
    <Text key={`${at}`} {...look} {...(colour && color !== undefined ? { color } : {})}>
      {words}
    </Text>
  );
}

/** Lines have no names of their own: their place is what tells them apart. */
function keyed(lines: readonly Line[]): [string, Line][] {
  return lines.map((line, at) => [`line ${at}`, line]);
}

interface Look {
  readonly color?: string;
  readonly bold?: boolean;
  readonly dimColor?: boolean;
  readonly inverse?: boolean;
}

const LOOKS: Readonly<Record<Exclude<Tone, 'plain'>, Look>> = {
  name: { color: 'cyan' },
  dim: { dimColor: true },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red' },
  strong: { bold: true },
  chosen: { inverse: true },
};
