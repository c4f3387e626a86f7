import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Markdown } from '../../parts/markdown.js';
import { SafeLink } from '../../parts/safe-link.js';
import type { TabProps } from './package.js';

/** What its author says of a version. */
export default function ReadmeTab({ found: { name }, version }: TabProps) {
  const { data, error, refetch } = useQuery({
    queryKey: ['version', name, version],
    queryFn: ({ signal }) => call('getVersion', { path: { name, version } }, { signal }),
  });
  if (error && !data) return <Failure error={error} retry={() => void refetch()} />;
  if (!data) return <Loading what="the README" />;
  return (
    <>
      <Links manifest={data.manifest} />
      {data.readme ? <Markdown text={data.readme} /> : <p className="hint">It has no README.</p>}
    </>
  );
}

const LINKS = [
  ['homepage', 'Homepage'],
  ['repository', 'Repository'],
  ['bugs', 'Problems'],
] as const;

/** Where its authors are found, as the manifest says. */
function Links({ manifest }: { manifest: Readonly<Record<string, unknown>> }) {
  const links = LINKS.flatMap(([field, title]) => {
    const url = addressOf(manifest[field]);
    return url === undefined ? [] : [{ title, url }];
  });
  if (links.length === 0) return null;
  return (
    <ul className="facts plain">
      {links.map(({ title, url }) => (
        <li key={title}>
          {`${title}: `}
          <SafeLink url={url}>{url}</SafeLink>
        </li>
      ))}
    </ul>
  );
}

/** A manifest has an address as text, or as the member of an object. */
function addressOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null || !('url' in value)) return undefined;
  return typeof value.url === 'string' ? value.url : undefined;
}
