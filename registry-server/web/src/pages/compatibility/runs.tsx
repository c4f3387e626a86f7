import { useState } from 'react';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import type { Rows } from './compatibility.js';
import { RunForm } from './run-form.js';
import { RunProgress } from './run-progress.js';

export type Run = AnswerOf<'getCompatibilityRun'>;

/** The runs of a version's tests, those under way with how far they are, and the way to a new one. */
export function Runs({
  name,
  version,
  rows,
  mayRun,
}: {
  name: string;
  version: string;
  rows: Rows;
  mayRun: boolean;
}) {
  const path = { name, version };
  const asked = useAsked('listCompatibilityRuns', { path, query: { limit: 10 } });
  const [begun, setBegun] = useState<Run>();
  const start = useChange(
    async (body: InputOf<'startCompatibilityRun'>['body']) =>
      setBegun(await call('startCompatibilityRun', { path, body })),
    ['listCompatibilityRuns'],
  );
  return (
    <section>
      <h3>Runs</h3>
      {mayRun && rows.some(({ suite }) => suite !== null) && (
        <RunForm rows={rows} isPending={start.isPending} start={body => start.mutate(body)} />
      )}
      <Outcome of={start} />
      {begun && <RunProgress key={begun.id} first={begun} mayRun={mayRun} />}
      <Shown asked={asked} what="runs">
        {({ runs }) => {
          const others = runs.filter(({ id }) => id !== begun?.id);
          return (
            <>
              {others.length === 0 && !begun && <p>The registry has run no tests of this version.</p>}
              {others.map(run =>
                run.state === 'queued' || run.state === 'running' ? (
                  <RunProgress key={run.id} first={run} mayRun={mayRun} />
                ) : (
                  <p key={run.id} className="facts">
                    <span>{run.state}</span>
                    <span>{run.models.map(({ provider, model }) => `${provider} ${model}`).join(', ')}</span>
                    <span>{`for ${run.requestedBy}`}</span>
                    <Ago time={run.requestedAt} />
                    {run.error && <span className="fault">{`${run.error.code}: ${run.error.message}`}</span>}
                  </p>
                ),
              )}
            </>
          );
        }}
      </Shown>
    </section>
  );
}
