import { type Json, valueAt } from './block.js';
import { MemberField } from './field.js';
import type { Field } from './fields.js';

type EntriesOf = Extract<Field, { readonly kind: 'entries' }>;

interface EntriesProps {
  readonly id: string;
  readonly field: EntriesOf;
  readonly value: Json | undefined;
  readonly remarks: readonly string[];
  /** @param path from the list: the number of the entry, then its member */
  readonly onChange: (path: readonly string[], value: Json | undefined) => void;
}

/** A list of entries. Not said, said to be empty, and filled are three things. */
export function EntriesField({ id, field: { label, one, of }, value, remarks, onChange }: EntriesProps) {
  const entries = Array.isArray(value) ? value : undefined;
  return (
    <fieldset id={id} tabIndex={-1} className="stack">
      <legend>{label}</legend>
      {remarks.map(remark => (
        <p key={remark} className="fault">
          {remark}
        </p>
      ))}
      {entries?.length === 0 && <p>None: the list is there, and empty.</p>}
      {entries?.map((entry, index) => (
        // An entry has no name of its own: its place is what tells it apart.
        <fieldset key={index} className="members">
          <legend>{`${one} ${index + 1}`}</legend>
          {of.map(member => (
            <MemberField
              key={member.path}
              id={`${id}-${index}-${member.path}`}
              field={member}
              value={valueAt(entry, [member.path])}
              remarks={[]}
              onChange={next => onChange([String(index), member.path], next)}
            />
          ))}
          <button type="button" onClick={() => onChange([String(index)], undefined)}>
            Remove<span className="hidden">{` ${one} ${index + 1}`}</span>
          </button>
        </fieldset>
      ))}
      <p className="row">
        <button type="button" onClick={() => onChange([], [...(entries ?? []), {}])}>
          {`Add ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one}`}
        </button>
        {entries === undefined && (
          <button type="button" onClick={() => onChange([], [])}>
            There is none<span className="hidden">{`: ${label}`}</span>
          </button>
        )}
        {entries?.length === 0 && (
          <button type="button" onClick={() => onChange([], undefined)}>
            Say nothing of it<span className="hidden">{`: ${label}`}</span>
          </button>
        )}
      </p>
    </fieldset>
  );
}
