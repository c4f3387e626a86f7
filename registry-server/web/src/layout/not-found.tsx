import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <section className="page narrow">
      <h1>There is no such page</h1>
      <p>
        The address may be mistyped, or you may have to sign in to see what is there. <Link to="/">Home</Link>
      </p>
    </section>
  );
}
