import { type Digest, digestOf } from '../core/digest.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import type { ParameterDefinition, ValueRules } from './parameter-type.js';

/** What a caller of a prompt relies on: its parameters with their rules, and its section ids after inheritance. */
export interface Contract {
  /** By name. */
  readonly parameters: readonly ContractParameter[];
  /** Sorted. */
  readonly sections: readonly string[];
}

export interface ContractParameter extends ValueRules {
  readonly name: string;
  /** Whether a caller must give a value: a required parameter with a default has one. */
  readonly required: boolean;
}

/** The contract of a prompt. Texts, descriptions, defaults and the order of anything are no part of it. */
export function contractOf({
  parameters,
  sections,
}: Pick<LoadedPrompt, 'parameters' | 'sections'>): Contract {
  return {
    parameters: parameters
      .map(({ definition }) => parameterOf(definition))
      .sort((a, b) => order(a.name, b.name)),
    sections: sections.map(({ id }) => id).sort(order),
  };
}

/** Digest of a contract, as it goes into the lockfile. */
export function contractDigest(contract: Contract): Digest {
  return digestOf(contract);
}

function parameterOf(definition: ParameterDefinition): ContractParameter {
  const {
    description: _d,
    default: fallback,
    example: _e,
    errorMessage: _m,
    required,
    name,
    ...rules
  } = definition;
  return { name, required: required && fallback === undefined, ...rules };
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
