import { useMemo } from 'react';
import { markdownOr } from '../../parts/markdown.js';
import { useLoaded } from '../../parts/use-loaded.js';
import type { SectionProps } from './package-view.js';
import { LoadedLines } from './section.js';

/** The README, as Markdown reads in a terminal. */
export function ReadmeSection({ session, info, size, active }: SectionProps) {
  const { name, version } = info;
  const loaded = useLoaded(`${name}@${version}`, signal => session.open(name, version, signal));
  const readme = loaded.state === 'ready' ? loaded.value.readme : undefined;
  const lines = useMemo(
    () => (readme === undefined ? [] : markdownOr(readme, size.columns, 'This version has no README.')),
    [readme, size.columns],
  );
  return <LoadedLines loaded={loaded} size={size} active={active} lines={() => lines} />;
}
