import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useAccount } from '../../api/account.js';
import { call } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { Failure } from '../../parts/failure.js';
import { submits } from '../../parts/form.js';
import { ownPath } from '../../parts/own-path.js';
import { useEntered } from './entered.js';

export function SignIn() {
  const search = useSearch({ from: '/sign-in' });
  const entered = useEntered(search.return);
  const account = useAccount();
  const { data: ways, error: unknown } = useAsked('listProviders', {});
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => call('signIn', { body }),
    onSuccess: entered,
  });
  return (
    <div className="page narrow">
      <title>Sign in · prompd</title>
      <h1>Sign in</h1>
      {account && !signIn.isPending && !signIn.isSuccess && (
        <p role="status">{`You are signed in as ${account.name}. Signing in again ends that here.`}</p>
      )}
      {signIn.error && <Failure error={signIn.error} />}
      <form
        className="stack"
        onSubmit={submits(({ name = '' }, all) =>
          signIn.mutate({ name, password: String(all.get('password')) }),
        )}
      >
        <label>
          Name
          <input name="name" autoComplete="username" required maxLength={100} />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <button type="submit" className="primary" disabled={signIn.isPending}>
          Sign in
        </button>
      </form>
      {unknown && <p className="hint">Whether one may sign in elsewhere is not known at present.</p>}
      {ways?.providers.map(({ name, title, start }) => (
        <p key={name}>
          <a
            className="button"
            href={`${start}?return=${encodeURIComponent(ownPath(search.return))}`}
          >{`Sign in with ${title}`}</a>
        </p>
      ))}
      {ways?.signUp === false && <p className="hint">Accounts are made by administrators of the registry.</p>}
      {ways?.signUp && (
        <p>
          New here?{' '}
          <Link to="/sign-up" search={search}>
            Make an account
          </Link>
        </p>
      )}
    </div>
  );
}
