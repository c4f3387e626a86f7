import type { OpenPoint, Tiering } from '../feat/index.js';
import type { FeatCheck } from '../ops/feat/feat-check.js';
import type { FeatInit } from '../ops/feat/feat-init.js';
import { printable } from './error.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** What is missing, one a line by its path, then one line that sums it up. */
export function featCheckText(check: FeatCheck, style: Style): string {
  const { name, version, complete, tier, tiering, open, reviewBy, latestReview } = check;
  const title = style.strong(`${name}@${version}`);
  const review = reviewBy === undefined ? `to be reviewed by ${latestReview}` : `reviewed by ${reviewBy}`;
  return [
    ...openLines(open, style),
    ...(open.length > 0 ? [''] : []),
    `${title} is of tier ${tier}${tier > tiering.tier ? ` (computed: ${tiering.tier})` : ''}, ${review}`,
    ...tieringLines(tiering, style),
    complete
      ? `${style.good('complete')}: nothing that tier ${tier} asks for is missing`
      : `${style.bad('open')}: ${count(open.length, 'point')}`,
  ].join('\n');
}

/** What was written, and what is still open. */
export function featInitText({ name, file, tiering, open }: FeatInit, style: Style): string {
  return [
    `${style.good('wrote')} the feat block of ${style.strong(name)} to ${printable(file)}`,
    `tier ${tiering.tier}, ${count(open.length, 'open point')}`,
    ...tieringLines(tiering, style),
    '',
    `${style.good('hint')}: Fill in what is open, then run "prompd feat check".`,
  ].join('\n');
}

function openLines(open: readonly OpenPoint[], style: Style): string[] {
  return open.map(({ path, principles, message }) => {
    const which = principles.length === 14 ? 'all principles' : `principle ${principles.join(', ')}`;
    return `${style.name(path)} ${style.dim(`(${which})`)} ${printable(message)}`;
  });
}

function tieringLines({ floors }: Tiering, style: Style): string[] {
  return floors.map(floor => `  ${style.dim(printable(floor))}`);
}
