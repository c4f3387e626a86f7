import { Link } from '@tanstack/react-router';
import type { AnswerOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';

type Request = AnswerOf<'listApprovals'>['approvals'][number];

/** Requests that somebody decides about, and those that they wait for. */
export function ToApprove({ user }: { user: string }) {
  const asked = useAsked('listApprovals', { query: { state: 'pending', limit: 100 } });
  return (
    <Shown asked={asked} what="what waits for you">
      {({ approvals }) => {
        const own = approvals.filter(({ authors }) => authors.includes(user));
        const theirs = approvals.filter(
          ({ authors, decisions }) => !authors.includes(user) && !decisions.some(({ by }) => by === user),
        );
        return (
          <>
            <Requests
              title="Waits for your decision"
              none="Nothing waits for your decision."
              requests={theirs}
            />
            <Requests title="Yours, waiting for others" none="" requests={own} />
          </>
        );
      }}
    </Shown>
  );
}

function Requests({
  title,
  none,
  requests,
}: {
  title: string;
  /** What is said where there are none; nothing is shown when it is empty. */
  none: string;
  requests: readonly Request[];
}) {
  if (requests.length === 0 && none === '') return null;
  return (
    <section>
      <h2>{title}</h2>
      {requests.length === 0 && <p className="empty">{none}</p>}
      <ul>
        {requests.map(one => (
          <li key={one.id}>
            <Link to="/approvals/$id" params={{ id: one.id }}>{`${one.package}@${one.version}`}</Link>{' '}
            {one.kind === 'break-glass' && <span className="badge bad">let through by force</span>}{' '}
            {`${one.kind} to ${one.tag}, tier ${one.tier}, asked for by ${one.requestedBy}; ends `}
            <Ago time={one.expiresAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
