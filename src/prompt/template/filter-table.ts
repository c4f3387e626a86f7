import type { Filter } from './filter.js';
import { LIST_FILTERS } from './list-filters.js';
import { TEXT_FILTERS } from './text-filters.js';

const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>(
  Object.entries({ ...TEXT_FILTERS, ...LIST_FILTERS }),
);

/** Filters that apply a filter or a test to every item; the evaluator has them. */
export const ITEM_FILTERS = ['map', 'select', 'reject', 'selectattr', 'rejectattr'] as const;
export type ItemFilter = (typeof ITEM_FILTERS)[number];

export const FILTER_NAMES: ReadonlySet<string> = new Set([...FILTERS.keys(), ...ITEM_FILTERS]);

export function isItemFilter(name: string): name is ItemFilter {
  return ITEM_FILTERS.some(filter => filter === name);
}

/** The filter of that name, if there is one. */
export function filterNamed(name: string): Filter | undefined {
  return FILTERS.get(name);
}
