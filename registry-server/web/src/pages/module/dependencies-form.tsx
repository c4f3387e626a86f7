import { useState } from 'react';
import { z } from 'zod';
import { type AnswerOf, call } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { ReadAgain } from '../../parts/read-again.js';
import type { OpenModule } from './module-frame.js';

// The policy of the pages allows no code that is made of text.
z.config({ jitless: true });
const manifest = z.looseObject({ dependencies: z.record(z.string(), z.string()).catch({}) });

/** The packages that the prompts of the next version take text from. */
export function Dependencies({ open }: { open: OpenModule }) {
  const asked = useAsked('getDraftFile', { path: { ...open.path, path: 'prompd.json' } });
  return (
    <section>
      <h2>Dependencies</h2>
      <Shown asked={asked} what="prompd.json">
        {file => <Listed open={open} first={file} />}
      </Shown>
    </section>
  );
}

function Listed({ open: { path, you }, first }: { open: OpenModule; first: AnswerOf<'getDraftFile'> }) {
  const [base, setBase] = useState(first);
  const read = () => call('getDraftFile', { path: { ...path, path: 'prompd.json' } });
  const dependencies = dependenciesOf(base.content);
  const save = useChange(
    async (changed: Readonly<Record<string, string>>) => {
      const body = { dependencies: Object.keys(changed).length > 0 ? changed : null };
      await call('writeManifest', { path, body }, { headers: { 'if-match': `"${base.revision}"` } });
      setBase(await read());
    },
    ['getDraft', 'getDraftFile', 'getModule', 'checkDraft', 'compareModule'],
  );
  const canEdit = you.roles.includes('editor');
  return (
    <>
      {Object.keys(dependencies).length === 0 && <p>It depends on no other package.</p>}
      <ul>
        {Object.entries(dependencies).map(([name, range]) => (
          <li key={name} className="row">
            <code>{`${name} ${range}`}</code>
            {canEdit && (
              <button
                type="button"
                onClick={() => {
                  const { [name]: _removed, ...left } = dependencies;
                  save.mutate(left);
                }}
              >
                Remove<span className="hidden">{` ${name}`}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <Outcome of={save} said="The dependencies are saved in the draft." />
      <ReadAgain of={save} read={async () => setBase(await read())} />
      {canEdit && (
        <form
          className="row"
          key={base.revision}
          onSubmit={submits(({ name = '', range = '' }) => save.mutate({ ...dependencies, [name]: range }))}
        >
          <label>
            Package
            <input name="name" required placeholder="@common/tone" maxLength={214} />
          </label>
          <label>
            Versions
            <input name="range" required placeholder="^1.0.0" maxLength={200} />
          </label>
          <button type="submit" disabled={save.isPending}>
            Depend on it
          </button>
        </form>
      )}
    </>
  );
}

function dependenciesOf(text: string): Readonly<Record<string, string>> {
  try {
    const { success, data } = manifest.safeParse(JSON.parse(text));
    return success ? data.dependencies : {};
  } catch {
    return {};
  }
}
