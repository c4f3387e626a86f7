import { type AnswerOf, call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';

/** A way back for those who wrote what a request is about. */
export function Withdraw({ request }: { request: AnswerOf<'getApproval'> }) {
  const withdraw = useChange(
    (reason: string | undefined) =>
      call('withdrawApproval', { path: { id: request.id }, body: reason ? { reason } : {} }),
    ['getApproval', 'listApprovals', 'getModule', 'getModuleHistory'],
  );
  if (request.state !== 'pending') {
    return withdraw.isSuccess ? <p role="status">The request is withdrawn.</p> : null;
  }
  return (
    <section>
      <h2>Withdraw</h2>
      <p>{`${request.version} stays as what it is, a version that nobody approved; its number is not used again.`}</p>
      <Outcome of={withdraw} />
      <form className="stack narrow" onSubmit={submits(({ why }) => withdraw.mutate(why))}>
        <label>
          Why you withdraw it
          <input name="why" maxLength={2000} />
        </label>
        <p>
          <button type="submit" disabled={withdraw.isPending}>
            Withdraw the request
          </button>
        </p>
      </form>
    </section>
  );
}
