import { useQuery } from '@tanstack/react-query';
import { call, type InputOf } from '../api/call.js';
import { counted } from './counted.js';
import { Failure } from './failure.js';
import { Loading } from './loading.js';
import { PackageCard } from './package-card.js';

type Query = NonNullable<InputOf<'searchPackages'>['query']>;

/** The packages that a search finds, as cards. @param isCounted whether to say how many there are in all */
export function PackageList({
  query,
  isCounted = false,
  none = 'Nothing is published yet.',
}: {
  query: Query;
  isCounted?: boolean;
  none?: string;
}) {
  const { data, error, refetch } = useQuery({
    queryKey: ['search', query],
    queryFn: ({ signal }) => call('searchPackages', { query }, { signal }),
  });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="packages" />;
  return (
    <>
      {isCounted && data.total > 0 && <p role="status">{counted(data.total, 'package')}</p>}
      {data.packages.length === 0 && <p>{none}</p>}
      <div className="cards">
        {data.packages.map(found => (
          <PackageCard key={found.name} found={found} />
        ))}
      </div>
    </>
  );
}
