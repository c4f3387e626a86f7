import { useAccount } from '../../api/account.js';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

type Delegation = AnswerOf<'listDelegations'>['delegations'][number];
const STALE = ['listDelegations', 'listApprovals'] as const;

/** Who decides in whose name for a while. */
export function Delegations() {
  return <ProjectFrame title="Delegations">{project => <All project={project} />}</ProjectFrame>;
}

function All({ project: { project, you } }: { project: OpenProject }) {
  const account = useAccount();
  const asked = useAsked('listDelegations', { path: { project } });
  const end = useChange(
    (delegation: string) => call('revokeDelegation', { path: { project, delegation } }),
    STALE,
  );
  return (
    <>
      <h2>Delegations</h2>
      <p>
        Who decides for somebody else has what they have at that moment, hands nothing on, and never approves
        what either of them wrote.
      </p>
      <Outcome of={end} said="The delegation has ended." />
      <Shown asked={asked} what="delegations">
        {({ delegations }) => (
          <>
            {delegations.length === 0 && <p className="empty">Nobody has delegated anything.</p>}
            <ul className="stack plain">
              {delegations.map(one => (
                <li key={one.id} className="card">
                  <h3>
                    {`${one.to} for ${one.from} `}
                    <State delegation={one} />
                  </h3>
                  <p>{one.reason}</p>
                  <p className="facts">
                    <span>
                      {'given '}
                      <Ago time={one.createdAt} />
                    </span>
                    <span>
                      {'until '}
                      <time dateTime={one.endsAt}>{new Date(one.endsAt).toLocaleString()}</time>
                    </span>
                  </p>
                  {one.from === account?.name && isOn(one) && (
                    <button type="button" onClick={() => end.mutate(one.id)}>
                      End it<span className="hidden">{`, the delegation to ${one.to}`}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      {you.roles.includes('approver') ? (
        <Give project={project} />
      ) : (
        <p className="hint">Approvers delegate what they may decide.</p>
      )}
    </>
  );
}

function State({ delegation }: { delegation: Delegation }) {
  if (isOn(delegation)) return <span className="badge good">in force</span>;
  return <span className="badge">{delegation.revokedAt ? 'ended early' : 'over'}</span>;
}

function Give({ project }: { project: string }) {
  const give = useChange(
    (body: InputOf<'delegate'>['body']) => call('delegate', { path: { project }, body }),
    STALE,
  );
  const soonest = new Date().toISOString().slice(0, 10);
  return (
    <section>
      <h3>Let somebody decide for you</h3>
      <Outcome of={give} said="They decide in your name until then." />
      <form
        className="row"
        onSubmit={submits(({ to = '', until = '', reason = '' }) =>
          give.mutate({ to, reason, endsAt: new Date(`${until}T23:59:59`).toISOString() }),
        )}
      >
        <label>
          Member
          <input name="to" required maxLength={300} />
        </label>
        <label>
          Until the end of, at most 30 days ahead
          <input name="until" type="date" required min={soonest} />
        </label>
        <label>
          Reason
          <input name="reason" required maxLength={2000} placeholder="leave" />
        </label>
        <button type="submit">Delegate</button>
      </form>
    </section>
  );
}

function isOn({ revokedAt, endsAt }: Delegation): boolean {
  return revokedAt === null && Date.parse(endsAt) > Date.now();
}
