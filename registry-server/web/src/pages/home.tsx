import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { PackageList } from '../parts/package-list.js';

/** What there is, for whoever comes by. */
export function Home() {
  return (
    <div className="page">
      <title>prompd registry</title>
      <section className="hero">
        <h1>Prompts, kept like the rest of your code</h1>
        <p>Versioned packages of prompts: searched, reviewed, installed, and served to what runs.</p>
        <code className="install">npx prompd install &lt;package&gt;</code>
      </section>
      <Categories />
      <List title="Recently published" sort="recency" />
      <List title="Most used" sort="downloads" />
    </div>
  );
}

/** They are an aid: without them the page stands. */
function Categories() {
  const { data } = useQuery({
    queryKey: ['facets', {}],
    queryFn: ({ signal }) => call('countFacets', {}, { signal }),
  });
  if (!data || data.categories.length === 0) return null;
  return (
    <section aria-labelledby="categories">
      <h2 id="categories">Categories</h2>
      <ul className="facts plain">
        {data.categories.map(({ value, count }) => (
          <li key={value}>
            <Link to="/search" search={{ category: value }}>
              {value}
            </Link>
            {` ${count}`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function List({ title, sort }: { title: string; sort: 'recency' | 'downloads' }) {
  return (
    <section aria-labelledby={`list-${sort}`}>
      <h2 id={`list-${sort}`}>
        <Link to="/search" search={{ sort }}>
          {title}
        </Link>
      </h2>
      <PackageList query={{ sort, limit: 6 }} />
    </section>
  );
}
