import type { ReactNode } from 'react';

export interface Entered {
  readonly userCode: string;
  readonly approve: boolean;
  /** Empty for who is signed in. */
  readonly token: string;
}

/** The code that a device shows, and whether it may sign in. */
export function DeviceForm({
  code,
  whose,
  byToken,
  isPending,
  take,
}: {
  code: string;
  whose: ReactNode;
  byToken: boolean;
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
        will act as {whose}.
      </p>
      <label>
        Code
        <input name="code" defaultValue={code} required autoComplete="off" maxLength={20} />
      </label>
      {byToken && (
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
