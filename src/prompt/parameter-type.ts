/** The types that a parameter can have. */
export const PARAMETER_TYPES = [
  'string',
  'integer',
  'number',
  'float',
  'boolean',
  'array',
  'object',
  'json',
  'file',
  'base64',
] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** What a value must keep to. The aliases of the format (`min_value`, `minimum`, …) are resolved. */
export interface ValueRules {
  readonly type: ParameterType;
  readonly enum?: readonly unknown[];
  /** Searched in the text, as in JSON Schema: `^` and `$` anchor it. */
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: ValueRules;
  readonly properties?: Readonly<Record<string, PropertyRules>>;
}

export interface PropertyRules extends ValueRules {
  readonly required: boolean;
}

/** One entry of `parameters`. */
export interface ParameterDefinition extends ValueRules {
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  /** Absent where there is none; null cannot be a default. */
  readonly default?: unknown;
  readonly example?: unknown;
  /** The author's own sentence for a value that breaks a rule. */
  readonly errorMessage?: string;
}

/** Whether a word names a type of parameters. */
export function isParameterType(word: string): word is ParameterType {
  return PARAMETER_TYPES.some(type => type === word);
}
