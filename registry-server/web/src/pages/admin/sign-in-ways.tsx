import { Shown, useAsked } from '../../parts/asked.js';
import { AdminFrame } from './admin-frame.js';

/** How people may sign in, as the operator has set it up. */
export function SignInWays() {
  return <AdminFrame title="Sign-in">{() => <Ways />}</AdminFrame>;
}

function Ways() {
  const asked = useAsked('listProviders', {});
  return (
    <Shown asked={asked} what="the ways to sign in">
      {({ signUp, providers }) => (
        <>
          <dl className="facts-list">
            <dt>Name and password</dt>
            <dd>users whom an administrator made, or who have a password</dd>
            <dt>New accounts</dt>
            <dd>{signUp ? 'anybody makes one' : 'administrators make them'}</dd>
          </dl>
          <h3>Elsewhere</h3>
          {providers.length === 0 && <p>No other server is asked who somebody is.</p>}
          <ul>
            {providers.map(({ name, title, kind, start }) => (
              <li key={name}>
                {`${title}: ${kind}, begins at `}
                <code>{start}</code>
              </li>
            ))}
          </ul>
          <p className="hint">
            This is set where the server is started, with its sign-in file, and shown here only: secrets of
            other servers do not pass through a browser.
          </p>
        </>
      )}
    </Shown>
  );
}
