import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useId, useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Markdown } from '../../parts/markdown.js';
import { SaveBar } from '../../parts/save-bar.js';
import type { OpenModule } from './module-frame.js';

type File = AnswerOf<'getDraftFile'>;

const Conflict = lazy(() =>
  import('../editor/conflict.js').then(({ Conflict: component }) => ({ default: component })),
);

/** The README of the next version, being written. */
export function Readme({ open }: { open: OpenModule }) {
  const path = { ...open.path, path: 'README.md' };
  const { data, error } = useQuery({
    queryKey: ['getDraftFile', path, 'or none'],
    queryFn: ({ signal }) => call('getDraftFile', { path }, { signal }).catch(noneOr),
  });
  return (
    <section>
      <h2>README</h2>
      {data !== undefined ? (
        <Writing open={open} found={data ?? undefined} />
      ) : error ? (
        <Failure error={error} />
      ) : (
        <Loading what="the README" />
      )}
    </section>
  );
}

/** A module need not have one. */
function noneOr(error: unknown): null {
  if (error instanceof ApiProblem && error.status === 404) return null;
  throw error;
}

function Writing({ open: { path, you }, found }: { open: OpenModule; found: File | undefined }) {
  const id = useId();
  const at = { path: { ...path, path: 'README.md' } };
  const [base, setBase] = useState(found);
  const [text, setText] = useState(found?.content ?? '');
  const [theirs, setTheirs] = useState<File>();
  const save = useChange(
    async (over: File | undefined) => {
      try {
        const headers: Record<string, string> = over
          ? { 'if-match': `"${over.revision}"` }
          : { 'if-none-match': '*' };
        setBase(await call('writeDraftFile', { ...at, body: { content: text } }, { headers }));
        setTheirs(undefined);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
        setTheirs(await call('getDraftFile', at));
      }
    },
    ['getDraft', 'getDraftFile', 'getModule', 'checkDraft', 'compareModule'],
  );
  const isChanged = text !== (base?.content ?? '');
  const canEdit = you.roles.includes('editor');
  return (
    <>
      {theirs && (
        <Suspense>
          <Conflict
            what="the README"
            mine={text}
            theirs={{ source: theirs.content, updatedBy: theirs.updatedBy }}
            choose={which => {
              if (which === 'mine') return save.mutate(theirs);
              setBase(theirs);
              setText(theirs.content);
              setTheirs(undefined);
            }}
          />
        </Suspense>
      )}
      {canEdit && (
        <SaveBar
          label="Save the README"
          isChanged={isChanged}
          isBlocked={save.isPending || theirs !== undefined}
          isSaved={save.isSuccess}
          save={() => save.mutate(base)}
        />
      )}
      <Outcome of={save} />
      <div className="two">
        {canEdit && (
          <div>
            <label htmlFor={id}>Markdown</label>
            <textarea
              id={id}
              className="source"
              rows={16}
              value={text}
              maxLength={200_000}
              onChange={event => setText(event.target.value)}
            />
          </div>
        )}
        <section aria-labelledby={`${id}-shown`}>
          <h3 id={`${id}-shown`}>As it is shown</h3>
          {text === '' ? <p className="hint">There is none yet.</p> : <Markdown text={text} level={4} />}
        </section>
      </div>
    </>
  );
}
