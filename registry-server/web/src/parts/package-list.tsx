import { useQuery } from '@tanstack/react-query';
import { call, type InputOf } from '../api/call.js';
import { Failure } from './failure.js';
import { Loading } from './loading.js';
import { PackageCard } from './package-card.js';

type Query = NonNullable<InputOf<'searchPackages'>['query']>;

/** The packages that a search finds, as cards. @param counted whether to say how many there are in all */
export function PackageList({ query, counted = false }: { query: Query; counted?: boolean }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['search', query],
    queryFn: ({ signal }) => call('searchPackages', { query }, { signal }),
  });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="packages" />;
  return (
    <>
      {counted && <p role="status">{data.total === 1 ? '1 package' : `${data.total} packages`}</p>}
      {data.packages.length === 0 && <p>Nothing is published yet.</p>}
      <div className="cards">
        {data.packages.map(found => (
          <PackageCard key={found.name} found={found} />
        ))}
      </div>
    </>
  );
}
