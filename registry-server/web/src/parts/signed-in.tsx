import { Link, useLocation } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type User, useAccount } from '../api/account.js';
import { Loading } from './loading.js';
import '../styles/work.css';

/** A page for who is signed in; others are led to where they do that, and back. */
export function SignedIn({ title, children }: { title: string; children: (user: User) => ReactNode }) {
  const user = useAccount();
  // Whose session ends meanwhile keeps what they have written.
  const [last, setLast] = useState<User>();
  if (user && user !== last) setLast(user);
  const shown = user ?? last;
  return (
    <div className="page">
      <title>{`${title} · prompd`}</title>
      {user === null && last && (
        <section className="failure" role="alert">
          <h2>You are no longer signed in</h2>
          <p>
            What you see is as it was, and nothing you write is saved. Sign in, and come back to this page.
          </p>
          <WayIn elsewhere />
        </section>
      )}
      {shown ? (
        children(shown)
      ) : user === undefined ? (
        <Loading what="who you are" />
      ) : (
        <section>
          <h1>{title}</h1>
          <p>You have to be signed in to see this.</p>
          <WayIn />
        </section>
      )}
    </div>
  );
}

/** @param elsewhere in a window of its own, so that this one stays */
function WayIn({ elsewhere = false }: { elsewhere?: boolean }) {
  const path = useLocation({ select: ({ publicHref }) => publicHref });
  return (
    <Link
      to="/sign-in"
      search={{ return: path }}
      className="button"
      {...(elsewhere ? { target: '_blank' } : {})}
    >
      Sign in to go on
    </Link>
  );
}
