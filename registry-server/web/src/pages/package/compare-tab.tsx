import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type AnswerOf, call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Patch } from '../../parts/patch.js';
import type { TabProps } from './package.js';

type Comparison = AnswerOf<'compareVersions'>;
const LEVELS = { breaking: 'bad', minor: 'warn', patch: 'good' } as const;

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
      {data && <Differences comparison={data} />}
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

function Differences({ comparison }: { comparison: Comparison }) {
  const { level, needed, changes, uncompared, manifest, files } = comparison;
  if (level === undefined) return <p role="status">They do not differ.</p>;
  return (
    <>
      <p role="status">
        <span className={`badge ${LEVELS[level]}`}>{level}</span>{' '}
        {needed &&
          `${uncompared.length > 0 ? 'As far as they could be compared, these' : 'These'} changes ask for ${needed.version} or higher.`}
      </p>
      <h3>Contract</h3>
      {changes.length === 0 && uncompared.length === 0 && <p>Whoever calls the prompts meets no change.</p>}
      <ul className="findings">
        {changes.map(({ kind, level: its, message, prompt, path }) => (
          <li key={`${kind} ${prompt ?? ''} ${path ?? ''} ${message}`}>
            <span className={`badge ${LEVELS[its]}`}>{its}</span> {message}
          </li>
        ))}
      </ul>
      {uncompared.length > 0 && (
        <p className="hint">
          {`Not compared, as they take text from other packages: ${[...new Set(uncompared.map(({ prompt }) => prompt))].join(', ')}.`}
        </p>
      )}
      {manifest.length > 0 && <ManifestChanges manifest={manifest} />}
      <h3>Files</h3>
      {files.length === 0 && <p>No file differs.</p>}
      {files.map(({ path, status, patch, note }) => (
        <details key={path} open={files.length <= 10}>
          <summary>
            <code>{path}</code> {status}
            {note !== undefined && `, ${note}`}
          </summary>
          {patch !== undefined && <Patch text={patch} />}
        </details>
      ))}
    </>
  );
}

function ManifestChanges({ manifest }: Pick<Comparison, 'manifest'>) {
  return (
    <>
      <h3>prompd.json</h3>
      <div className="wide">
        <table>
          <caption className="hidden">Changes of prompd.json</caption>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Before</th>
              <th scope="col">After</th>
            </tr>
          </thead>
          <tbody>
            {manifest.map(({ field, before, after }) => (
              <tr key={field}>
                <th scope="row">{field}</th>
                <td>{valueText(before)}</td>
                <td>{valueText(after)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
