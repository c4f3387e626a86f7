import { shortened } from '../../parts/clean-text.js';
import type { Line } from '../../parts/line.js';

export const SECTIONS = ['README', 'Prompts', 'Versions', 'Dependencies', 'Dependents', 'Scan'] as const;

/** The names of the sections; the one that is seen stands in brackets. */
export function sectionLine(seen: number, width: number): Line {
  const names = SECTIONS.map((name, at) => (at === seen ? `[${name}]` : ` ${name} `));
  const all = names.join(' ');
  if (all.length <= width)
    return names.flatMap((text, at) => [
      { text, tone: at === seen ? ('strong' as const) : ('dim' as const) },
      { text: ' ' },
    ]);
  return [{ text: shortened(`< ${names[seen]} >`, width), tone: 'strong' }];
}
