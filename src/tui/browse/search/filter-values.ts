import type { SearchHit } from '../../../registry/index.js';
import { cleanLine } from '../../parts/clean-text.js';
import type { FormState } from '../../parts/form-state.js';

/** Values that are shown for a filter. */
const SHOWN = 8;

/** A value of a filter, and how many of the packages that were looked at have it. */
export interface FilterValue {
  readonly value: string;
  readonly count: number;
}

/**
 * What the filter that is typed in could be, by what was found so far: values that begin with what is typed, most frequent
 * first. A registry need not know how to count for that.
 */
export function filterValues(form: FormState, hits: Iterable<SearchHit>): readonly FilterValue[] {
  const current = form.fields[form.at];
  const read = current && READERS[current.name];
  if (!current || !read) return [];
  const begin = current.field.value.trim().toLowerCase();
  const counts = new Map<string, number>();
  for (const hit of hits) {
    for (const value of new Set(read(hit).map(cleanLine))) {
      if (value.toLowerCase().startsWith(begin)) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  }
  counts.delete('');
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
    .slice(0, SHOWN);
}

/** The form with values to choose from, where there are some, in place of the hint. */
export function suggesting(form: FormState, values: readonly FilterValue[]): FormState {
  const [first] = values;
  const typed = form.fields[form.at]?.field.value;
  if (!first || (values.length === 1 && first.value === typed)) return form;
  const hint = `→: ${values.map(({ value, count }) => `${value} ${count}`).join(', ')}`;
  return { ...form, fields: form.fields.map((one, at) => (at === form.at ? { ...one, hint } : one)) };
}

/** What → behind the text makes of it; undefined where it only moves. */
export function suggested(form: FormState, hits: Iterable<SearchHit>): string | undefined {
  const field = form.fields[form.at]?.field;
  if (!field || field.cursor < field.value.length) return undefined;
  const [first] = filterValues(form, hits);
  return first && first.value !== field.value ? first.value : undefined;
}

const READERS: Readonly<Record<string, (hit: SearchHit) => readonly string[]>> = {
  category: ({ category }) => [category],
  author: ({ author }) => [author],
  tag: ({ keywords }) => keywords,
};
