import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Differences } from '../../parts/differences.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import type { TabProps } from './package.js';

/** How two versions differ: what callers of the prompts meet, prompd.json, and the texts. */
export default function CompareTab({ found, version }: TabProps) {
  const { name } = found;
  const versions = Object.keys(found.versions);
  const asked = useSearch({ from: '/package/$' });
  const to = asked.to ?? version;
  const from = asked.from ?? versions[versions.indexOf(to) - 1] ?? versions[0] ?? to;
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['compare', name, from, to],
    queryFn: ({ signal }) => call('compareVersions', { path: { name }, query: { from, to } }, { signal }),
  });
  const choose = (side: 'from' | 'to') => (chosen: string) =>
    void navigate({
      to: '/package/$',
      params: { _splat: name },
      search: { tab: 'compare', from, to, [side]: chosen },
    });
  return (
    <>
      <div className="sides">
        <Side label="From" value={from} versions={versions} onChoose={choose('from')} />
        <Side label="To" value={to} versions={versions} onChoose={choose('to')} />
      </div>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        !data && <Loading what="the comparison" />
      )}
      {data && <Differences of={data} />}
    </>
  );
}

function Side(props: {
  label: string;
  value: string;
  versions: readonly string[];
  onChoose: (version: string) => void;
}) {
  const { label, value, versions, onChoose } = props;
  return (
    <label>
      {label}
      <select value={value} onChange={event => onChoose(event.target.value)}>
        {versions.toReversed().map(version => (
          <option key={version}>{version}</option>
        ))}
      </select>
    </label>
  );
}
