export interface Entered {
  readonly userCode: string;
  readonly approve: boolean;
  /** Empty for who is signed in. */
  readonly token: string;
}

/** The code that a device shows, and whether it may sign in. */
export function DeviceForm({
  code,
  user,
  isPending,
  take,
}: {
  code: string;
  /** As whom the device will act; undefined for the user of a token that is asked for. */
  user: string | undefined;
  isPending: boolean;
  take: (entered: Entered) => void;
}) {
  return (
    <form
      className="stack"
      onSubmit={event => {
        event.preventDefault();
        const { nativeEvent } = event;
        const pressed =
          nativeEvent instanceof SubmitEvent ? nativeEvent.submitter?.getAttribute('value') : undefined;
        const all = new FormData(event.currentTarget);
        const text = (name: string) => String(all.get(name) ?? '').trim();
        take({ userCode: text('code'), approve: pressed === 'approve', token: text('token') });
      }}
    >
      <p>
        Go on only if you have just started this yourself, and the code is the one that the device shows. It
        will act as{' '}
        {user === undefined ? (
          'whose the token is, and may do no more than the token'
        ) : (
          <strong>{user}</strong>
        )}
        .
      </p>
      <label>
        Code
        <input name="code" defaultValue={code} required autoComplete="off" maxLength={20} />
      </label>
      {user === undefined && (
        <label>
          Token of yours
          <input name="token" type="password" required autoComplete="off" maxLength={512} />
        </label>
      )}
      <p className="row">
        <button type="submit" value="approve" className="primary" disabled={isPending}>
          Let it sign in
        </button>
        <button type="submit" value="deny" disabled={isPending}>
          Refuse
        </button>
      </p>
    </form>
  );
}
