import type { AdvisoryList, AdvisoryResult } from '../ops/registry/advisory.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One advisory with all that it says. */
export function advisoryText({ advisory }: AdvisoryResult, style: Style): string {
  const { id, severity, title, text, vulnerable, patched, url, published, publishedBy, withdrawn } = advisory;
  const rows = [
    ['package', advisory.package],
    ['vulnerable', vulnerable],
    ['patched', patched ?? 'not stated'],
    ['published', `${published.slice(0, 10)} by ${publishedBy}`],
    ...(withdrawn === undefined ? [] : [['withdrawn', withdrawn.slice(0, 10)]]),
    ...(url === undefined ? [] : [['url', url]]),
  ].map(row => row.map(oneLine));
  const lines = columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell));
  return [
    `${style.strong(printable(id))} ${style.bad(severity)} ${oneLine(title)}`,
    '',
    ...lines,
    ...(text === '' ? [] : ['', printable(text)]),
  ].join('\n');
}

/** One advisory a line, newest first. */
export function advisoriesText({ advisories, name }: AdvisoryList, style: Style): string {
  if (advisories.length === 0) return `no advisories${name === undefined ? '' : ` about ${name}`}`;
  const rows = advisories.map(({ id, severity, package: about, vulnerable, title, withdrawn }) => [
    oneLine(id),
    withdrawn === undefined ? severity : 'withdrawn',
    oneLine(`${about} ${vulnerable}`),
    oneLine(title),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
