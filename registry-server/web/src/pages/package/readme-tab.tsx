import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { Markdown } from '../../parts/markdown.js';
import type { TabProps } from './package.js';

/** What its author says of a version. */
export default function ReadmeTab({ found: { name }, version }: TabProps) {
  const { data, error } = useQuery({
    queryKey: ['version', name, version],
    queryFn: ({ signal }) => call('getVersion', { path: { name, version } }, { signal }),
  });
  if (error) return <Failure error={error} />;
  if (!data) return <Loading what="the README" />;
  return data.readme ? <Markdown text={data.readme} /> : <p className="hint">It has no README.</p>;
}
