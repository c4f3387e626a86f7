import { PrompdError } from '../../../core/errors.js';
import { cleanLine } from '../../parts/clean-text.js';
import { type Line, textLine } from '../../parts/line.js';
import { ScrollView } from '../../parts/scroll-view.js';
import type { Loaded } from '../../parts/use-loaded.js';
import { wrapped } from '../../parts/wrap.js';

export interface LoadedLinesProps<T> {
  readonly loaded: Loaded<T>;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly active: boolean;
  readonly lines: (value: T) => readonly Line[];
}

/** A section that is lines to read: once they are there, or why they are not. */
export function LoadedLines<T>({ loaded, size, active, lines }: LoadedLinesProps<T>) {
  const shown =
    loaded.state === 'ready'
      ? lines(loaded.value)
      : loaded.state === 'failed'
        ? failedLines(loaded.error, size.columns)
        : [loadingLine('')];
  return <ScrollView lines={shown} rows={size.rows} active={active} />;
}

export function loadingLine(what: string): Line {
  return textLine(`Loading ${what}${what === '' ? '' : ' '}...`, 'dim');
}

/** Why there is nothing to see. */
export function failedLine(error: unknown): Line {
  return textLine(cleanLine(errorWords(error)), 'bad');
}

function failedLines(error: unknown, width: number): Line[] {
  const hint = error instanceof PrompdError ? [{ text: `hint: ${cleanLine(error.hint)}` }] : [];
  return [
    ...wrapped([{ text: cleanLine(errorWords(error)), tone: 'bad' }], { width }),
    ...(hint.length > 0 ? [[], ...wrapped(hint, { width })] : []),
  ];
}

function errorWords(error: unknown): string {
  if (error instanceof PrompdError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
