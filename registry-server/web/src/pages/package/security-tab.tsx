import { useQuery } from '@tanstack/react-query';
import { type AnswerOf, call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import type { TabProps } from './package.js';
import { advisoriesOf } from './versions-tab.js';

/** What there is to trust a version by, and what speaks against it. */
export default function SecurityTab({ found, version }: TabProps) {
  const { name } = found;
  const findings = useQuery({
    queryKey: ['findings', name, version],
    queryFn: ({ signal }) => call('getFindings', { path: { name, version } }, { signal }),
  });
  const advisories = advisoriesOf(found, version);
  return (
    <>
      <h3>Scan findings</h3>
      {findings.error ? (
        <Failure error={findings.error} retry={() => void findings.refetch()} />
      ) : (
        !findings.data && <Loading what="the findings" />
      )}
      {findings.data && <Findings findings={findings.data.findings} />}
      <h3>Advisories</h3>
      {advisories.length === 0 && <p>{`None holds for ${version}.`}</p>}
      <ul>
        {advisories.map(({ id, severity, title, vulnerable, patched }) => (
          <li key={id}>
            <span className="badge bad">{severity}</span> {title}{' '}
            <span className="version">{`${id}, ${vulnerable}${patched === undefined ? '' : `, mended in ${patched}`}`}</span>
          </li>
        ))}
      </ul>
      <h3>Signatures</h3>
      <Signatures found={found} version={version} />
    </>
  );
}

function Findings({ findings }: Pick<AnswerOf<'getFindings'>, 'findings'>) {
  if (findings.length === 0) return <p role="status">The scan finds nothing.</p>;
  return (
    <ul className="findings">
      {findings.map(({ rule, level, message, file, line = 0, column = 0, hint }) => (
        <li key={`${rule} ${file} ${line} ${column} ${message}`}>
          <span className={`badge ${level === 'high' || level === 'critical' ? 'bad' : 'warn'}`}>
            {level}
          </span>{' '}
          {message}{' '}
          <span className="version">{`${file}${line > 0 ? `:${line}:${column}` : ''} (${rule})`}</span>
          {hint !== undefined && <p className="hint">{hint}</p>}
        </li>
      ))}
    </ul>
  );
}

function Signatures({ found, version }: TabProps) {
  const dist = found.versions[version]?.dist;
  if (!dist) return null;
  const { signatures, authorSignatures = [], integrity, size, unpackedSize, fileCount } = dist;
  return (
    <dl className="pairs">
      <dt>Registry</dt>
      <dd>
        {signatures.length === 0 ? 'not signed' : 'signed with the key '}
        {signatures.map(({ keyid }) => (
          <code key={keyid}>{keyid}</code>
        ))}
      </dd>
      <dt>Author</dt>
      <dd>
        {authorSignatures.length === 0 ? 'not signed' : 'signed with the key '}
        {authorSignatures.map(({ keyid }) => (
          <code key={keyid}>{keyid}</code>
        ))}
      </dd>
      <dt>Integrity</dt>
      <dd>
        <code>{integrity}</code>
      </dd>
      <dt>Archive</dt>
      <dd>
        <a href={dist.tarball}>{`${size.toLocaleString()} bytes`}</a>
        {`; ${fileCount} files of ${unpackedSize.toLocaleString()} bytes`}
      </dd>
    </dl>
  );
}
