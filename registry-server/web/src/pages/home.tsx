import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { PackageCard } from '../parts/package-card.js';

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
      <List title="Recently published" sort="recency" />
      <List title="Most used" sort="downloads" />
    </div>
  );
}

function List({ title, sort }: { title: string; sort: 'recency' | 'downloads' }) {
  const { data, error } = useQuery({
    queryKey: ['search', { sort, limit: 6 }],
    queryFn: ({ signal }) => call('searchPackages', { query: { sort, limit: 6 } }, { signal }),
  });
  return (
    <section aria-labelledby={`list-${sort}`}>
      <h2 id={`list-${sort}`}>
        <Link to="/search" search={{ sort }}>
          {title}
        </Link>
      </h2>
      {error ? <Failure error={error} /> : !data ? <Loading what="packages" /> : null}
      {data?.packages.length === 0 && <p>Nothing is published yet.</p>}
      <div className="cards">
        {data?.packages.map(found => (
          <PackageCard key={found.name} found={found} />
        ))}
      </div>
    </section>
  );
}
