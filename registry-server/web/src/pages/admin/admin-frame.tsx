import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { User } from '../../api/account.js';
import { SignedIn } from '../../parts/signed-in.js';

const TABS = [
  ['/admin', 'Health'],
  ['/admin/users', 'Users'],
  ['/admin/tokens', 'Tokens'],
  ['/admin/sign-in', 'Sign-in'],
  ['/admin/audit', 'Audit'],
] as const;

/** What stands around each page for those who run the registry. */
export function AdminFrame({ title, children }: { title: string; children: (user: User) => ReactNode }) {
  return (
    <SignedIn title={`${title} of the registry`}>
      {user => (
        <>
          <h1>The registry</h1>
          {user.admin ? (
            <>
              <nav className="tabs" aria-label="Parts of the registry">
                {TABS.map(([to, name]) => (
                  <Link key={to} to={to} activeOptions={{ exact: true }}>
                    {name}
                  </Link>
                ))}
              </nav>
              <h2>{title}</h2>
              {children(user)}
            </>
          ) : (
            <p role="status">This is for administrators of the registry.</p>
          )}
        </>
      )}
    </SignedIn>
  );
}
