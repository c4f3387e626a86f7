import type { SearchHit, SearchPage } from '../registry/index.js';
import { searchNote } from '../registry/search-note.js';
import { printable } from './error.js';
import { count } from './problems.js';
import type { Style } from './style.js';

/** Packages that were found, two lines each: what it is called, and what it is for. */
export function searchText(page: SearchPage, style: Style): string {
  const { total, hits } = page;
  const note = searchNote(page);
  const more = note === undefined ? '' : ` (${note})`;
  if (hits.length === 0)
    return total === 0 ? `No package fits${more}.` : `No more packages; there are ${total}${more}.`;
  const lines = hits.flatMap(hit => hitLines(hit, style));
  const shown =
    total > hits.length ? `${hits.length} of ${count(total, 'package')}` : count(total, 'package');
  return [...lines, '', style.dim(`${shown}${more}`)].join('\n');
}

function hitLines(hit: SearchHit, style: Style): string[] {
  const facts = [hit.category, hit.author, `${count(hit.downloads, 'download')}`, hit.updated.slice(0, 10)];
  const first = `${style.name(hit.name)} ${style.strong(hit.version)}  ${style.dim(
    facts
      .filter(fact => fact !== '')
      .map(oneLine)
      .join(' · '),
  )}`;
  return hit.description === '' ? [first] : [first, `  ${oneLine(hit.description)}`];
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
