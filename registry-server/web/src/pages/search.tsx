import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { call } from '../api/call.js';
import { counted } from '../parts/counted.js';
import { Failure } from '../parts/failure.js';
import { Loading } from '../parts/loading.js';
import { PackageCard } from '../parts/package-card.js';
import { SearchFacets } from './search-facets.js';

const PAGE = 20;
const SORTS = ['relevance', 'downloads', 'recency'] as const;

export function Search() {
  const search = useSearch({ from: '/search' });
  const { offset = 0, ...fromStart } = search;
  const query = { ...search, limit: PAGE };
  const { data, error, refetch } = useQuery({
    queryKey: ['search', query],
    queryFn: ({ signal }) => call('searchPackages', { query }, { signal }),
    placeholderData: keepPreviousData,
  });
  return (
    <div className="page">
      <title>{search.q ? `${search.q} · prompd` : 'Packages · prompd'}</title>
      <h1>{search.q ? `Packages for “${search.q}”` : 'Packages'}</h1>
      <p className="filters">
        {SORTS.map(sort => (
          <Link
            key={sort}
            to="/search"
            search={{ ...fromStart, sort }}
            aria-current={sort === (search.sort ?? 'relevance') ? 'true' : undefined}
          >
            {sort}
          </Link>
        ))}
        {search.category && (
          <Link to="/search" search={without(fromStart, 'category')}>{`category ${search.category} ✕`}</Link>
        )}
        {search.author && (
          <Link to="/search" search={without(fromStart, 'author')}>{`author ${search.author} ✕`}</Link>
        )}
        {search.keyword && (
          <Link to="/search" search={without(fromStart, 'keyword')}>{`keyword ${search.keyword} ✕`}</Link>
        )}
      </p>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Loading what="packages" />
      ) : null}
      {data && <p role="status">{data.total === 0 ? 'Nothing matches.' : counted(data.total, 'package')}</p>}
      {data?.total === 0 && (
        <p>
          Fewer words or another spelling may find more. <Link to="/search">All packages</Link>
        </p>
      )}
      <div className="results">
        <SearchFacets search={search} />
        {data && data.packages.length > 0 && (
          <section aria-labelledby="results">
            <h2 id="results">Results</h2>
            <div className="cards">
              {data.packages.map(found => (
                <PackageCard key={found.name} found={found} />
              ))}
            </div>
          </section>
        )}
      </div>
      {data && data.total > PAGE && (
        <nav className="pager" aria-label="Pages">
          {offset > 0 && (
            <Link to="/search" search={{ ...search, offset: Math.max(0, offset - PAGE) }}>
              Previous
            </Link>
          )}
          {offset + PAGE < data.total && (
            <Link to="/search" search={{ ...search, offset: offset + PAGE }}>
              Next
            </Link>
          )}
        </nav>
      )}
    </div>
  );
}

function without<T extends object, K extends keyof T>(search: T, key: K): Omit<T, K> {
  const { [key]: _removed, ...rest } = search;
  return rest;
}
