import type { Diagnosis } from '../ops/doctor/doctor.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One check a line, what to do below it, and a sum at the end. */
export function diagnosisText({ checks }: Diagnosis, style: Style): string {
  const colours = { ok: style.good, warn: style.warn, fail: style.bad };
  const width = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.flatMap(({ title, status, detail, fix }) => [
    `${colours[status](status.padEnd(4))}  ${title.padEnd(width)}  ${printable(detail)}`,
    ...(fix === undefined ? [] : [`      ${' '.repeat(width)}  ${style.dim('->')} ${printable(fix)}`]),
  ]);
  const count = (wanted: string) => checks.filter(({ status }) => status === wanted).length;
  const sum = `${checks.length} checks: ${count('fail')} failed, ${count('warn')} with a warning.`;
  return `${[...lines, sum].join('\n')}\n`;
}
