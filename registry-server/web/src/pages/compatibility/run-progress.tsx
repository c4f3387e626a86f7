import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Status } from './matrix.js';
import type { Run } from './runs.js';

const OVER: readonly string[] = ['done', 'failed', 'cancelled'];

/** A run, followed until it is over: then what it found is asked for. */
export function RunProgress({ first, mayRun }: { first: Run; mayRun: boolean }) {
  const queries = useQueryClient();
  const [run, setRun] = useState(first);
  const { id } = first;
  const isOver = OVER.includes(run.state);
  useEffect(() => {
    if (isOver) return;
    const events = new EventSource(`/compatibility-runs/${encodeURIComponent(id)}/events`);
    // An event says that there is news; the registry is asked for them, as by everything else here.
    events.addEventListener('run', () => {
      call('getCompatibilityRun', { path: { id } }).then(
        async now => {
          setRun(before => (now.revision > before.revision ? now : before));
          if (!OVER.includes(now.state)) return;
          events.close();
          await queries.invalidateQueries({ queryKey: ['getCompatibility'] });
          await queries.invalidateQueries({ queryKey: ['listCompatibilityRuns'] });
        },
        // The stream is opened anew when the registry is back, and tells where the run is then.
        () => undefined,
      );
    });
    return () => events.close();
  }, [id, isOver, queries]);
  const cancel = useChange(() => call('cancelCompatibilityRun', { path: { id } }), []);
  const asks = run.models.map(({ provider, model }) => `${provider} ${model}`).join(', ');
  return (
    <section className="card" aria-label={`Run ${id}`}>
      <p>
        {`${asks}: ${run.prompts === null ? 'all prompts' : run.prompts.join(', ')}. `}
        <span role="status">
          {run.state}
          {!isOver && run.total !== null && `, ${run.done} of ${run.total} requests`}
          {run.nextAt !== null && `, tried again at ${new Date(run.nextAt).toLocaleTimeString()}`}
        </span>
      </p>
      {!isOver && (
        <progress
          aria-label={`Requests of ${id}`}
          {...(run.total === null ? {} : { max: Math.max(1, run.total), value: run.done })}
        />
      )}
      {run.error && <p className="fault">{`${run.error.code}: ${run.error.message}`}</p>}
      {run.outcome && (
        <ul>
          {run.outcome.map(({ prompt, provider, asked, status, reason }) => (
            <li key={`${prompt} ${provider} ${asked}`}>
              {`${prompt} with ${asked}: `}
              <Status of={status} /> {reason}
            </li>
          ))}
        </ul>
      )}
      {!isOver && mayRun && (
        <button type="button" disabled={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
          Cancel<span className="hidden">{` the run ${id}`}</span>
        </button>
      )}
      <Outcome of={cancel} />
    </section>
  );
}
