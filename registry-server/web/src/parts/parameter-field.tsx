import { useId } from 'react';

/** What a prompt asks for, as it is delivered or as it is being written. */
export interface Parameter {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly default?: unknown;
  readonly example?: unknown;
}

const NUMBERS = ['integer', 'number', 'float'];
const STRUCTURES = ['array', 'object', 'json'];

interface FieldProps {
  readonly parameter: Parameter;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onChange: (text: string) => void;
}

/** A field for a parameter, with its description and what is wrong with its value. */
export function ParameterField({ parameter, text, fault, onChange }: FieldProps) {
  const id = useId();
  const { name, type, required, description } = parameter;
  return (
    <div className="field">
      <label htmlFor={id}>
        <code>{name}</code> <span className="version">{`${type}${required ? ', required' : ''}`}</span>
      </label>
      <Control parameter={parameter} text={text} fault={fault} onChange={onChange} id={id} />
      <p id={`${id}-about`} className="hint">
        {description}
        {fault !== undefined && <span className="fault">{` ${fault}`}</span>}
      </p>
    </div>
  );
}

function Control({ parameter, text, fault, onChange, id }: FieldProps & { id: string }) {
  const { type, required, min, max, enum: choices } = parameter;
  const common = {
    id,
    value: text,
    required,
    'aria-invalid': fault !== undefined,
    'aria-describedby': `${id}-about`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  if (choices || type === 'boolean') {
    return (
      <select {...common}>
        <option value="">(none)</option>
        {(choices?.map(asText) ?? ['true', 'false']).map(choice => (
          <option key={choice}>{choice}</option>
        ))}
      </select>
    );
  }
  if (NUMBERS.includes(type)) {
    return <input type="number" step={type === 'integer' ? 1 : 'any'} min={min} max={max} {...common} />;
  }
  return <textarea rows={STRUCTURES.includes(type) || text.length > 60 ? 4 : 2} {...common} />;
}

/** What a field holds at first: the default, or else the example. */
export function startingText({ default: fallback, example }: Parameter): string {
  const value = fallback ?? example;
  return value === undefined || value === null ? '' : asText(value);
}

/**
 * The values that fields stand for. An empty field gives none.
 * @returns beside them what cannot be read, by parameter
 */
export function valuesOf(
  parameters: readonly Parameter[],
  texts: Readonly<Record<string, string>>,
): { values: Record<string, unknown>; faults: ReadonlyMap<string, string> } {
  const values: Record<string, unknown> = {};
  const faults = new Map<string, string>();
  for (const { name, type, enum: choices } of parameters) {
    const text = texts[name] ?? '';
    if (text === '') continue;
    const choice = choices?.find(one => asText(one) === text);
    if (choice !== undefined) values[name] = choice;
    else if (type === 'boolean') values[name] = text === 'true';
    else if (NUMBERS.includes(type)) values[name] = Number(text);
    else if (STRUCTURES.includes(type)) {
      try {
        values[name] = JSON.parse(text);
      } catch {
        faults.set(name, 'This is not JSON yet.');
      }
    } else values[name] = text;
  }
  return { values, faults };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 1);
}
