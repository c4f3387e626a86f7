import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Problems } from '../../parts/problems.js';
import { SaveBar } from '../../parts/save-bar.js';
import { ModuleFrame, type OpenModule } from '../module/module-frame.js';
import { CodeEditor } from './code-editor.js';
import { Conflict } from './conflict.js';
import { FrontMatterForm } from './front-matter-form.js';
import { Preview } from './preview.js';
import { PromptHistory } from './prompt-history.js';
import { PromptNotes } from './prompt-notes.js';
import { useChecked } from './use-checked.js';

type Written = AnswerOf<'getPrompt'>;

/** A prompt, being written. */
export function EditorPage() {
  const { prompt = '' } = useParams({ strict: false });
  return (
    <ModuleFrame title={prompt}>{open => <Opened key={prompt} open={open} prompt={prompt} />}</ModuleFrame>
  );
}

function Opened({ open, prompt }: { open: OpenModule; prompt: string }) {
  const asked = useAsked('getPrompt', { path: { ...open.path, prompt } }, { isKept: false });
  return (
    <Shown asked={asked} what={prompt}>
      {written => <Editor open={open} written={written} />}
    </Shown>
  );
}

/** What was read first is what is written on: a newer text must not take the place of what somebody types. */
function Editor({ open, written }: { open: OpenModule; written: Written }) {
  const { path, you } = open;
  const { prompt, path: file } = written;
  const [base, setBase] = useState({ source: written.source, revision: written.revision });
  const [text, setText] = useState(written.source);
  const [theirs, setTheirs] = useState<Written>();
  const { problems, prompt: loaded } = useChecked(path, file, text);
  const place = { path: { ...path, prompt } };
  const save = useChange(
    async (revision: number) => {
      try {
        const headers = { 'if-match': `"${revision}"` };
        const saved = await call('writePrompt', { ...place, body: { source: text } }, { headers });
        setBase({ source: text, revision: saved.revision });
        setTheirs(undefined);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
        setTheirs(await call('getPrompt', place));
      }
    },
    ['listPrompts', 'getModule', 'getDraft', 'checkDraft', 'compareModule'],
  );
  const take = (now: Written) => {
    setBase(now);
    setText(now.source);
    setTheirs(undefined);
  };
  const names = loaded?.parameters.map(({ definition }) => definition.name) ?? [];
  const isChanged = text !== base.source;

  return (
    <>
      <h2>{prompt}</h2>
      {theirs && (
        <Conflict
          what="this prompt"
          mine={text}
          theirs={theirs}
          choose={which => {
            if (which === 'mine') return save.mutate(theirs.revision);
            take(theirs);
          }}
        />
      )}
      {you.roles.includes('editor') && (
        <SaveBar
          label="Save"
          isChanged={isChanged}
          isBlocked={save.isPending || theirs !== undefined}
          isSaved={save.isSuccess}
          save={() => save.mutate(base.revision)}
        />
      )}
      <Outcome of={save} />
      <details>
        <summary>Front matter as a form</summary>
        <FrontMatterForm source={text} onChange={setText} />
      </details>
      <PromptNotes open={open} prompt={prompt} said={written.notes} />
      <div className="two">
        <section aria-labelledby="source">
          <h2 id="source">Source</h2>
          <CodeEditor
            text={text}
            problems={problems}
            names={names}
            label={`Source of ${prompt}`}
            onChange={setText}
          />
          <h3>Problems</h3>
          <Problems problems={problems} none="Nothing is wrong with it." />
        </section>
        <Preview prompt={loaded} />
      </div>
      <PromptHistory
        open={open}
        prompt={prompt}
        revision={base.revision}
        onRestored={async () => take(await call('getPrompt', place))}
      />
    </>
  );
}
