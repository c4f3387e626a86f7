import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { ScrollingPlace } from '../../parts/scrolling-table.js';
import { DependencyGraph } from './dependency-graph.js';
import type { TabProps } from './package.js';

/** Packages whose own dependencies are looked up. */
const MAX_LOOKED_UP = 12;

/** What a version depends on, and what that depends on in turn. */
export default function DependenciesTab({ found, version }: TabProps) {
  const dependencies = Object.entries(found.versions[version]?.dependencies ?? {});
  const lookedUp = useQueries({
    queries: dependencies.slice(0, MAX_LOOKED_UP).map(([name]) => ({
      queryKey: ['version', name, 'latest'],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call('getVersion', { path: { name, version: 'latest' } }, { signal }),
    })),
  });
  if (dependencies.length === 0) return <p>{`${found.name} ${version} depends on nothing.`}</p>;
  const tree = dependencies.map(([name, range], index) => ({
    name,
    range,
    next: Object.entries(lookedUp[index]?.data?.dependencies ?? {}),
  }));
  return (
    <>
      <ScrollingPlace title="Graph of the dependencies">
        <DependencyGraph name={found.name} tree={tree} />
      </ScrollingPlace>
      <ul>
        {tree.map(({ name, range, next }) => (
          <li key={name}>
            <Dependency name={name} range={range} />
            {next.length > 0 && (
              <ul>
                {next.map(([inner, wanted]) => (
                  <li key={inner}>
                    <Dependency name={inner} range={wanted} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </ul>
      {tree.some(({ next }) => next.length > 0) && (
        <p className="hint">The second level is what their latest versions depend on.</p>
      )}
    </>
  );
}

function Dependency({ name, range }: { name: string; range: string }) {
  return (
    <>
      <Link to="/package/$" params={{ _splat: name }}>
        {name}
      </Link>{' '}
      <span className="version">{range}</span>
    </>
  );
}
