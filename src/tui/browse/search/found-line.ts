import { PrompdError } from '../../../core/errors.js';
import { cleanLine, shortened } from '../../parts/clean-text.js';
import type { Line } from '../../parts/line.js';
import type { ResultView } from './result-store.js';
import { FILTERS, type SearchState } from './search-state.js';

export interface Found {
  readonly state: Pick<SearchState, 'filters' | 'sort'>;
  readonly view: ResultView | undefined;
  readonly searching: boolean;
  readonly error: unknown;
  readonly width: number;
}

/** How much was found, by which filters and in which order; or why nothing was. */
export function foundLine({ state: { filters, sort }, view, searching, error, width }: Found): Line {
  const set = FILTERS.flatMap(name => (filters[name] === undefined ? [] : [`${name} "${filters[name]}"`]));
  const rest = [...set, `by ${sort}`].join(', ');
  if (error !== undefined) {
    const words = error instanceof PrompdError ? `${error.code}: ${error.message}` : 'The search failed.';
    return [{ text: shortened(cleanLine(words), width), tone: 'bad' }];
  }
  const note = view?.note === undefined ? '' : ` (${view.note})`;
  const count = view === undefined ? '' : `${countOf(view.total)}${note}, `;
  const text = shortened(cleanLine(`${count}${rest}${searching ? ', searching ...' : ''}`), width);
  return [{ text, tone: 'dim' }];
}

function countOf(total: number): string {
  if (total === 0) return 'no package fits';
  return `${total} ${total === 1 ? 'package' : 'packages'}`;
}
