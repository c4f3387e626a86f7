import { useState } from 'react';
import { call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { ReadAgain } from '../../parts/read-again.js';
import { Dependencies } from './dependencies-form.js';
import { ModuleFrame, type OpenModule } from './module-frame.js';
import { type Notes, NotesForm } from './notes-form.js';
import { Readme } from './readme.js';

/** What is said of a module: its notes, and what its next version depends on and tells its readers. */
export function About() {
  return (
    <ModuleFrame title="About">
      {open => (
        <>
          <ModuleNotes open={open} />
          <Dependencies open={open} />
          <Readme open={open} />
        </>
      )}
    </ModuleFrame>
  );
}

function ModuleNotes({ open: { path, module, you } }: { open: OpenModule }) {
  // What was read first is what is written on; what somebody else saved meanwhile is refused by its revision.
  const [base, setBase] = useState(module);
  const save = useChange(
    async (notes: Notes) => {
      const headers = { 'if-match': `"${base.revision}"` };
      setBase(await call('changeModule', { path, body: notes }, { headers }));
    },
    ['getModule', 'listModules'],
  );
  return (
    <section>
      <h2>Notes</h2>
      <p className="hint">They stand beside the versions and are no part of them.</p>
      <Outcome of={save} said="The notes are saved." />
      <ReadAgain of={save} read={async () => setBase(await call('getModule', { path }))} />
      <NotesForm
        key={base.revision}
        notes={base}
        canEdit={you.roles.includes('editor')}
        isPending={save.isPending}
        save={save.mutate}
      />
    </section>
  );
}
