import { cleanLine, shortened, widthOf } from '../parts/clean-text.js';
import type { Line, Span } from '../parts/line.js';
import { LineView } from '../parts/line-view.js';
import type { ShellState } from './shell-state.js';
import type { BrowseTab } from './tab.js';

export interface HeaderProps {
  readonly tabs: readonly Pick<BrowseTab, 'id' | 'title'>[];
  readonly state: Pick<ShellState, 'tab' | 'offline'>;
  readonly registry: string;
  readonly width: number;
}

/** The first line: the tabs, where things come from, and whether that can be reached. */
export function Header(props: HeaderProps) {
  return <LineView line={headerLine(props)} />;
}

/** The tab that is seen stands in brackets, so that it is known without colours. */
export function headerLine({ tabs, state, registry, width }: HeaderProps): Line {
  const left = tabs.map(({ title }, at): Span => {
    const isSeen = at === state.tab;
    return {
      text: isSeen ? `[${at + 1} ${title}]` : ` ${at + 1} ${title} `,
      tone: isSeen ? 'strong' : 'dim',
    };
  });
  const used = left.reduce((sum, { text }) => sum + widthOf(text), 0);
  const mark = state.offline ? 'OFFLINE, from the cache: ' : '';
  const room = Math.max(0, width - used - 2);
  const right = shortened(`${mark}${cleanLine(registry)}`, room);
  return [
    ...left,
    { text: ' '.repeat(Math.max(0, width - used - widthOf(right))) },
    { text: right, tone: state.offline ? 'warn' : 'dim' },
  ];
}
