import type { RunList, RunResult } from '../ops/models/compatibility-runs.js';
import type { CompatibilityRun } from '../registry/index.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** How far a run is, and what it found. */
export function runText({ run }: RunResult, style: Style): string {
  const { id, outcome, error } = run;
  const head = `${style.strong(line(id))} ${line(`${run.package}@${run.version}`)} ${stateText(run)}`;
  const failed = error === null ? [] : [style.bad(line(`${error.code}: ${error.message}`))];
  const rows = (outcome ?? []).map(({ prompt, provider, asked, status, score, reason }) => [
    line(prompt),
    line(`${provider}/${asked}`),
    status,
    score === null ? '' : String(score),
    line(reason ?? ''),
  ]);
  return [head, ...failed, ...columns(rows)].join('\n');
}

/** One run a line, by its id first for scripts that read it. */
export function runsText({ runs, package: name }: RunList, style: Style): string {
  if (runs.length === 0) return style.dim(`The registry has run no tests of ${line(name)}.`);
  const rows = runs.map(run => [
    line(run.id),
    line(run.version),
    stateText(run),
    line(run.models.map(({ provider, model }) => `${provider}/${model}`).join(', ')),
    line(`by ${run.requestedBy} on ${run.requestedAt.slice(0, 10)}`),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

function stateText({ state, done, total }: CompatibilityRun): string {
  return line(total === null ? state : `${state}, ${done} of ${total} requests`);
}

function line(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
