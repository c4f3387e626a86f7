import { useMutation } from '@tanstack/react-query';
import { Failure } from './failure.js';

/** The way on after something could not be saved, because somebody else was faster: what is saved now, in place of it. */
export function ReadAgain({
  of: { error, reset },
  read,
}: {
  of: { readonly error: unknown; readonly reset: () => void };
  read: () => Promise<void>;
}) {
  const again = useMutation({ mutationFn: read, onSuccess: reset });
  if (!error) return null;
  return (
    <>
      {again.error && <Failure error={again.error} />}
      <button type="button" disabled={again.isPending} onClick={() => again.mutate()}>
        Read what is saved now
      </button>
    </>
  );
}
