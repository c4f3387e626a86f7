import type { DraftRules } from '../model.js';
import type { HandlebarsExpression } from './nodes.js';

/** An expression for a value, and what is known of it. */
export interface Place {
  readonly code: string;
  readonly rules: DraftRules | undefined;
  /** Whether the value is always there. */
  readonly sure: boolean;
}

/** The name that a call has if it is a helper's. */
export function helperName(target: HandlebarsExpression): string {
  return target.kind === 'path' && !target.data ? target.parts.join('.') : '';
}

/** A member of a value. */
export function member(place: Place, part: string): Place {
  const property = place.rules?.properties?.[part];
  const rules = property ?? (/^\d+$/.test(part) ? place.rules?.items : undefined);
  const step = /^[A-Za-z_]\w*$/.test(part)
    ? `.${part}`
    : /^\d+$/.test(part)
      ? `[${part}]`
      : `[${JSON.stringify(part)}]`;
  return { code: place.code + step, rules, sure: place.sure && property?.required === true };
}

/** A parameter without a value is false by itself; a member that is not there must be asked for with care. */
export function guarded({ code, sure }: Place): string {
  return sure || /^\w+$/.test(code) ? code : `${code}|default(false)`;
}

/** A literal of the template language. */
export function literalCode(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  if (typeof value !== 'string') return String(value);
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}"`;
}
