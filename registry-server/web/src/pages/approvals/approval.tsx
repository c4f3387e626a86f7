import { Link, useParams } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Differences } from '../../parts/differences.js';
import { SignedIn } from '../../parts/signed-in.js';
import { FUNCTIONS } from '../projects/members.js';
import { Evidence } from './evidence.js';
import { Forced } from './forced.js';
import { Withdraw } from './withdraw.js';

type Details = AnswerOf<'getApproval'>;

/** A request for approval: what it is about, what speaks for it, and the decision. */
export function ApprovalPage() {
  const { id } = useParams({ from: '/approvals/$id' });
  const asked = useAsked('getApproval', { path: { id } });
  return (
    <SignedIn title="Approval">
      {user => (
        <Shown asked={asked} what="the request">
          {request => (
            <>
              <p>
                <Link to="/approvals">Approvals</Link>
              </p>
              <h1>{`${request.package}@${request.version}`}</h1>
              <Forced request={request} />
              <Facts request={request} />
              {request.state === 'pending' && (
                <p>
                  <a href="#decide">To the decision</a>
                </p>
              )}
              <Contents request={request} />
              <Evidence request={request} />
              <Decisions request={request} />
              <Decide request={request} user={user.name} />
              {mayWithdraw(request, user.name) && <Withdraw request={request} />}
            </>
          )}
        </Shown>
      )}
    </SignedIn>
  );
}

/** What is approved: against the version before it, or all of it. */
function Contents({ request: { id, base, version } }: { request: Details }) {
  const asked = useAsked('compareApproval', { path: { id } });
  return (
    <section>
      <h2>{base ? `${base} and ${version}` : `All of ${version}`}</h2>
      <Shown asked={asked} what="what is in it">
        {difference => <Differences of={difference} isFirst={base === null} />}
      </Shown>
    </section>
  );
}

/** What was forced is approved or goes back. */
function mayWithdraw({ kind, authors }: Details, user: string): boolean {
  return kind !== 'break-glass' && authors.includes(user);
}

function Facts({ request }: { request: Details }) {
  const { kind, tag, state, requestedBy, requestedAt, authors, missing, expiresAt } = request;
  return (
    <dl className="facts-list">
      <dt>State</dt>
      <dd>
        {state}
        {missing.approvals > 0 &&
          `, ${missing.approvals} more needed${missing.functions.length > 0 ? `, one for ${missing.functions.join(', one for ')}` : ''}`}
      </dd>
      <dt>For</dt>
      <dd>{`${kind} to ${tag}`}</dd>
      <dt>Asked for</dt>
      <dd>
        {`by ${requestedBy} `}
        <Ago time={requestedAt} />
      </dd>
      <dt>Written by</dt>
      <dd>{authors.join(', ')}</dd>
      <dt>Expires</dt>
      <dd>
        <Ago time={expiresAt} />
      </dd>
    </dl>
  );
}

function Decisions({ request: { decisions } }: { request: Details }) {
  return (
    <section>
      <h2>Decisions</h2>
      {decisions.length === 0 && <p>Nobody has decided yet.</p>}
      <ul>
        {decisions.map(one => (
          <li key={`${one.by} ${one.at}`}>
            <span className={`badge ${one.decision === 'approve' ? 'good' : 'bad'}`}>{one.decision}</span>{' '}
            {`${one.by}${one.onBehalfOf ? ` for ${one.onBehalfOf}` : ''}${one.function ? `, ${one.function}` : ''} `}
            <Ago time={one.at} />
            {one.reason && `: ${one.reason}`}
            {!one.counts && ' (about an earlier state; does not count)'}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Decide({ request, user }: { request: Details; user: string }) {
  const path = { id: request.id };
  const decide = useChange(
    (body: InputOf<'decideApproval'>['body']) => call('decideApproval', { path, body }),
    ['getApproval', 'listApprovals', 'getModule', 'getModuleHistory', 'getDistTags'],
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const isOpen = request.state === 'pending';
  const isClosed = decide.isSuccess && !isOpen;
  // The form goes with the last decision, and whoever was in it reads on here.
  useEffect(() => {
    if (isClosed) heading.current?.focus();
  }, [isClosed]);
  if (!isOpen && !isClosed) return null;
  return (
    <section>
      <h2 id="decide" ref={heading} tabIndex={-1}>
        Decide
      </h2>
      {isOpen && request.authors.includes(user) && <p>You wrote this: somebody else approves it.</p>}
      <Outcome of={decide} said={`Your decision is there. The request is ${request.state}.`} />
      {isOpen && (
        <form
          className="stack narrow"
          onSubmit={event => {
            event.preventDefault();
            const { nativeEvent } = event;
            const pressed =
              nativeEvent instanceof SubmitEvent ? nativeEvent.submitter?.getAttribute('value') : undefined;
            const all = new FormData(event.currentTarget);
            const reason = String(all.get('reason')).trim();
            const speaksFor = FUNCTIONS.find(one => one === all.get('function'));
            decide.mutate({
              decision: pressed === 'approve' ? 'approve' : 'decline',
              digest: request.digest,
              ...(reason ? { reason } : {}),
              ...(speaksFor ? { function: speaksFor } : {}),
            });
          }}
        >
          <label>
            Reason
            <textarea name="reason" rows={3} maxLength={1000} />
          </label>
          <label>
            Speaking for
            <select name="function">
              <option value="">no function</option>
              {FUNCTIONS.map(one => (
                <option key={one}>{one}</option>
              ))}
            </select>
          </label>
          <p className="row">
            <button type="submit" value="approve" className="primary" disabled={decide.isPending}>
              Approve
            </button>
            <button type="submit" value="decline" disabled={decide.isPending}>
              Decline
            </button>
          </p>
        </form>
      )}
    </section>
  );
}
