import { useMutation } from '@tanstack/react-query';
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useAccount, useAccountChanged } from '../api/account.js';
import { call } from '../api/call.js';
import { mayLoseUnsaved } from '../parts/unsaved.js';

/** Who is signed in, or how to. */
export function Account() {
  const user = useAccount();
  const changed = useAccountChanged();
  const navigate = useNavigate();
  const path = useLocation({ select: ({ publicHref }) => publicHref });
  const signOut = useMutation({
    mutationFn: () => call('signOut', {}),
    onSuccess: async () => {
      // It was asked before: who is signed out does not stay on a page of theirs.
      await navigate({ to: '/', ignoreBlocker: true });
      await changed();
    },
  });
  if (user === undefined) return null;
  if (user === null) {
    return (
      <Link to="/sign-in" search={path.startsWith('/web/sign-') ? true : { return: path }} className="button">
        Sign in
      </Link>
    );
  }
  return (
    <>
      <Link to="/dashboard">Dashboard</Link>
      <Link to="/projects">Projects</Link>
      <Link to="/approvals">Approvals</Link>
      {user.admin && <Link to="/admin">Registry</Link>}
      <Link to="/account" className="user">
        {user.displayName || user.name}
      </Link>
      <button
        type="button"
        className="quiet"
        disabled={signOut.isPending}
        onClick={() => {
          if (mayLoseUnsaved()) signOut.mutate();
        }}
      >
        Sign out
      </button>
      {signOut.error && (
        <p role="alert" className="fault">
          {`You are still signed in. ${signOut.error.message}`}
        </p>
      )}
    </>
  );
}
