import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.js';
import type { SearchParams } from '../router.js';

const KINDS = [
  ['category', 'categories', 'Category'],
  ['author', 'authors', 'Author'],
  ['keyword', 'keywords', 'Keyword'],
] as const;
/** Values of a kind that are shown. */
const SHOWN = 12;

/** What a search can be narrowed by, with how much would be left. */
export function SearchFacets({ search }: { search: SearchParams }) {
  const { offset: _offset, sort: _sort, ...query } = search;
  const { data } = useQuery({
    queryKey: ['facets', query],
    queryFn: ({ signal }) => call('countFacets', { query }, { signal }),
    placeholderData: keepPreviousData,
  });
  // Where it stands above the results, they come first.
  const [isWide] = useState(() => window.matchMedia('(min-width: 48rem)').matches);
  if (!data || KINDS.every(([, many]) => data[many].length === 0)) return <div />;
  return (
    <details className="facets" open={isWide}>
      <summary>
        <h2>Narrow</h2>
      </summary>
      {KINDS.map(([key, many, title]) => {
        const values = data[many].slice(0, SHOWN);
        if (values.length === 0) return null;
        return (
          <div key={key}>
            <h3>{title}</h3>
            <ul className="plain">
              {values.map(({ value, count }) => (
                <li key={value}>
                  <FacetLink search={search} facet={key} value={value} />
                  {` ${count}`}
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </details>
  );
}

function FacetLink(props: { search: SearchParams; facet: 'category' | 'author' | 'keyword'; value: string }) {
  const { search, facet, value } = props;
  const { offset: _offset, [facet]: chosen, ...rest } = search;
  const isChosen = chosen?.toLowerCase() === value.toLowerCase();
  return (
    <Link
      to="/search"
      search={isChosen ? rest : { ...rest, [facet]: value }}
      aria-current={isChosen ? 'true' : undefined}
    >
      {value}
      {isChosen && <span className="hidden">, chosen: take away</span>}
    </Link>
  );
}
