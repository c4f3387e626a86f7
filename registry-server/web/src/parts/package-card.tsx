import { Link } from '@tanstack/react-router';
import type { AnswerOf } from '../api/call.js';
import { Ago } from './ago.js';
import { counted } from './counted.js';

export type FoundPackage = AnswerOf<'searchPackages'>['packages'][number];

/** A package in a list. */
export function PackageCard({ found }: { found: FoundPackage }) {
  return (
    <article className="card">
      <h3>
        <Link to="/package/$" params={{ _splat: found.name }}>
          {found.name}
        </Link>{' '}
        <span className="version">{found.version}</span>
      </h3>
      <p>{found.description || 'No description.'}</p>
      <p className="facts">
        {found.author && (
          <Link to="/author/$author" params={{ author: found.author }}>
            {found.author}
          </Link>
        )}
        {found.category && (
          <Link to="/search" search={{ category: found.category }}>
            {found.category}
          </Link>
        )}
        <span>{counted(found.downloads, 'download')}</span>
        <Ago time={found.updated} />
      </p>
    </article>
  );
}
