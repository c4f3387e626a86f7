import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { call, type InputOf } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { Failure } from '../../parts/failure.js';
import { submits } from '../../parts/form.js';
import { NewPassword } from '../../parts/new-password.js';
import { useEntered } from './entered.js';

/** Makes an account, where the operator lets anybody do that. */
export function SignUp() {
  const search = useSearch({ from: '/sign-up' });
  const entered = useEntered(search.return);
  const { data: ways } = useAsked('listProviders', {});
  const signUp = useMutation({
    mutationFn: (body: InputOf<'signUp'>['body']) => call('signUp', { body }),
    onSuccess: entered,
  });
  return (
    <div className="page narrow">
      <title>Make an account · prompd</title>
      <h1>Make an account</h1>
      {signUp.error && <Failure error={signUp.error} />}
      {ways?.signUp === false && (
        <p>This registry does not let anybody make an account. Ask who runs it for one.</p>
      )}
      {ways?.signUp && (
        <form
          className="stack"
          onSubmit={submits(({ name = '', email }, all) =>
            signUp.mutate({ name, password: String(all.get('password')), ...(email ? { email } : {}) }),
          )}
        >
          <label>
            Name
            <input name="name" autoComplete="username" required maxLength={100} />
          </label>
          <label>
            E-mail, if you like
            <input name="email" type="email" autoComplete="email" />
          </label>
          <NewPassword label="Password, at least 12 characters" />
          <button type="submit" className="primary" disabled={signUp.isPending}>
            Make the account
          </button>
        </form>
      )}
    </div>
  );
}
