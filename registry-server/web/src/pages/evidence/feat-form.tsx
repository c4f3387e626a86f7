import { type Block, type Json, valueAt, withValue } from './block.js';
import { EntriesField } from './entries-field.js';
import { MemberField } from './field.js';
import { type Field, SECTIONS } from './fields.js';
import { fieldId, type Standing } from './standing.js';

interface FormProps {
  readonly block: Block;
  readonly standing: Standing;
  readonly canEdit: boolean;
  readonly onChange: (change: (before: Block) => Block) => void;
}

/** The feat block, all of it, as fields. */
export function FeatForm({ block, standing, canEdit, onChange }: FormProps) {
  return (
    <form onSubmit={event => event.preventDefault()} aria-label="What supports evidence for FEAT">
      {SECTIONS.map(({ title, fields }) => (
        <section key={title}>
          <h3>{title}</h3>
          <fieldset className="bare members" disabled={!canEdit} aria-label={title}>
            {fields.map(field => (
              <Member key={field.path} {...{ field, block, standing, onChange }} />
            ))}
          </fieldset>
        </section>
      ))}
    </form>
  );
}

function Member({
  field,
  block,
  standing,
  onChange,
}: Omit<FormProps, 'canEdit'> & { readonly field: Field }) {
  const path = field.path.split('.');
  const common = {
    id: fieldId(field.path),
    value: valueAt(block, path),
    remarks: standing.remarks.get(field.path) ?? [],
  };
  const set = (inner: readonly string[], value: Json | undefined) =>
    onChange(before => withValue(before, [...path, ...inner], value));
  return field.kind === 'entries' ? (
    <EntriesField {...common} field={field} onChange={set} />
  ) : (
    <MemberField {...common} field={field} onChange={value => set([], value)} />
  );
}
