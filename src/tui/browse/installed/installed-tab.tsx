import { Box } from 'ink';
import { type ComponentType, useEffect, useMemo, useState } from 'react';
import { isPackageName } from '../../../core/name.js';
import type { InstalledDesk, InstalledNews, InstalledPackage } from '../../../ops/browse/installed.js';
import { shortened } from '../../parts/clean-text.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf } from '../../parts/keys.js';
import { textLine } from '../../parts/line.js';
import { LineView } from '../../parts/line-view.js';
import { listMove } from '../../parts/list-state.js';
import { useList } from '../../parts/use-list.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { WindowedList } from '../../parts/windowed-list.js';
import { PACKAGE_VIEW_KEYS, PackageView } from '../package/package-view.js';
import { failedLine } from '../package/section.js';
import { actOnPackage } from '../package-actions.js';
import type { BrowseTab, TabProps } from '../tab.js';
import { useInstalled } from '../use-installed.js';
import { useLast } from '../use-last.js';
import { INSTALLED_KEYS, type InstalledKey } from './installed-keys.js';
import {
  aboutInstalled,
  installedColumns,
  installedHeading,
  installedLine,
  installedSummary,
} from './installed-line.js';

/** The tab of what is installed. */
export function installedTab(desk: InstalledDesk): BrowseTab {
  const component: ComponentType<TabProps> = props => <InstalledTab {...props} desk={desk} />;
  return {
    id: 'installed',
    title: 'Installed',
    component,
    keys: [
      { title: 'What is installed', table: INSTALLED_KEYS },
      { title: 'A package', table: PACKAGE_VIEW_KEYS },
    ],
    note: 'wanted: the highest version that the range allows; latest: what the registry recommends',
  };
}

/** Summary and headings above the list, what is known of one package below. */
const FRAME = 3;
const NOTHING: readonly InstalledPackage[] = [];
const NO_NEWS: ReadonlyMap<string, InstalledNews> = new Map();

function InstalledTab({ desk, ...props }: TabProps & { readonly desk: InstalledDesk }) {
  const { session, size, active, revision, notify, change } = props;
  const [scope, setScope] = useState<'project' | 'store'>('project');
  const [asked, setAsked] = useState(0);
  const [opened, setOpened] = useState<string | undefined>(undefined);
  // Nobody is asked before the tab is looked at.
  const [seen, setSeen] = useState(active);
  useEffect(() => {
    if (active) setSeen(true);
  }, [active]);
  const listed = useLoaded(seen ? `${scope} ${revision} ${asked}` : undefined, () =>
    scope === 'project' ? desk.project() : desk.store(),
  );
  const told = useLoaded(seen && scope === 'project' ? `${revision} ${asked}` : undefined, () => desk.news());
  const items = useLast(listed, scope) ?? NOTHING;
  const survey = useLast(told, scope);
  const news = survey?.packages ?? NO_NEWS;
  const installed = useInstalled(session, revision);
  const counts = useMemo(() => installedSummary(items, news), [items, news]);
  const rows = Math.max(1, size.rows - FRAME);
  const list = useList({ length: items.length, rows });

  const act: Readonly<
    Record<'open' | 'latest' | 'scope' | 'again', (item: InstalledPackage | undefined) => void>
  > = {
    open: item => item && setOpened(item.current === undefined ? item.asked : `${item.name}@${item.current}`),
    latest(item) {
      const { asked: name } = item ?? {};
      if (name !== undefined && isPackageName(name) && scope === 'project')
        change(`Moving ${name} to the latest version`, options =>
          session.update(name, { ...options, latest: true }),
        );
    },
    scope: () => setScope(was => (was === 'project' ? 'store' : 'project')),
    again: () => setAsked(count => count + 1),
  };
  const actOn = (action: InstalledKey) => {
    const item = items[list.cursor()];
    if (action === 'open' || action === 'latest' || action === 'scope' || action === 'again')
      return act[action](item);
    if (!item || !isPackageName(item.asked)) return;
    if (scope === 'store' && (action === 'update' || action === 'remove'))
      return notify({
        text: 'The store belongs to all projects: "prompd prune" takes out what none needs.',
        tone: 'warn',
      });
    // The project knows it by the name that it asks under, everybody else by its own.
    const isChange = action === 'update' || action === 'remove';
    const name = isChange ? item.asked : (item.name ?? item.asked);
    const installed = item.current ?? item.range;
    actOnPackage(props, { name, version: item.current ?? '', isLatest: false, installed })(action);
  };
  useKeys(
    'tab',
    key => {
      const move = listMove(key);
      if (move !== undefined) {
        list.move(move);
        return true;
      }
      const action = actionOf(INSTALLED_KEYS, key);
      if (action === undefined) return false;
      actOn(action);
      return true;
    },
    active && opened === undefined,
  );

  if (opened !== undefined)
    return (
      <PackageView {...props} spec={opened} installed={installed} onClose={() => setOpened(undefined)} />
    );
  const columns = installedColumns(size.columns);
  const where = scope === 'project' ? session.project : 'the store';
  const isAsking = told.state === 'loading' && scope === 'project' && seen;
  const note = isAsking ? ', asking for newer versions ...' : survey?.cached ? ', as the cache has it' : '';
  const summary = `${where}: ${counts}${note}`;
  const at = items[list.state.cursor];
  return (
    <Box flexDirection="column">
      <LineView line={textLine(shortened(summary, size.columns), 'strong')} />
      <LineView line={installedHeading(columns)} />
      {items.length === 0 ? (
        <Box height={rows}>
          <LineView line={emptyLine(listed)} />
        </Box>
      ) : (
        <WindowedList
          length={items.length}
          rows={rows}
          list={list.state}
          active={active}
          line={index => {
            const item = items[index];
            return item ? installedLine(item, news.get(item.asked), columns) : [];
          }}
        />
      )}
      <LineView
        line={
          told.state === 'failed' && scope === 'project'
            ? failedLine(told.error)
            : aboutInstalled(at, at && news.get(at.asked), size.columns)
        }
      />
    </Box>
  );
}

function emptyLine(listed: { readonly state: string; readonly error?: unknown }) {
  if (listed.state === 'failed') return failedLine(listed.error);
  return textLine(
    listed.state === 'ready' ? '  Nothing is installed: "i" in the first tab installs.' : '  ...',
    'dim',
  );
}
