import type { BrowseQuery } from '../../../ops/browse/session.js';
import { type FormState, formAfter, formFilled, formValues, openForm } from '../../parts/form-state.js';
import type { KeyName } from '../../parts/keys.js';
import { type ListMove, type ListSize, type ListState, moved, settled, TOP } from '../../parts/list-state.js';
import { type FieldState, fieldOf, typed } from '../../parts/text-field-state.js';

export type Filters = Pick<BrowseQuery, 'category' | 'author' | 'tag' | 'model'>;
export const FILTERS = ['category', 'author', 'tag', 'model'] as const satisfies readonly (keyof Filters)[];
export const SORTS = ['relevance', 'downloads', 'recency'] as const;

/** What the search shows, besides what was found. */
export interface SearchState {
  readonly focus: 'field' | 'list' | 'filters' | 'package';
  readonly field: FieldState;
  readonly filters: Filters;
  readonly sort: BrowseQuery['sort'];
  readonly form: FormState;
  readonly list: ListState;
  /** The package that is looked at. */
  readonly opened: string | undefined;
}

export type SearchAction =
  | { readonly type: 'type'; readonly key: KeyName }
  | { readonly type: 'focus'; readonly focus: 'field' | 'list' | 'filters' }
  | { readonly type: 'form'; readonly key: KeyName }
  | { readonly type: 'fill'; readonly value: string }
  | { readonly type: 'apply' }
  | { readonly type: 'clear' }
  | { readonly type: 'sort' }
  | { readonly type: 'move'; readonly move: ListMove; readonly size: ListSize }
  | { readonly type: 'size'; readonly size: ListSize }
  | { readonly type: 'open'; readonly name: string }
  | { readonly type: 'close' };

/** @param text what is searched for at first; with one the list has the keys, else the field has them */
export function openSearch(text: string): SearchState {
  return {
    focus: text === '' ? 'field' : 'list',
    field: fieldOf(text),
    filters: {},
    sort: 'relevance',
    form: filterForm({}),
    list: TOP,
    opened: undefined,
  };
}

/** What is asked for in a state. */
export function queryOf({ field, filters, sort }: SearchState): BrowseQuery {
  return { text: field.value.trim(), ...filters, sort };
}

/** The search after something happened. */
export function searchReducer(state: SearchState, action: SearchAction): SearchState {
  switch (action.type) {
    case 'type': {
      const field = typed(state.field, action.key);
      if (!field) return state;
      const list = field.value === state.field.value ? state.list : TOP;
      return { ...state, field, list };
    }
    case 'focus':
      return { ...state, focus: action.focus, form: filterForm(state.filters) };
    case 'form':
      return { ...state, form: formAfter(state.form, action.key) ?? state.form };
    case 'fill':
      return { ...state, form: formFilled(state.form, action.value) };
    case 'apply':
      return { ...state, filters: filtersOf(state.form), focus: 'list', list: TOP };
    case 'clear':
      return { ...state, filters: {}, field: fieldOf(''), form: filterForm({}), list: TOP };
    case 'sort':
      return { ...state, sort: next(state.sort), list: TOP };
    case 'move':
      return { ...state, list: moved(state.list, action.move, action.size) };
    case 'size': {
      const list = settled(state.list, action.size);
      return list.cursor === state.list.cursor && list.top === state.list.top ? state : { ...state, list };
    }
    case 'open':
      return { ...state, opened: action.name, focus: 'package' };
    case 'close':
      return { ...state, opened: undefined, focus: 'list' };
  }
}

const HINTS: Readonly<Record<keyof Filters, string>> = {
  category: 'One category, as the registry lists it',
  author: 'The name of an author',
  tag: 'A keyword of the packages',
  model: 'A model that prompts were found to work with, as gpt-5 or openai/gpt-5',
};

function filterForm(filters: Filters): FormState {
  return openForm(
    FILTERS.map(name => ({ name, value: filters[name] ?? '', placeholder: 'any', hint: HINTS[name] })),
  );
}

function filtersOf(form: FormState): Filters {
  const values = formValues(form);
  return Object.fromEntries(
    FILTERS.flatMap(name => {
      const value = values[name]?.trim() ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
}

function next(sort: BrowseQuery['sort']): BrowseQuery['sort'] {
  return SORTS[(SORTS.indexOf(sort) + 1) % SORTS.length] ?? 'relevance';
}
