import { hasType, matches, rulesFromSample, rulesOf } from './json-schema.js';
import type { DraftParameter, DraftRules } from './model.js';
import type { NoteTaker } from './note.js';

/** A value that a file says a prompt takes, by the name it has there. */
export interface InputSpec {
  readonly name: string;
  /** A JSON Schema of it, or a map of prompty that reads like one. */
  readonly schema?: unknown;
  readonly description?: string | undefined;
  readonly default?: unknown;
  readonly example?: unknown;
  /** Whether a value must be given; undefined: when it has no default. */
  readonly required?: boolean | undefined;
  readonly line?: number | undefined;
}

/**
 * The parameter of an input. Without a schema, the default or the example says its type.
 * @param name a valid name
 * @param fallback the rules when nothing is known of it
 */
export function toParameter(
  input: InputSpec,
  { name, fallback, note }: { name: string; fallback: DraftRules; note: NoteTaker },
): DraftParameter {
  const place = input.line === undefined ? {} : { line: input.line };
  const sample = input.default ?? input.example;
  const rules =
    input.schema !== undefined
      ? rulesOf(input.schema, (what, why) => note(`${what} of "${input.name}"`, why, place))
      : sample !== undefined && sample !== null
        ? rulesFromSample(sample)
        : fallback;
  const known = input.default !== undefined && input.default !== null;
  const fits = known && fitsRules(input.default, rules);
  if (known && !fits) {
    note(
      `default of "${input.name}"`,
      `It is no value that the rules of the parameter allow; it is left out.`,
      place,
    );
  }
  const required = !fits && (input.required ?? true);
  const filler = fits || required ? undefined : emptyOf(rules);
  const fallbackValue = fits ? input.default : filler;
  return {
    name,
    ...rules,
    required,
    ...(input.description ? { description: input.description } : {}),
    ...(fallbackValue === undefined ? {} : { default: fallbackValue }),
    ...(input.example === undefined || input.example === null ? {} : { example: input.example }),
  };
}

/** What an optional value is when it is not given: where it comes from, nothing is printed and loops do not run. */
function emptyOf(rules: DraftRules): unknown {
  if (rules.type === 'boolean' && (rules.enum?.includes(false) ?? true)) return false;
  if (rules.type === 'array' && fitsRules([], rules)) return [];
  return rules.type === 'string' && fitsRules('', rules) ? '' : undefined;
}

/** The rules that can be told from outside of a parameter's whole definition: enough for defaults. */
function fitsRules(value: unknown, rules: DraftRules): boolean {
  if (!hasType(value, rules.type)) return false;
  if (rules.enum && !rules.enum.some(choice => JSON.stringify(choice) === JSON.stringify(value)))
    return false;
  if (typeof value === 'number') return value >= (rules.min ?? value) && value <= (rules.max ?? value);
  if (typeof value === 'string') {
    const { length } = [...value];
    if (rules.pattern !== undefined && !matches(value, rules.pattern)) return false;
    return length >= (rules.minLength ?? 0) && length <= (rules.maxLength ?? length);
  }
  if (Array.isArray(value)) {
    const { items } = rules;
    const counted = value.length >= (rules.minItems ?? 0) && value.length <= (rules.maxItems ?? value.length);
    return counted && (!items || value.every(item => fitsRules(item, items)));
  }
  return true;
}

/** Says which names had to change. */
export function noteRenames(names: ReadonlyMap<string, string>, note: NoteTaker): void {
  for (const [before, after] of names) {
    if (before !== after) {
      note(`parameter "${before}"`, `It is called "${after}": names have lowercase letters, digits and "_".`);
    }
  }
}
