import test from 'ava';
import { ageText, countText, hitColumns, hitLine } from '#prompd/tui/browse/search/hit-line.js';
import {
  openSearch,
  queryOf,
  type SearchAction,
  type SearchState,
  searchReducer,
} from '#prompd/tui/browse/search/search-state.js';
import { widthOf } from '#prompd/tui/parts/clean-text.js';
import { hit } from './hits.js';

const SIZE = { length: 50, rows: 10 };

function after(state: SearchState, ...actions: SearchAction[]): SearchState {
  return actions.reduce(searchReducer, state);
}

function keys(type: 'type' | 'form', text: string): SearchAction[] {
  return [...text].map(key => ({ type, key }));
}

test('without words the field has the keys at first, with words the list has them', t => {
  t.is(openSearch('').focus, 'field');
  t.is(openSearch('tone').focus, 'list');
});

test('what is typed is looked for, from the first result on', t => {
  const moved = after(openSearch(''), { type: 'move', move: 'last', size: SIZE }, ...keys('type', 'to'));
  t.deepEqual(queryOf(moved), { text: 'to', sort: 'relevance' });
  t.is(moved.list.cursor, 0);
});

test('filters count when they are applied, and are thrown away when they are left', t => {
  const open = { type: 'focus', focus: 'filters' } as const;
  const typing = after(
    openSearch('x'),
    open,
    ...keys('form', 'ops'),
    { type: 'form', key: 'down' },
    ...keys('form', 'Jane'),
  );
  t.deepEqual(queryOf(after(typing, { type: 'apply' })), {
    text: 'x',
    category: 'ops',
    author: 'Jane',
    sort: 'relevance',
  });
  t.deepEqual(queryOf(after(typing, { type: 'focus', focus: 'list' })), { text: 'x', sort: 'relevance' });
  t.deepEqual(queryOf(after(typing, { type: 'apply' }, { type: 'clear' })), { text: '', sort: 'relevance' });
});

test('sorting goes round, and begins at the top', t => {
  const state = after(openSearch('x'), { type: 'move', move: 'down', size: SIZE }, { type: 'sort' });
  t.is(state.sort, 'downloads');
  t.is(state.list.cursor, 0);
  t.is(after(state, { type: 'sort' }, { type: 'sort' }).sort, 'relevance');
});

test('whoever comes back from a package finds the list as it was', t => {
  const state = after(openSearch('x'), { type: 'move', move: 'last', size: SIZE });
  const back = after(state, { type: 'open', name: '@acme/tone' }, { type: 'close' });
  t.deepEqual(back, state);
});

for (const width of [80, 109, 110, 200]) {
  test(`a line of the list fits into ${width} columns and says what the marks are without colour`, t => {
    const marks = { signed: true, approved: true, deprecated: true };
    const facts = { hit: hit(1, { description: '漢字 '.repeat(40) }), marks, installed: '0.9.0' };
    const line = hitLine(facts, hitColumns(width), new Date('2026-01-08T00:00:00Z'));
    const text = line.map(span => span.text).join('');
    t.true(widthOf(text) + 2 <= width, text);
    t.regex(text, width >= 110 ? /signed approved deprecated inst/ : /SADU$/);
    t.regex(text, /^@acme\/package-1 +1\.2\.3 +12\.3k +7d/);
  });
}

test('counts and ages are short', t => {
  const now = new Date('2026-01-01T00:00:00Z');
  t.deepEqual([0, 999, 1_000, 123_456, 2_500_000].map(countText), ['0', '999', '1.0k', '123k', '2.5M']);
  t.deepEqual(
    ['2025-12-31T20:00:00Z', '2025-12-20', '2025-11-15', '2025-03-01', '2020-01-01', 'never'].map(time =>
      ageText(time, now),
    ),
    ['4h', '12d', '6w', '10mo', '6y', ''],
  );
});
