import { Link, useSearch } from '@tanstack/react-router';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { SignedIn } from '../../parts/signed-in.js';

const STATES = ['pending', 'approved', 'declined', 'withdrawn', 'expired'] as const;

/** What waits for approval, or what became of it. */
export function Inbox() {
  const search = useSearch({ from: '/approvals' });
  const state = STATES.find(one => one === search.state) ?? 'pending';
  return (
    <SignedIn title="Approvals">
      {() => (
        <>
          <h1>Approvals</h1>
          <nav className="tabs" aria-label="States">
            {STATES.map(one => (
              <Link
                key={one}
                to="/approvals"
                search={{ state: one }}
                aria-current={one === state ? 'page' : undefined}
              >
                {one}
              </Link>
            ))}
          </nav>
          <p>
            {search.kind === 'break-glass' ? (
              <Link to="/approvals" search={{ state }}>
                All requests
              </Link>
            ) : (
              <Link to="/approvals" search={{ state, kind: 'break-glass' }}>
                Only what was let through by force
              </Link>
            )}
          </p>
          <Requests state={state} isForced={search.kind === 'break-glass'} />
        </>
      )}
    </SignedIn>
  );
}

function Requests({ state, isForced }: { state: (typeof STATES)[number]; isForced: boolean }) {
  const asked = useAsked('listApprovals', {
    query: { state, limit: 100, ...(isForced ? { kind: 'break-glass' } : {}) },
  });
  return (
    <Shown asked={asked} what="requests">
      {({ approvals }) => (
        <>
          {approvals.length === 0 && <p role="status">{`Nothing is ${state}.`}</p>}
          <div className="cards">
            {approvals.map(one => (
              <article key={one.id} className="card">
                <h2 className="card-title">
                  <Link to="/approvals/$id" params={{ id: one.id }}>
                    {`${one.package}@${one.version}`}
                  </Link>
                </h2>
                <p>{`${one.kind} to ${one.tag}, asked for by ${one.requestedBy}`}</p>
                <p className="facts">
                  {one.kind === 'break-glass' && <span className="badge bad">let through by force</span>}
                  <span>{`tier ${one.tier}`}</span>
                  {one.missing.approvals > 0 && <span>{`${one.missing.approvals} more needed`}</span>}
                  <Ago time={one.requestedAt} />
                </p>
              </article>
            ))}
          </div>
        </>
      )}
    </Shown>
  );
}
