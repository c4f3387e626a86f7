import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useOnePress } from '../parts/one-press.js';
import { Account } from './account.js';
import { SearchBox } from './search-box.js';
import { ThemeSwitch } from './theme-switch.js';

/** What stands around every page. */
export function Frame() {
  const main = useArrival();
  useOnePress(main);
  return (
    <>
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <Link to="/" className="brand" aria-label="prompd registry, home">
          prompd
        </Link>
        <SearchBox />
        <nav aria-label="Account">
          <ThemeSwitch />
          <Account />
        </nav>
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="bottom">
        <Link to="/api">API</Link>
        <a href="/readyz">Status</a>
      </footer>
    </>
  );
}

/** Whoever comes to another page begins at its content, as with a page that the browser loads. */
function useArrival() {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const before = useRef<string>(undefined);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true });
    before.current = path;
  }, [path]);
  return main;
}
