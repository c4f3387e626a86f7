import { PARAMETER_TYPES } from 'prompd/prompt';
import { submits, wordsOf } from '../../parts/form.js';
import { addParameter, type Fields, type FieldValue, readFields, writeField } from './front-matter.js';

const TEXTS = [
  ['name', 'Name'],
  ['version', 'Version'],
  ['description', 'Description'],
  ['author', 'Author'],
] as const;

interface FormProps {
  readonly source: string;
  readonly onChange: (source: string) => void;
}

/** What a prompt says of itself and asks for, as fields; each change goes into the source. */
export function FrontMatterForm({ source, onChange }: FormProps) {
  const fields = readFields(source);
  if (!fields) return <p className="hint">The front matter can only be mended in the source now.</p>;
  const set = (path: readonly (string | number)[], value: FieldValue) =>
    onChange(writeField(source, path, value));
  return (
    <>
      <div className="row">
        {TEXTS.map(([name, label]) => (
          <label key={name}>
            {label}
            <input
              value={fields[name]}
              onChange={event => set([name], event.target.value === '' ? undefined : event.target.value)}
            />
          </label>
        ))}
        <label>
          Tags
          <input
            key={fields.tags.join(' ')}
            defaultValue={fields.tags.join(', ')}
            onBlur={event => {
              const tags = wordsOf(event.target.value);
              if (tags.join(' ') !== fields.tags.join(' ')) set(['tags'], tags.length > 0 ? tags : undefined);
            }}
          />
        </label>
      </div>
      <h3>Parameters</h3>
      {fields.parameters.map((parameter, index) => (
        <Parameter
          key={index}
          parameter={parameter}
          set={(key, value) => set(['parameters', index, ...key], value)}
        />
      ))}
      <form
        className="row"
        onSubmit={event => {
          const form = event.currentTarget;
          submits(({ parameter = '' }) => onChange(addParameter(source, parameter)))(event);
          form.reset();
        }}
      >
        <label>
          Name of a new parameter
          <input name="parameter" required pattern="[A-Za-z_][A-Za-z0-9_]*" maxLength={64} />
        </label>
        <button type="submit">Add the parameter</button>
      </form>
    </>
  );
}

function Parameter({
  parameter: { name, type, required, description },
  set,
}: {
  parameter: Fields['parameters'][number];
  set: (path: readonly string[], value: FieldValue) => void;
}) {
  return (
    <fieldset className="row">
      <legend>{name || 'A parameter'}</legend>
      <label>
        Name
        <input value={name} onChange={event => set(['name'], event.target.value)} />
      </label>
      <label>
        Type
        <select value={type} onChange={event => set(['type'], event.target.value)}>
          {PARAMETER_TYPES.map(known => (
            <option key={known}>{known}</option>
          ))}
        </select>
      </label>
      <label>
        Description
        <input
          value={description}
          onChange={event => set(['description'], event.target.value === '' ? undefined : event.target.value)}
        />
      </label>
      <label className="choice">
        <input
          type="checkbox"
          checked={required}
          onChange={event => set(['required'], event.target.checked)}
        />
        Required
      </label>
      <button type="button" onClick={() => set([], undefined)}>
        Remove<span className="hidden">{` the parameter ${name}`}</span>
      </button>
    </fieldset>
  );
}
