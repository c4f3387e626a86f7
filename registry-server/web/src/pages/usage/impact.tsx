import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { submits } from '../../parts/form.js';

/** Whom it would hit to take a version away, or to add one that breaks. */
export function Impact({ name }: { name: string }) {
  const [version, setVersion] = useState<string>();
  return (
    <section>
      <h3>What a change would hit</h3>
      <form className="row" onSubmit={submits(({ wanted }) => setVersion(wanted))}>
        <label>
          Version; one that is not published yet, too
          <input name="wanted" placeholder="the latest" maxLength={100} />
        </label>
        <button type="submit">Look</button>
      </form>
      <ImpactOf name={name} version={version} />
    </section>
  );
}

/** What taking one version away, or adding it, would hit. @param version the latest when it is not said */
export function ImpactOf({ name, version }: { name: string; version: string | undefined }) {
  const asked = useAsked('getImpact', { path: { name }, ...(version ? { query: { version } } : {}) });
  return (
    <Shown asked={asked} what="what it would hit">
      {({ version: of, published, tags, freshness, dependents, downloads }) => (
        <>
          <dl className="facts-list">
            <dt>Version</dt>
            <dd>{`${of}, ${published ? 'published' : 'not published'}`}</dd>
            <dt>Channels</dt>
            <dd>{tags.join(', ') || 'none points at it'}</dd>
            <dt>Downloads</dt>
            <dd>{`${downloads.total.toLocaleString()} in 30 days`}</dd>
            <dt>Freshness</dt>
            <dd>
              {`the latest is ${freshness.latest}, published `}
              <Ago time={freshness.publishedAt} />
            </dd>
            <dt>Dependents</dt>
            <dd>
              {dependents.total === 0
                ? 'no package that you may see depends on it'
                : `${dependents.total}; ${dependents.taking} may have this version, ${dependents.stranded} could have no other`}
            </dd>
          </dl>
          {dependents.packages.length > 0 && (
            <ul>
              {dependents.packages.map(one => (
                <li key={one.name}>
                  <Link to="/package/$" params={{ _splat: one.name }}>
                    {one.name}
                  </Link>
                  {` ${one.version} asks for ${one.range}: ${hitText(one)}`}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Shown>
  );
}

function hitText({ takes, instead }: { takes: boolean; instead: string | null }): string {
  if (!takes) return 'does not take it';
  return instead === null ? 'would be left with none' : `would have ${instead} instead`;
}
