import { useSearch } from '@tanstack/react-router';
import { useAccount } from '../../api/account.js';
import { type AnswerOf, call } from '../../api/call.js';
import { useChange } from '../../parts/change.js';
import { Failure } from '../../parts/failure.js';
import { SignedIn } from '../../parts/signed-in.js';
import { DeviceForm, type Entered } from './device-form.js';

/** Where somebody lets a terminal or another device sign in as they. */
export function Device() {
  const { code = '' } = useSearch({ from: '/device' });
  return (
    <>
      <SignedIn title="Let a device sign in">
        {user => (
          <section className="narrow">
            <h1>Let a device sign in</h1>
            <Answer code={code} user={user.name} />
          </section>
        )}
      </SignedIn>
      {useAccount() === null && (
        <section className="page">
          <details className="card narrow">
            <summary>Or use a token, without signing in</summary>
            <Answer code={code} user={undefined} />
          </details>
        </section>
      )}
    </>
  );
}

function Answer({
  code,
  user,
}: {
  code: string;
  /** Who is signed in; undefined for whoever has a token. */
  user: string | undefined;
}) {
  const answer = useChange(
    async ({ userCode, approve, token }: Entered) => {
      const headers = user === undefined ? { authorization: `Bearer ${token}` } : {};
      const device = await call('answerDeviceLogin', { body: { userCode, approve } }, { headers });
      return { device, approve };
    },
    ['listSessions', 'listOwnTokens'],
  );
  if (answer.data)
    return <p role="status">{answer.data.approve ? saidOf(answer.data.device, user) : REFUSED}</p>;
  return (
    <>
      {answer.error && (
        <>
          <Failure error={answer.error} />
          <p className="hint">A code holds for a few minutes: begin anew on the device to get another one.</p>
        </>
      )}
      <DeviceForm code={code} user={user} isPending={answer.isPending} take={answer.mutate} />
    </>
  );
}

const REFUSED = 'The device was refused.';

function saidOf({ client, label, scopes }: AnswerOf<'answerDeviceLogin'>, user: string | undefined): string {
  return `${client}${label ? ` on ${label}` : ''} is signed in${user === undefined ? '' : ` as ${user}`}, and may ${scopes.join(', ')}. Go back to it.`;
}
