import { hasErrors } from '../core/problem.js';
import type { PublishResult } from '../ops/registry/publish.js';
import { changeLines } from './contract.js';
import { printable } from './error.js';
import { summaryLines } from './pack.js';
import { problemCounts, problemLines } from './problems.js';
import type { Style } from './style.js';

/** Findings, then what was sent where; with errors, that nothing was. */
export function publishText(result: PublishResult, style: Style): string {
  const { problems } = result;
  if (hasErrors(problems)) {
    return [...problemLines(problems, style), '', `${problemCounts(problems)}: nothing was published`].join(
      '\n',
    );
  }
  return [
    ...problemLines(problems, style),
    ...summaryLines(result, style),
    '',
    ...comparisonLines(result, style),
    outcome(result, style),
  ].join('\n');
}

/** What changed since the release before, or why nobody can tell. */
function comparisonLines({ comparison }: PublishResult, style: Style): string[] {
  if (!comparison) return [];
  const { base, changes, needed, skipped } = comparison;
  if (skipped !== undefined) return [`nothing to compare with: ${printable(skipped)}`, ''];
  if (changes.length === 0) return [`no change of a contract since ${base}`, ''];
  const short = needed?.enough === false ? `; ${needed.version} was asked for and overridden` : '';
  return [`since ${base}${short}:`, ...changeLines(changes, style), ''];
}

function outcome(result: PublishResult, style: Style): string {
  const { name, version, tag, access, registry, receipt, authorKeyid } = result;
  const what = `${style.name(name)}@${style.strong(version)}`;
  const signed = authorKeyid === undefined ? '' : `, signed by ${authorKeyid}`;
  const how = `as ${printable(tag)}${access === undefined ? '' : `, ${access}`}${signed}`;
  if (receipt === undefined) return `would publish ${what} to ${registry} ${how}`;
  const note =
    receipt.alreadyThere === true ? '\nThe first answer was lost; the registry has exactly these bytes.' : '';
  if (receipt.status === 'pending') return `${what} waits for approval at ${registry}${note}`;
  return `published ${what} to ${registry} ${how}${note}`;
}
