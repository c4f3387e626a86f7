import { Box } from 'ink';
import { type ComponentType, useEffect } from 'react';
import { Form } from '../../parts/form.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf, type KeyName } from '../../parts/keys.js';
import { LineView } from '../../parts/line-view.js';
import { type ListSize, listMove } from '../../parts/list-state.js';
import { TextField } from '../../parts/text-field.js';
import { useModel } from '../../parts/use-model.js';
import { WindowedList } from '../../parts/windowed-list.js';
import { PACKAGE_VIEW_KEYS, PackageView } from '../package/package-view.js';
import { actOnPackage } from '../package-actions.js';
import type { BrowseTab, TabProps } from '../tab.js';
import { useInstalled } from '../use-installed.js';
import { filterValues, suggested, suggesting } from './filter-values.js';
import { foundLine } from './found-line.js';
import { descriptionLine, headingLine, hitColumns, hitLine, LEGEND } from './hit-line.js';
import { SEARCH_KEYS, type SearchKey } from './search-keys.js';
import { openSearch, queryOf, searchReducer } from './search-state.js';
import { useResults } from './use-results.js';

/** The tab that searches. @param text what is searched for at first */
export function searchTab(text: string): BrowseTab {
  const component: ComponentType<TabProps> = props => <SearchTab {...props} text={text} />;
  return {
    id: 'search',
    title: 'Search',
    component,
    keys: [
      { title: 'List of packages', table: SEARCH_KEYS },
      { title: 'A package', table: PACKAGE_VIEW_KEYS },
    ],
    note: LEGEND,
  };
}

/** Field, what was found, headings; below the list the description. */
const FRAME = 4;
const FILTER_ROWS = 5;

function SearchTab({ text, ...props }: TabProps & { readonly text: string }) {
  const { session, size, active, revision, now } = props;
  const search = useModel(searchReducer, () => openSearch(text));
  const { state, send } = search;
  const { results, marks } = useResults(session);
  const installed = useInstalled(session, revision);
  const { view, searching, error } = results.state;
  const isFiltering = state.focus === 'filters';
  const rows = Math.max(1, size.rows - FRAME - (isFiltering ? FILTER_ROWS : 0));
  const total = view?.total ?? 0;
  const listSize: ListSize = { length: total, rows };
  const query = queryOf(state);
  const { top, cursor } = state.list;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the query is what it is known by
  useEffect(() => results.want(query, state.focus !== 'field'), [results, JSON.stringify(query)]);
  useEffect(() => void send({ type: 'size', size: { length: total, rows } }), [send, total, rows]);
  useEffect(() => {
    results.see(top, top + rows);
    const seen = Array.from({ length: rows }, (_, at) => view?.hits.get(top + at)?.name);
    marks.see(seen.filter(name => name !== undefined));
  }, [results, marks, view, top, rows]);

  const hitsNow = () => results.state.view?.hits.values() ?? [];
  const hitAtCursor = () => results.state.view?.hits.get(search.now().list.cursor);
  const act = (action: SearchKey) => {
    const hit = hitAtCursor();
    switch (action) {
      case 'search':
        return send({ type: 'focus', focus: 'field' });
      case 'filters':
        return send({ type: 'focus', focus: 'filters' });
      case 'sort':
        return send({ type: 'sort' });
      case 'clear':
        return send({ type: 'clear' });
      case 'open':
        return hit && send({ type: 'open', name: hit.name });
      default: {
        const target = hit && { name: hit.name, version: hit.version, isLatest: true };
        if (target) actOnPackage(props, { ...target, installed: installed.get(hit.name) })(action);
        return;
      }
    }
  };
  const isActive = active && state.focus !== 'package';
  useKeys(
    'tab',
    key => {
      const { focus } = search.now();
      if (focus === 'field') return inField(key);
      if (focus === 'filters') return inFilters(key);
      const move = listMove(key);
      if (move !== undefined) {
        send({ type: 'move', move, size: listSize });
        return true;
      }
      const action = actionOf(SEARCH_KEYS, key);
      if (action === undefined) return false;
      act(action);
      return true;
    },
    isActive,
  );
  const inField = (key: KeyName): boolean => {
    if (key === 'enter' || key === 'down' || key === 'escape') {
      send({ type: 'focus', focus: 'list' });
      if (key === 'enter') results.want(queryOf(search.now()), true);
      return true;
    }
    if (key === 'tab' || key === 'shift+tab') return false;
    send({ type: 'type', key });
    return true;
  };
  const inFilters = (key: KeyName): boolean => {
    const value = key === 'right' ? suggested(search.now().form, hitsNow()) : undefined;
    if (key === 'enter') send({ type: 'apply' });
    else if (value !== undefined) send({ type: 'fill', value });
    else if (key === 'escape') send({ type: 'focus', focus: 'list' });
    else send({ type: 'form', key });
    return true;
  };

  if (state.opened !== undefined)
    return (
      <PackageView
        {...props}
        spec={state.opened}
        installed={installed}
        onClose={() => void send({ type: 'close' })}
      />
    );
  const columns = hitColumns(size.columns);
  const form = isFiltering ? suggesting(state.form, filterValues(state.form, hitsNow())) : state.form;
  const moment = now();
  return (
    <Box flexDirection="column">
      <TextField
        label="Search:"
        field={state.field}
        width={size.columns}
        active={active && state.focus === 'field'}
        placeholder="name, keyword or words of the description"
      />
      {isFiltering && <Form form={form} width={size.columns} rows={FILTER_ROWS} active={active} />}
      <LineView line={foundLine({ state, view, searching, error, width: size.columns })} />
      <LineView line={headingLine(columns)} />
      <WindowedList
        length={total}
        rows={rows}
        list={{ cursor, top }}
        active={state.focus === 'list'}
        line={index => {
          const hit = view?.hits.get(index);
          const facts = { hit, marks: hit && marks.of(hit.name), installed: hit && installed.get(hit.name) };
          return hitLine(facts, columns, moment);
        }}
      />
      <LineView line={descriptionLine(view?.hits.get(cursor), size.columns)} />
    </Box>
  );
}
