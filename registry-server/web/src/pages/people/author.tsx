import { Link, useParams } from '@tanstack/react-router';
import { PackageList } from '../../parts/package-list.js';

/** What an author has published. */
export function AuthorPage() {
  const { author } = useParams({ from: '/author/$author' });
  return (
    <div className="page">
      <title>{`${author} · prompd`}</title>
      <h1>{author}</h1>
      <h2>Packages</h2>
      <PackageList
        query={{ author, sort: 'downloads', limit: 100 }}
        isCounted
        none="Nobody of this name has published anything that you may see."
      />
      <p>
        <Link to="/search" search={{ author }}>
          Search among them
        </Link>
      </p>
    </div>
  );
}
