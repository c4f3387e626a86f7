import type { SearchPage } from './registry.js';

/** What is to be said of the count of a search, in words behind it: why there may be more; undefined for nothing. */
export function searchNote({ atLeast, among }: SearchPage): string | undefined {
  if (among !== undefined) return `chosen here from ${atLeast ? 'the first ' : ''}${among} that were found`;
  return atLeast ? 'or more' : undefined;
}
