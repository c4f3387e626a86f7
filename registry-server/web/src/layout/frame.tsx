import { Link, Outlet } from '@tanstack/react-router';
import { Account } from './account.js';
import { SearchBox } from './search-box.js';
import { ThemeSwitch } from './theme-switch.js';

/** What stands around every page. */
export function Frame() {
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
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="bottom">
        <Link to="/api">API</Link>
        <a href="/readyz">Status</a>
      </footer>
    </>
  );
}
