import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useAccount, useAccountChanged } from '../api/account.js';
import { call } from '../api/call.js';

/** Who is signed in, or how to. */
export function Account() {
  const user = useAccount();
  const changed = useAccountChanged();
  const navigate = useNavigate();
  const path = useLocation({ select: ({ publicHref }) => publicHref });
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
        onClick={async () => {
          await call('signOut', {});
          await navigate({ to: '/' });
          await changed();
        }}
      >
        Sign out
      </button>
    </>
  );
}
