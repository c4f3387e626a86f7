import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { PACKAGE_TABS, type PackageTab } from '../../page-search.js';
import { Ago } from '../../parts/ago.js';
import { Copy } from '../../parts/copy.js';
import { counted } from '../../parts/counted.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import './package.css';

export type Packument = AnswerOf<'getPackage'>;
/** What every tab is given. @property version the one that is looked at */
export interface TabProps {
  readonly found: Packument;
  readonly version: string;
}

const TITLES: Readonly<Record<PackageTab, string>> = {
  readme: 'README',
  prompts: 'Prompts',
  versions: 'Versions',
  compare: 'Compare',
  dependencies: 'Dependencies',
  compatibility: 'Compatibility',
  usage: 'Usage',
  security: 'Security',
};
const TABS = {
  readme: lazy(() => import('./readme-tab.js')),
  prompts: lazy(() => import('./prompts-tab.js')),
  versions: lazy(() => import('./versions-tab.js')),
  compare: lazy(() => import('./compare-tab.js')),
  dependencies: lazy(() => import('./dependencies-tab.js')),
  compatibility: lazy(() => import('./compatibility-tab.js')),
  usage: lazy(() => import('./usage-tab.js')),
  security: lazy(() => import('./security-tab.js')),
};

/** A package: what it is, how to get it, and all that the registry knows of it. */
export function PackagePage() {
  const { _splat: name = '' } = useParams({ strict: false });
  const { tab = 'readme', version: asked } = useSearch({ from: '/package/$' });
  const { data, error, refetch } = useQuery({
    queryKey: ['package', name],
    queryFn: ({ signal }) => call('getPackage', { path: { name } }, { signal }),
  });
  if (error && !data) return <Failure error={error} page retry={() => void refetch()} />;
  if (!data) return <Loading what={name} />;
  const version = shownVersion(data, asked);
  const Tab = TABS[tab];
  return (
    <div className="page">
      <title>{`${name}${tab === 'readme' ? '' : ` · ${TITLES[tab]}`} · prompd`}</title>
      <PackageHeader found={data} version={version} />
      <nav className="tabs" aria-label="About this package">
        {PACKAGE_TABS.map(id => (
          <Link
            key={id}
            to="/package/$"
            params={{ _splat: name }}
            search={{ tab: id, ...(asked === undefined ? {} : { version: asked }) }}
            activeOptions={{ exact: true }}
            aria-current={id === tab ? 'page' : undefined}
          >
            {TITLES[id]}
          </Link>
        ))}
      </nav>
      <section aria-labelledby="tab">
        <h2 id="tab">{TITLES[tab]}</h2>
        <Suspense fallback={<Loading what={TITLES[tab]} />}>
          <Tab found={data} version={version} />
        </Suspense>
      </section>
    </div>
  );
}

function PackageHeader({ found, version }: TabProps) {
  const { name, author, category, keywords, access, uplink } = found;
  const entry = found.versions[version];
  const scope = /^@[^/]+/.exec(name)?.[0];
  const isLatest = found['dist-tags']['latest'] === version;
  return (
    <header>
      <h1>
        {name} <span className="version">{version}</span>
      </h1>
      <p>{found.description || 'No description.'}</p>
      {entry?.deprecated !== undefined && (
        <p className="notice">
          <span className="badge warn">deprecated</span> {entry.deprecated}
        </p>
      )}
      <Copy text={`prompd install ${name}${isLatest ? '' : `@${version}`}`} what="the command" />
      <ul className="facts plain">
        {author && (
          <li>
            {'by '}
            <Link to="/author/$author" params={{ author }}>
              {author}
            </Link>
          </li>
        )}
        {scope && (
          <li>
            <Link to="/org/$scope" params={{ scope }}>
              {scope}
            </Link>
          </li>
        )}
        {category && (
          <li>
            <Link to="/search" search={{ category }}>
              {category}
            </Link>
          </li>
        )}
        {entry?.license && <li>{entry.license}</li>}
        <li>{counted(found.downloads, 'download')}</li>
        <li>
          {'published '}
          <Ago time={found.time[version] ?? found.time['modified'] ?? ''} />
        </li>
        {access === 'private' && <li className="badge">private</li>}
        {uplink !== undefined && <li>{`mirrored from ${uplink}`}</li>}
      </ul>
      {keywords.length > 0 && (
        <ul className="facts plain" aria-label="Keywords">
          {keywords.map(keyword => (
            <li key={keyword}>
              <Link to="/search" search={{ keyword }}>
                {keyword}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

function shownVersion(found: Packument, asked: string | undefined): string {
  if (asked !== undefined && Object.hasOwn(found.versions, asked)) return asked;
  return found['dist-tags']['latest'] ?? Object.keys(found.versions).at(-1) ?? '';
}
