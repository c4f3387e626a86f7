import type { Setting, SettingChange } from '../ops/settings/config.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One setting a line, with the layer and the place it comes from. */
export function settingsText(settings: readonly Setting[], style: Style): string {
  if (settings.length === 0) return 'Nothing is set.\n';
  const lines = settings.map(({ key, value, origin, source }) => {
    const from = source === undefined ? origin : `${origin}: ${printable(source)}`;
    return `${style.name(printable(key))} = ${valueText(value)} ${style.dim(`(${from})`)}`;
  });
  return `${lines.join('\n')}\n`;
}

/** A value as it can be typed again: text as it is, all else as JSON. */
export function valueText(value: unknown): string {
  return printable(typeof value === 'string' ? value : JSON.stringify(value));
}

/** What was written, and where. */
export function changeText(
  { key, file, changed }: SettingChange,
  { style, done }: { style: Style; done: string },
): string {
  return changed
    ? `${done} ${style.name(printable(key))} in ${printable(file)}.\n`
    : `${printable(file)} is as it should be: nothing was changed.\n`;
}
