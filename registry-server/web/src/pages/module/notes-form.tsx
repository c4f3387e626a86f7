import { useState } from 'react';
import type { InputOf } from '../../api/call.js';
import { submits } from '../../parts/form.js';
import { useUnsaved } from '../../parts/unsaved.js';

export type Notes = Omit<InputOf<'changeModule'>['body'], 'archived'>;

const FIELDS = [
  ['description', 'Description', 2000, 2],
  ['author', 'Author', 200, 1],
  ['intent', 'Intent', 4000, 3],
  ['complianceNotes', 'Compliance notes', 20_000, 5],
] as const;

/** What is said of a module or a prompt, beside what is published. It begins anew with another `key` when it is saved. */
export function NotesForm({
  notes,
  canEdit,
  isPending,
  save,
}: {
  notes: Notes;
  canEdit: boolean;
  isPending: boolean;
  save: (notes: Notes) => void;
}) {
  const [isChanged, setChanged] = useState(false);
  useUnsaved(isChanged);
  return (
    <form
      onInput={() => setChanged(true)}
      onSubmit={submits(({ description = '', author = '', intent = '', complianceNotes = '', tags = '' }) =>
        save({
          description,
          author,
          intent,
          complianceNotes,
          tags: tags
            .split(',')
            .map(tag => tag.trim())
            .filter(tag => tag !== ''),
        }),
      )}
    >
      <fieldset className="bare stack" disabled={!canEdit} aria-label="Notes">
        {FIELDS.map(([name, label, maxLength, rows]) => (
          <label key={name}>
            {label}
            <textarea name={name} defaultValue={notes[name]} maxLength={maxLength} rows={rows} />
          </label>
        ))}
        <label>
          Tags, with commas between them
          <input name="tags" defaultValue={notes.tags?.join(', ')} maxLength={3000} />
        </label>
        {canEdit && (
          <p>
            <button type="submit" disabled={isPending}>
              Save the notes
            </button>
          </p>
        )}
      </fieldset>
    </form>
  );
}
