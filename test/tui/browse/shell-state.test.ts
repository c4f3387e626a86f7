import test from 'ava';
import { headerLine } from '#prompd/tui/browse/header.js';
import {
  openShell,
  type ShellAction,
  type ShellState,
  shellReducer,
} from '#prompd/tui/browse/shell-state.js';
import { statusLine } from '#prompd/tui/browse/status-line.js';
import type { Line } from '#prompd/tui/parts/line.js';

function after(...actions: ShellAction[]): ShellState {
  return actions.reduce(shellReducer, openShell(3));
}

function text(line: Line): string {
  return line
    .map(span => span.text)
    .join('')
    .trimEnd();
}

test('tabs are chosen by number and one after the other, and a number without a tab does nothing', t => {
  t.is(after({ type: 'tab', index: 2 }).tab, 2);
  t.is(after({ type: 'tab', index: 3 }).tab, 0);
  t.is(after({ type: 'next-tab', step: -1 }).tab, 2);
  t.is(after({ type: 'help', shown: true }, { type: 'next-tab', step: 1 }).help, false);
});

test('a change shows how far it is, then how it ended and that it can be taken back', t => {
  const job = { type: 'job', label: 'Installing @acme/tone' } as const;
  const progress = { type: 'progress', progress: { phase: 'fetch', done: 2, total: 5 } } as const;
  t.is(text(statusLine(after(job, progress), 80)), 'Installing @acme/tone ... fetching 2 of 5');
  const done = {
    type: 'done',
    notice: { text: 'Installed.', undoable: true },
    undo: 'install of @acme/tone',
  } as const;
  const state = after(job, progress, done);
  t.is(text(statusLine(state, 80)), 'Installed.  z: undo');
  const later = { ...state, notice: { text: '@bank/kyc@1.0.0 is declined.' } };
  t.is(text(statusLine(later, 80)), '@bank/kyc@1.0.0 is declined.', 'which nothing takes back');
  const idle = { ...state, notice: undefined };
  t.is(text(statusLine(idle, 80)), '?: keys  q: leave  z: undo the install of @acme/tone');
  t.is(state.revision, 1);
  t.is(text(statusLine(after(progress), 80)), '?: keys  q: leave', 'progress without a change is none');
});

test('while a field takes what is typed, no letter is named as a key', t => {
  const typing = { type: 'typing', step: 1 } as const;
  t.is(text(statusLine(after(typing), 80)), 'Esc: no more text  Ctrl-C: leave');
  t.is(
    text(statusLine(after(typing, typing, { ...typing, step: -1 }), 80)),
    'Esc: no more text  Ctrl-C: leave',
  );
  t.is(text(statusLine(after(typing, { ...typing, step: -1 }), 80)), '?: keys  q: leave');
});

test('a question stands above all that the last line shows', t => {
  const state = after(
    { type: 'notice', notice: { text: 'old' } },
    { type: 'question', question: 'Remove it?' },
  );
  t.is(text(statusLine(state, 80)), 'Remove it? y: yes  n: no');
});

test('the header says in words which tab is seen and that the registry cannot be reached', t => {
  const tabs = [
    { id: 'a', title: 'Search' },
    { id: 'b', title: 'Installed' },
  ];
  const header = (tab: number, offline: boolean, width = 80) =>
    text(headerLine({ tabs, state: { tab, offline }, registry: 'https://example.com/', width }));
  t.is(header(1, false), ` 1 Search [2 Installed]${' '.repeat(37)}https://example.com/`);
  t.regex(header(0, true), /OFFLINE, from the cache: https:\/\/example\.com\/$/);
  t.is(header(0, true, 40).length, 40);
});
