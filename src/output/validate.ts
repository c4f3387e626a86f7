import type { Validation } from '../ops/prompts/validate.js';
import { count, problemCounts, problemLines } from './problems.js';
import type { Style } from './style.js';

/** The findings, then one line that sums them up. */
export function validationText({ valid, problems, files }: Validation, style: Style): string {
  const checked = `${count(files.length, 'file')} checked`;
  const summary = valid
    ? `${style.good('valid')}: ${checked}${problems.length > 0 ? `, ${problemCounts(problems)}` : ''}`
    : `${style.bad('not valid')}: ${checked}, ${problemCounts(problems)}`;
  return [...problemLines(problems, style), summary].join('\n');
}
