import { useQuery } from '@tanstack/react-query';
import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';

type Verification = AnswerOf<'getAuditVerification'>;

/** Whether a chain holds, how far it is signed, and a way to sign it. */
export function Chain({ project, maySign }: { project: string | undefined; maySign: boolean }) {
  const path = { project: project ?? '' };
  const asked = useQuery({
    queryKey: ['getAuditVerification', project],
    queryFn: ({ signal }) =>
      project === undefined
        ? call('getAuditVerification', {}, { signal })
        : call('getProjectAuditVerification', { path }, { signal }),
  });
  const sign = useChange<void, unknown>(
    () =>
      project === undefined ? call('signAuditCheckpoint', {}) : call('signProjectAuditCheckpoint', { path }),
    ['getAuditVerification'],
  );
  return (
    <section className="card">
      <h3>The chain</h3>
      <p>Each row holds the hash of the one before it: a row that is changed or left out shows.</p>
      <Shown asked={asked} what="whether the chain holds">
        {found => (
          <>
            <Verdict found={found} />
            <Signed found={found} />
          </>
        )}
      </Shown>
      <p className="row">
        <button type="button" onClick={() => void asked.refetch()} disabled={asked.isFetching}>
          Verify again
        </button>
        {maySign && (
          <button type="button" onClick={() => sign.mutate()}>
            Sign it as it is now
          </button>
        )}
      </p>
      <Outcome of={sign} said="It is signed." />
      <p className="hint">
        The registry says this of itself. <code>prompd registry audit verify</code> checks an export without
        it.
      </p>
    </section>
  );
}

function Verdict({ found: { state, rows, problems } }: { found: Verification }) {
  if (state === 'too-long') {
    return (
      <p role="status">{`There are ${rows.toLocaleString()} rows, too many to verify here: export them.`}</p>
    );
  }
  return (
    <>
      <p role="status">
        <span className={`badge ${state === 'holds' ? 'good' : 'bad'}`}>
          {state === 'holds' ? 'verified' : 'broken'}
        </span>
        {` ${rows.toLocaleString()} rows were read.`}
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ fault, seq, message }) => (
            <li key={`${fault} ${seq} ${message}`}>{message}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Signed({ found: { lastCheckpoint: last, rows } }: { found: Verification }) {
  if (!last) return <p>Nothing of it was signed yet.</p>;
  return (
    <p>
      {`The registry signed ${last.size} rows `}
      <Ago time={last.at} />
      {rows > last.size && `, ${rows - last.size} have come since`}:{' '}
      <code className="secret">{last.hash}</code>
    </p>
  );
}
