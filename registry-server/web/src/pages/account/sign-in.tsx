import { useMutation } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { Failure } from '../../parts/failure.js';
import { submits } from '../../parts/form.js';
import { ownPath } from '../../parts/own-path.js';
import { useEntered } from './entered.js';

export function SignIn() {
  const search = useSearch({ from: '/sign-in' });
  const entered = useEntered(search.return);
  const { data: ways } = useAsked('listProviders', {});
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => call('signIn', { body }),
    onSuccess: entered,
  });
  return (
    <div className="page narrow">
      <title>Sign in · prompd</title>
      <h1>Sign in</h1>
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
      {ways?.providers.map(({ name, title, start }) => (
        <p key={name}>
          <a
            className="button"
            href={`${start}?return=${encodeURIComponent(ownPath(search.return))}`}
          >{`Sign in with ${title}`}</a>
        </p>
      ))}
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
