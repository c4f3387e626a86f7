import { useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { useChange } from '../../parts/change.js';
import { Failure } from '../../parts/failure.js';
import { SignedIn } from '../../parts/signed-in.js';

/** Where somebody lets a terminal or another device sign in as they. */
export function Device() {
  const { code = '' } = useSearch({ from: '/device' });
  const answer = useChange(
    (body: { userCode: string; approve: boolean }) =>
      call('answerDeviceLogin', { body }).then(device => ({ ...device, approved: body.approve })),
    ['listSessions', 'listOwnTokens'],
  );
  return (
    <SignedIn title="Let a device sign in">
      {user => (
        <section className="narrow">
          <h1>Let a device sign in</h1>
          {answer.error && <Failure error={answer.error} />}
          {answer.data ? (
            <p role="status">
              {answer.data.approved
                ? `${answer.data.client}${answer.data.label ? ` on ${answer.data.label}` : ''} is signed in as ${user.name}, and may ${answer.data.scopes.join(', ')}. Go back to it.`
                : 'The device was refused.'}
            </p>
          ) : (
            <form
              className="stack"
              onSubmit={event => {
                event.preventDefault();
                const { nativeEvent } = event;
                const pressed =
                  nativeEvent instanceof SubmitEvent
                    ? nativeEvent.submitter?.getAttribute('value')
                    : undefined;
                const userCode = String(new FormData(event.currentTarget).get('code')).trim();
                answer.mutate({ userCode, approve: pressed === 'approve' });
              }}
            >
              <p>
                Go on only if you have just started this yourself, and the code is the one that the device
                shows. It will act as <strong>{user.name}</strong>.
              </p>
              <label>
                Code
                <input name="code" defaultValue={code} required autoComplete="off" maxLength={40} />
              </label>
              <p className="row">
                <button type="submit" value="approve" className="primary" disabled={answer.isPending}>
                  Let it sign in
                </button>
                <button type="submit" value="deny" disabled={answer.isPending}>
                  Refuse
                </button>
              </p>
            </form>
          )}
        </section>
      )}
    </SignedIn>
  );
}
