import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Copy } from '../../parts/copy.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';

/** A package: what it is, how to get it, and its versions. */
export function PackagePage() {
  const { _splat: name = '' } = useParams({ strict: false });
  const { data, error } = useQuery({
    queryKey: ['package', name],
    queryFn: ({ signal }) => call('getPackage', { path: { name } }, { signal }),
  });
  if (error) return <Failure error={error} page />;
  if (!data) return <Loading what={name} />;
  const latest = data['dist-tags']['latest'] ?? '';
  return (
    <div className="page">
      <title>{`${name} · prompd`}</title>
      <header>
        <h1>
          {name} <span className="version">{latest}</span>
        </h1>
        <p>{data.description}</p>
        <Copy text={`prompd install ${name}`} what="the command" />
      </header>
      <section aria-labelledby="versions">
        <h2 id="versions">Versions</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Tags</th>
              <th scope="col">Published</th>
            </tr>
          </thead>
          <tbody>
            {Object.keys(data.versions)
              .reverse()
              .map(version => (
                <tr key={version}>
                  <td>{version}</td>
                  <td>
                    {Object.entries(data['dist-tags'])
                      .filter(([, tagged]) => tagged === version)
                      .map(([tag]) => tag)
                      .join(', ')}
                  </td>
                  <td>
                    <Ago time={data.time[version] ?? ''} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </section>
      <p>
        <Link to="/search" search={{ author: data.author }}>{`More by ${data.author || 'this author'}`}</Link>
      </p>
    </div>
  );
}
