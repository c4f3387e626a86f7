import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { daysUpTo, SeriesChart, today } from '../../parts/series-chart.js';
import { Shares } from '../../parts/shares.js';
import type { TabProps } from './package.js';

/** Who downloads a package, and what depends on it. */
export default function UsageTab({ found: { name } }: TabProps) {
  const path = { name };
  const downloads = useQuery({
    queryKey: ['downloads', name],
    queryFn: ({ signal }) => call('getDownloads', { path }, { signal }),
  });
  const dependents = useQuery({
    queryKey: ['dependents', name],
    queryFn: ({ signal }) => call('getDependents', { path, query: { limit: 100 } }, { signal }),
  });
  return (
    <>
      <h3>Downloads of the last 30 days</h3>
      {downloads.error ? (
        <Failure error={downloads.error} retry={() => void downloads.refetch()} />
      ) : (
        !downloads.data && <Loading what="downloads" />
      )}
      {downloads.data && (
        <>
          <SeriesChart
            title="Downloads a day"
            days={daysUpTo(today())}
            series={[
              {
                name: 'downloads',
                counts: new Map(downloads.data.days.map(({ day, count }) => [day, count])),
              },
            ]}
          />
          <Shares title="By version" rows={downloads.data.versions.map(row => [row.version, row.count])} />
          <Shares title="By client" rows={downloads.data.clients.map(row => [row.client, row.count])} />
        </>
      )}
      <h3>Dependents</h3>
      {dependents.error ? (
        <Failure error={dependents.error} retry={() => void dependents.refetch()} />
      ) : (
        !dependents.data && <Loading what="dependents" />
      )}
      {dependents.data?.total === 0 && <p>No package that you may see depends on it.</p>}
      <ul>
        {dependents.data?.packages.map(dependent => (
          <li key={dependent.name}>
            <Link to="/package/$" params={{ _splat: dependent.name }}>
              {dependent.name}
            </Link>{' '}
            <span className="version">{`${dependent.version} asks for ${dependent.range}`}</span>
          </li>
        ))}
      </ul>
      {dependents.data && dependents.data.total > dependents.data.packages.length && (
        <p className="hint">{`The first ${dependents.data.packages.length} of ${dependents.data.total}.`}</p>
      )}
    </>
  );
}
