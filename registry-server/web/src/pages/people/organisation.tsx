import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useAccount } from '../../api/account.js';
import { call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import { PackageList } from '../../parts/package-list.js';

/** An organisation: what it says of itself, to those who may read that, and its packages. */
export function OrganisationPage() {
  const { scope } = useParams({ from: '/org/$scope' });
  const { data: facets } = useQuery({
    queryKey: ['facets', { scope }],
    queryFn: ({ signal }) => call('countFacets', { query: { scope } }, { signal }),
  });
  return (
    <div className="page">
      <title>{`${scope} · prompd`}</title>
      <h1>{scope}</h1>
      <About scope={scope} />
      <p className="facts">
        {facets?.categories.map(({ value, count }) => (
          <span key={value}>
            <Link to="/search" search={{ q: scope, category: value }}>
              {value}
            </Link>
            {` ${count}`}
          </span>
        ))}
        {facets?.authors.map(({ value }) => (
          <Link key={value} to="/author/$author" params={{ author: value }}>
            {value}
          </Link>
        ))}
      </p>
      <h2>Packages</h2>
      <PackageList
        query={{ scope, sort: 'downloads', limit: 100 }}
        isCounted
        none="Nothing of this scope is published that you may see."
      />
    </div>
  );
}

function About({ scope }: { scope: string }) {
  const account = useAccount();
  const { data } = useQuery({
    // Nobody but its members may read that.
    enabled: Boolean(account),
    queryKey: ['project', scope, 'about'],
    queryFn: ({ signal }) =>
      call('getProject', { path: { project: scope } }, { signal }).catch((error: unknown) => {
        // Projects show themselves to their members; a scope need not be one.
        if (error instanceof ApiProblem && error.status < 500) return null;
        throw error;
      }),
  });
  return data?.description ? <p>{data.description}</p> : null;
}
