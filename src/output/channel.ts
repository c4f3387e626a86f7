import type { FeedbackReport, ShownChannel } from '../ops/registry/channel.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** How a channel is split, then every change of that. */
export function channelText({ name, tag, split, history }: ShownChannel, style: Style): string {
  const what = `${style.strong(printable(tag))} of ${style.name(name)}`;
  const now = split
    ? `${what} gives ${split.weight}% of its readers ${printable(split.version)}`
    : `${what} is not split`;
  const moves = history.map(({ from, to, actor, reason, movedAt }) =>
    printable(
      `${movedAt}  ${shareText(from)} -> ${shareText(to)}  by ${actor}${reason === null ? '' : `: ${reason}`}`,
    ),
  );
  return moves.length === 0 ? now : [now, '', ...moves].join('\n');
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
