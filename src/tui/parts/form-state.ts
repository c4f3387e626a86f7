import type { KeyName } from './keys.js';
import { type FieldState, fieldOf, typed } from './text-field-state.js';

export interface FormField {
  readonly name: string;
  /** Shown while nothing is typed. */
  readonly placeholder: string;
  /** What belongs there, in a few words. */
  readonly hint: string;
  readonly field: FieldState;
}

/** Fields below each other, one of which is typed in. */
export interface FormState {
  readonly fields: readonly FormField[];
  readonly at: number;
}

/** @param fields each with the value that it begins with */
export function openForm(
  fields: readonly (Omit<FormField, 'field'> & { readonly value: string })[],
): FormState {
  return { at: 0, fields: fields.map(({ value, ...rest }) => ({ ...rest, field: fieldOf(value) })) };
}

/** The form after a key; undefined when the key is none of a form's. */
export function formAfter(form: FormState, key: KeyName): FormState | undefined {
  const { fields, at } = form;
  if (fields.length === 0) return undefined;
  const last = fields.length - 1;
  if (key === 'down' || key === 'tab') return { ...form, at: at === last ? 0 : at + 1 };
  if (key === 'up' || key === 'shift+tab') return { ...form, at: at === 0 ? last : at - 1 };
  const current = fields[at];
  const field = current && typed(current.field, key);
  if (!current || !field) return undefined;
  return { ...form, fields: fields.map((one, index) => (index === at ? { ...current, field } : one)) };
}

/** The form with another text in the field that is typed in, and the cursor behind it. */
export function formFilled(form: FormState, value: string): FormState {
  const fields = form.fields.map((one, at) => (at === form.at ? { ...one, field: fieldOf(value) } : one));
  return { ...form, fields };
}

/** What was typed, by field. */
export function formValues({ fields }: FormState): Record<string, string> {
  return Object.fromEntries(fields.map(({ name, field }) => [name, field.value]));
}
