import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { connect, type SearchPage, type SearchQuery } from '../../registry/index.js';
import type { Context } from '../context.js';

/** The most a registry answers with at once. */
const MAX_PAGE = 250;

/**
 * Asks the default registry for packages; offline, looks through what is cached of it.
 * @throws PrompdError EUSAGE for a page that no registry has
 */
export async function search(context: Context, query: SearchQuery): Promise<SearchPage> {
  checkCount('--limit', query.limit, { min: 1, max: MAX_PAGE });
  checkCount('--offset', query.offset, { min: 0, max: 100_000 });
  if (context.config.network.use === 'never') {
    const { searchCached } = await import('./cached-packages.js');
    return searchCached(context, query);
  }
  return connect(context, DEFAULT_ALIAS).search(query);
}

function checkCount(
  flag: string,
  value: number | undefined,
  { min, max }: { min: number; max: number },
): void {
  if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return;
  throw new PrompdError('EUSAGE', `${flag} takes a whole number from ${min} to ${max}.`, {
    facts: { flag, found: String(value) },
  });
}
