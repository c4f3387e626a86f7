import { useState } from 'react';
import type { Json } from './block.js';
import type { Field } from './fields.js';

interface FieldProps {
  readonly id: string;
  readonly field: Field;
  readonly value: Json | undefined;
  /** What is missing or wrong. */
  readonly remarks: readonly string[];
  readonly onChange: (value: Json | undefined) => void;
}

/** A member of the block that is no list of entries. */
export function MemberField({ id, field, value, remarks, onChange }: FieldProps) {
  const { label, hint } = field;
  const about = `${id}-about`;
  const described = remarks.length > 0 || hint !== undefined ? { 'aria-describedby': about } : {};
  return (
    <div className="field">
      {field.kind !== 'several' && <label htmlFor={id}>{label}</label>}
      <Control {...{ id, field, value, onChange, described }} />
      {(hint !== undefined || remarks.length > 0) && (
        <div id={about} className="hint">
          {hint}
          {remarks.map(remark => (
            <p key={remark} className="fault">
              {remark}
            </p>
          ))}
        </div>
      )}
    </div>
  );
}

type ControlProps = Omit<FieldProps, 'remarks'> & { described: { 'aria-describedby'?: string } };

function Control({ id, field, value, onChange, described }: ControlProps) {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const typed = (next: string) => onChange(next === '' ? undefined : next);
  switch (field.kind) {
    case 'text':
      return (
        <textarea
          {...{ id, ...described }}
          rows={text.length > 120 ? 5 : 2}
          value={text}
          maxLength={5000}
          onChange={event => typed(event.target.value)}
        />
      );
    case 'choice':
    case 'boolean':
      return (
        <select
          {...{ id, ...described }}
          value={typeof value === 'boolean' ? (value ? 'yes' : 'no') : text}
          onChange={({ target: { value: next } }) =>
            field.kind === 'boolean' && next !== '' ? onChange(next === 'yes') : typed(next)
          }
        >
          <option value="">not said</option>
          {('options' in field ? field.options : ['yes', 'no']).map(option => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    case 'number':
    case 'integer':
      return (
        <input
          {...{ id, ...described }}
          type="number"
          step={field.kind === 'integer' ? 1 : 'any'}
          value={text}
          onChange={({ target: { value: next } }) => onChange(next === '' ? undefined : Number(next))}
        />
      );
    case 'moment':
      return (
        <input
          {...{ id, ...described }}
          type="datetime-local"
          value={Number.isNaN(Date.parse(text)) ? '' : new Date(text).toISOString().slice(0, 16)}
          onChange={({ target: { value: next } }) => typed(next && `${next}:00Z`)}
        />
      );
    case 'several':
      return <Several {...{ id, field, value, onChange, described }} options={field.options} />;
    case 'lines':
      return (
        <Typed
          {...{ id, described }}
          text={Array.isArray(value) ? value.map(String).join('\n') : ''}
          hint="One a line"
          onChange={next => {
            const lines = next
              .split('\n')
              .map(line => line.trim())
              .filter(line => line !== '');
            onChange(lines.length > 0 ? lines : undefined);
          }}
        />
      );
    case 'numbers':
      return (
        <Typed
          {...{ id, described }}
          text={pairsOf(value)
            .map(([name, number]) => `${name} = ${String(number)}`)
            .join('\n')}
          hint="One a line: name = number"
          onChange={next => onChange(numbersOf(next))}
        />
      );
    default:
      return (
        <input
          {...{ id, ...described }}
          type={field.kind === 'date' ? 'date' : 'text'}
          value={text}
          onChange={event => typed(event.target.value)}
        />
      );
  }
}

/** Text that means something else than it says: it stays as it is typed. */
function Typed({
  id,
  described,
  text,
  hint,
  onChange,
}: {
  id: string;
  described: { 'aria-describedby'?: string };
  text: string;
  hint: string;
  onChange: (text: string) => void;
}) {
  const [typed, setTyped] = useState(text);
  return (
    <textarea
      {...{ id, ...described }}
      rows={3}
      placeholder={hint}
      value={typed}
      onChange={({ target: { value } }) => {
        setTyped(value);
        onChange(value);
      }}
    />
  );
}

function Several({
  id,
  field: { label },
  value,
  options,
  onChange,
  described,
}: ControlProps & { options: readonly string[] }) {
  const chosen = Array.isArray(value) ? value : [];
  return (
    <fieldset id={id} tabIndex={-1} {...described}>
      <legend>{label}</legend>
      {options.map(option => (
        <label key={option} className="choice">
          <input
            type="checkbox"
            checked={chosen.includes(option)}
            onChange={({ target: { checked } }) => {
              const left = options.filter(one => (one === option ? checked : chosen.includes(one)));
              onChange(left.length > 0 ? left : undefined);
            }}
          />
          {option}
        </label>
      ))}
    </fieldset>
  );
}

function pairsOf(value: Json | undefined): [string, Json][] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** What is no number stays a text, which the check then names. */
function numbersOf(text: string): Json | undefined {
  const pairs = text.split('\n').flatMap((line): [string, Json][] => {
    if (line.trim() === '') return [];
    const at = line.lastIndexOf('=');
    const [name, number] = at < 0 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return [[name, number === '' || Number.isNaN(Number(number)) ? number : Number(number)]];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}
