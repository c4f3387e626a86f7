import { useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { ReadAgain } from '../../parts/read-again.js';
import type { OpenModule } from '../module/module-frame.js';
import { type Notes, NotesForm } from '../module/notes-form.js';

type Said = AnswerOf<'getPrompt'>['notes'];

/** What is said of a prompt, beside what stands in its file. */
export function PromptNotes({
  open: { path, you },
  prompt,
  said,
}: {
  open: OpenModule;
  prompt: string;
  said: Said;
}) {
  const [base, setBase] = useState(said);
  const save = useChange(
    async (body: Notes) => {
      const headers: Record<string, string> = base
        ? { 'if-match': `"${base.revision}"` }
        : { 'if-none-match': '*' };
      setBase(await call('describePrompt', { path: { ...path, prompt }, body }, { headers }));
    },
    ['listPrompts', 'getPrompt'],
  );
  return (
    <details>
      <summary>Notes</summary>
      <Outcome of={save} said="The notes are saved." />
      <ReadAgain
        of={save}
        read={async () => setBase((await call('getPrompt', { path: { ...path, prompt } })).notes)}
      />
      <NotesForm
        key={base?.revision ?? 0}
        notes={base ?? {}}
        canEdit={you.roles.includes('editor')}
        isPending={save.isPending}
        save={save.mutate}
      />
    </details>
  );
}
