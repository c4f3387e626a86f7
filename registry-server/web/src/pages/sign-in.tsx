import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { FormEvent } from 'react';
import { useAccountChanged } from '../api/account.js';
import { call } from '../api/call.js';
import { Failure } from '../parts/failure.js';

export function SignIn() {
  const navigate = useNavigate();
  const changed = useAccountChanged();
  const { data: ways } = useQuery({
    queryKey: ['ways-to-sign-in'],
    queryFn: ({ signal }) => call('listProviders', {}, { signal }),
  });
  const signIn = useMutation({
    mutationFn: (body: { name: string; password: string }) => call('signIn', { body }),
    onSuccess: async () => {
      await changed();
      await navigate({ to: '/' });
    },
  });

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ name: String(form.get('name')), password: String(form.get('password')) });
  }

  return (
    <div className="page narrow">
      <title>Sign in · prompd</title>
      <h1>Sign in</h1>
      {signIn.error && <Failure error={signIn.error} />}
      <form className="stack" onSubmit={submit}>
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
          <a className="button" href={start}>{`Sign in with ${title}`}</a>
        </p>
      ))}
    </div>
  );
}
