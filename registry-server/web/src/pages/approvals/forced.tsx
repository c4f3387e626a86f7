import type { AnswerOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';

/** Says of a request that its version was let through before anybody approved it. */
export function Forced({ request }: { request: AnswerOf<'getApproval'> }) {
  if (request.kind !== 'break-glass') return null;
  const { version, tag, requestedBy, expiresAt, state } = request;
  return (
    <p className="notice">
      <span className="badge bad">let through by force</span>{' '}
      {`${requestedBy} pointed ${tag} at ${version} without approval. `}
      {state === 'pending' && (
        <>
          {'To be reviewed: it goes back '}
          <Ago time={expiresAt} />
          {' unless it is approved.'}
        </>
      )}
    </p>
  );
}
