import { useState } from 'react';
import type { InputOf } from '../../api/call.js';
import { submits } from '../../parts/form.js';
import type { Rows } from './compatibility.js';

type Body = InputOf<'startCompatibilityRun'>['body'];

/** What a run is about: models and prompts. The registry says which models it asks. */
export function RunForm({
  rows,
  isPending,
  start,
}: {
  rows: Rows;
  isPending: boolean;
  start: (body: Body) => void;
}) {
  const [fault, setFault] = useState('');
  const named = [
    ...new Set(rows.flatMap(({ models }) => models.map(({ provider, asked }) => `${provider}/${asked}`))),
  ];
  const prompts = rows.filter(({ suite }) => suite !== null).map(({ prompt }) => prompt);
  return (
    <form
      className="stack"
      aria-label="A new run"
      onSubmit={submits(({ other }, all) => {
        const wanted = [...all.getAll('model').map(String), ...(other ? [other] : [])];
        const models = wanted.map(modelOf);
        const chosen = all.getAll('prompt').map(String);
        if (models.some(({ provider, model }) => provider === '' || model === '')) {
          return setFault('Name another model with its provider, as in openai/gpt-4o.');
        }
        setFault('');
        start({
          ...(models.length > 0 ? { models } : {}),
          ...(chosen.length > 0 && chosen.length < prompts.length ? { prompts: chosen } : {}),
        });
      })}
    >
      <Choices
        legend="Models; all of the package that the registry asks, when none is chosen"
        name="model"
        of={named}
      />
      <label>
        Another model
        <input name="other" placeholder="openai/gpt-4o" maxLength={180} aria-invalid={fault !== ''} />
      </label>
      <Choices legend="Prompts; all that have tests, when none is chosen" name="prompt" of={prompts} />
      <p className="row">
        <button type="submit" className="primary" disabled={isPending}>
          Run the tests
        </button>
        <span role="status" className="fault">
          {fault}
        </span>
      </p>
    </form>
  );
}

function Choices({ legend, name, of }: { legend: string; name: string; of: readonly string[] }) {
  if (of.length === 0) return null;
  return (
    <fieldset>
      <legend>{legend}</legend>
      {of.map(one => (
        <label key={one} className="choice">
          <input type="checkbox" name={name} value={one} />
          {one}
        </label>
      ))}
    </fieldset>
  );
}

/** @param name provider and model, with the first slash between them */
function modelOf(name: string): { provider: string; model: string } {
  const at = name.indexOf('/');
  return at < 0 ? { provider: '', model: name } : { provider: name.slice(0, at), model: name.slice(at + 1) };
}
