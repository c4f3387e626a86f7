import { Link } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { SessionLabel, shortLabel } from '../../parts/session-label.js';
import { SignedIn } from '../../parts/signed-in.js';
import { OwnTokens } from './own-tokens.js';

/** Who one is here, where one is signed in, and what acts by one's name. */
export function AccountPage() {
  return (
    <SignedIn title="Your account">
      {user => (
        <>
          <h1>{user.displayName || user.name}</h1>
          <p className="facts">
            <span>{`Signed in as ${user.name}`}</span>
            {user.email && <span>{user.email}</span>}
            {user.admin && <span className="badge">admin of the registry</span>}
          </p>
          <p>
            <Link to="/webhooks">Webhooks</Link>
          </p>
          <OwnTokens />
          <Sessions />
          {user.hasPassword && <Password />}
          <Identities />
        </>
      )}
    </SignedIn>
  );
}

function Sessions() {
  const sessions = useAsked('listSessions', {});
  const end = useChange((id: string) => call('endSession', { path: { id } }), ['listSessions']);
  return (
    <section>
      <h2>Where you are signed in</h2>
      <Outcome of={end} said="The session has ended." />
      <Shown asked={sessions} what="sessions">
        {({ sessions: all }) => (
          <ul className="stack">
            {all.map(session => (
              <li key={session.id}>
                <SessionLabel session={session} />, since <Ago time={session.createdAt} />, ends{' '}
                <Ago time={session.expiresAt} />{' '}
                {session.current ? (
                  <span className="badge good">this one</span>
                ) : (
                  <button type="button" onClick={() => end.mutate(session.id)}>
                    End<span className="hidden">{` the session ${shortLabel(session.label)}`}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}

function Password() {
  const change = useChange(
    (body: { current: string; next: string }) => call('changePassword', { body }),
    ['listSessions'],
  );
  return (
    <section>
      <h2>Password</h2>
      <Outcome of={change} said="The password is changed." />
      <form
        className="row"
        onSubmit={submits((_, all) =>
          change.mutate({ current: String(all.get('current')), next: String(all.get('next')) }),
        )}
      >
        <label>
          Password now
          <input name="current" type="password" autoComplete="current-password" required />
        </label>
        <label>
          New password
          <input name="next" type="password" autoComplete="new-password" required minLength={12} />
        </label>
        <button type="submit">Change the password</button>
      </form>
    </section>
  );
}

function Identities() {
  const identities = useAsked('listIdentities', {});
  const all = identities.data?.identities ?? [];
  if (all.length === 0) return null;
  return (
    <section>
      <h2>Linked sign-ins</h2>
      <ul>
        {all.map(({ issuer, subject, provider, label, linkedAt }) => (
          <li key={`${issuer} ${subject}`}>
            {`${provider}: ${label}, linked `}
            <Ago time={linkedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}
