import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type User, useAccount } from '../api/account.js';
import { Loading } from './loading.js';
import '../styles/work.css';

/** A page for who is signed in; others are led to where they do that, and back. */
export function SignedIn({ title, children }: { title: string; children: (user: User) => ReactNode }) {
  const user = useAccount();
  const path = useLocation({ select: ({ publicHref }) => publicHref });
  return (
    <div className="page">
      <title>{`${title} · prompd`}</title>
      {user === undefined ? (
        <Loading what="who you are" />
      ) : user === null ? (
        <section>
          <h1>{title}</h1>
          <p>You have to be signed in to see this.</p>
          <Link to="/sign-in" search={{ return: path }} className="button">
            Sign in to go on
          </Link>
        </section>
      ) : (
        children(user)
      )}
    </div>
  );
}
