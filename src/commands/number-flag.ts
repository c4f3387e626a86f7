import { PrompdError } from '../core/errors.js';

export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

/**
 * The number that a flag was given as a text: yargs makes NaN, or something unexpected, of what is none.
 * @param flag with its dashes
 * @throws PrompdError EUSAGE
 */
export function numberFlag(
  flag: string,
  given: string | undefined,
  { min, max, whole = false }: NumberRange,
): number | undefined {
  if (given === undefined) return undefined;
  const value = /^-?\d+(?:\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new PrompdError('EUSAGE', `${flag} cannot be "${given.slice(0, 40)}".`, {
    hint: `It is a ${whole ? 'whole ' : ''}number from ${min} to ${max}.`,
  });
}
