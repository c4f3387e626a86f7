import type { FeedbackReport, PointedChannel, ShownChannel } from '../ops/registry/channel.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** Where a channel points where that is known, how it is split, then every change of that. */
export function channelText(
  { name, tag, version, split, history }: ShownChannel & Partial<Pick<PointedChannel, 'version'>>,
  style: Style,
): string {
  const what = `${style.strong(printable(tag))} of ${style.name(name)}`;
  const now = split
    ? `${what} gives ${split.weight}% of its readers ${printable(split.version)}`
    : `${what} is not split`;
  const moves = history.map(({ from, to, actor, reason, movedAt }) =>
    printable(
      `${movedAt}  ${shareText(from)} -> ${shareText(to)}  by ${actor}${reason === null ? '' : `: ${reason}`}`,
    ),
  );
  const points =
    version === undefined
      ? []
      : [`${what} points at ${version === null ? 'nothing' : style.strong(printable(version))}`];
  return [...points, now, ...(moves.length === 0 ? [] : ['', ...moves])].join('\n');
}

/** The reports, one line a version, prompt and outcome. */
export function feedbackText({ name, days, feedback }: FeedbackReport, style: Style): string {
  if (feedback.length === 0) return `Nothing was reported of ${style.name(name)} in ${days} days.`;
  return feedback
    .map(({ version, prompt, outcome, count, meanScore }) => {
      const score = meanScore === null ? '' : `, score ${meanScore.toFixed(3)}`;
      return `${style.strong(printable(version))}  ${printable(prompt)}  ${printable(outcome)}: ${count}${score}`;
    })
    .join('\n');
}

function shareText(split: ShownChannel['split']): string {
  return split ? `${split.version} ${split.weight}%` : 'not split';
}
