import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { parseVersion } from '#prompd/core/version.js';
import type { BrowseSession, ChangeOptions } from '#prompd/ops/browse/session.js';
import { Browser } from '#prompd/tui/browse/app.js';
import { searchTab } from '#prompd/tui/browse/search/search-tab.js';
import { widthOf } from '#prompd/tui/parts/clean-text.js';
import { showInk } from '../../support/ink.js';
import { sessionWith } from './hits.js';

const ESCAPE = '\u001b';
const NOW = () => new Date('2026-01-08T00:00:00Z');

async function show(t: ExecutionContext, session: BrowseSession, text = 'package') {
  const copied: string[] = [];
  const terminal = { copy: (word: string) => void copied.push(word), open: async () => false };
  const shown = await showInk(
    t,
    <Browser session={session} tabs={[searchTab(text)]} terminal={terminal} now={NOW} colour={false} />,
  );
  return { ...shown, copied };
}

test('the list shows what was found, and moves with vi keys and arrows', async t => {
  const { until, type } = await show(t, sessionWith(10_000));
  await until(/10000 packages, by relevance/);
  await until(/^> @acme\/package-0 .* 1\.2\.3 .*12\.3k +7d/m);
  await type('j', 'j', '\u001b[B', 'k');
  await until(/^> @acme\/package-2 /m);
  await type('G');
  await until(/^> @acme\/package-9999 /m);
  await type('gg', 'jjj');
  await until(/^> @acme\/package-3 /m);
});

test('nothing that is drawn is wider or higher than the screen', async t => {
  const { until, type, frame } = await show(t, sessionWith(10_000));
  await until(/10000 packages/);
  for (const keys of [['?'], ['?', 'f'], [ESCAPE, '/']]) {
    await type(...keys);
    await sleep(100);
    const lines = frame().split('\n');
    t.is(lines.length, 23);
    t.true(lines.every(line => line.length <= 100));
  }
});

test('of a long text in a field, the end that is typed at is seen, also of wide characters', async t => {
  const { until, type, frame } = await show(t, sessionWith(10));
  await until(/10 packages/);
  await type('/', '漢'.repeat(70), '字');
  await until(/^Search: 漢+字 *$/m);
  t.true(
    widthOf(
      frame()
        .split('\n')
        .find(line => line.startsWith('Search:')) ?? '',
    ) <= 100,
  );
});

test('the help lists the keys of the tables that they are looked up in, and any of its keys closes it', async t => {
  const { until, type, frame } = await show(t, sessionWith(1));
  await until(/1 package/);
  await type('?');
  await until(/^ {2}i +install it$/m);
  await type('G');
  await until(/^ {2}q Ctrl-C +leave$/m);
  await until(/S signed, A approved, D deprecated/);
  t.notRegex(frame(), /the third tab/, 'only keys that do something are named');
  await type('q');
  await until(/1 package/);
});

test('letters in the search are text there, and keys again once it is left', async t => {
  const { until, type } = await show(t, sessionWith(3), '');
  await type('q', '?', '1', 'z');
  await until(/^Search: q\?1z/m);
  await type('\r');
  await until(/3 packages/);
  await type('j');
  await until(/^> @acme\/package-1 /m);
});

test('a filter shows the values that were found, and → takes the first that fits', async t => {
  const first = await sessionWith(3).search({ text: '', sort: 'relevance' }, 0, new AbortController().signal);
  const asked: (string | undefined)[] = [];
  const hits = first.hits.map((one, at) => ({ ...one, category: at === 2 ? 'legal' : 'support\u001b[2J' }));
  const session: BrowseSession = {
    ...sessionWith(3),
    search: async query => {
      asked.push(query.category);
      return { ...first, hits };
    },
  };
  const { until, type } = await show(t, session);
  await until(/3 packages/);
  await type('f');
  await until(/^ {4}→: support 2, legal 1$/m);
  await type('l');
  await until(/^ {4}→: legal 1$/m);
  await type('\u001b[C');
  await until(/^> category +legal$/m);
  await until('One category, as the registry lists it');
  await type('\r');
  await until(/3 packages, category "legal", by relevance$/m);
  for (let waited = 0; asked.at(-1) !== 'legal' && waited < 10_000; waited += 10) await sleep(10);
  t.is(asked.at(-1), 'legal');
});

test('a change is one at a time, tells how far it is and how it ended', async t => {
  let options: ChangeOptions | undefined;
  let end: ((summary: string) => void) | undefined;
  const session: BrowseSession = {
    ...sessionWith(3),
    install: (_spec, given) => {
      options = given;
      return new Promise(resolve => {
        end = summary => resolve({ summary, undoable: true });
      });
    },
    undoable: () => 'install of @acme/package-0',
  };
  const { until, type } = await show(t, session);
  await until(/3 packages/);
  await type('i');
  options?.progress({ phase: 'fetch', done: 1, total: 4 });
  await until(/Installing @acme\/package-0 \.\.\. fetching 1 of 4/);
  await type('j', 'i', 'q');
  await until(/Installing @acme\/package-0/);
  end?.('Installed @acme/package-0 1.2.3.');
  await until(/Installed @acme\/package-0 1\.2\.3\. +z: undo/);
});

test('an error stands in the last line in words, and the browser goes on', async t => {
  const session: BrowseSession = {
    ...sessionWith(3),
    install: async () => {
      throw new PrompdError('ENETWORK', 'It cannot\u001b[2J be reached.');
    },
  };
  const { until, type } = await show(t, session);
  await until(/3 packages/);
  await type('i');
  await until(/ENETWORK: It cannot be reached\./);
  await type('j');
  await until(/^> @acme\/package-1 /m);
});

test('a removal asks first, and no is no', async t => {
  const removed: string[] = [];
  const session: BrowseSession = {
    ...sessionWith(3),
    installedVersions: async () => new Map([['@acme/package-0', parseVersion('1.2.3')]]),
    remove: async name => {
      removed.push(name);
      return { summary: `Removed ${name}.`, undoable: true };
    },
  };
  const { until, type } = await show(t, session);
  await until(/package-0 .*I$/m);
  await type('x');
  await until(/Remove @acme\/package-0 from \/project\? y: yes/);
  await type('j', 'n', 'x', 'y');
  await until(/Removed @acme\/package-0/);
  t.deepEqual(removed, ['@acme/package-0']);
});

test('a name is copied for the terminal, and an address that cannot be opened is shown', async t => {
  const { until, type, copied } = await show(t, sessionWith(3));
  await until(/3 packages/);
  await type('y');
  t.deepEqual(copied, ['@acme/package-0@1.2.3']);
  await type('o');
  await until(/https:\/\/example\.com\/web\/package\/@acme\/package-0/);
});

test('what a registry says cannot reach the terminal as more than text', async t => {
  const found = await sessionWith(1).search({ text: '', sort: 'relevance' }, 0, new AbortController().signal);
  const hostile = found.hits.map(one => ({ ...one, description: 'a\u001b]0;owned\u0007b\u001b[2Jc\u202ed' }));
  const session: BrowseSession = { ...sessionWith(1), search: async () => ({ ...found, hits: hostile }) };
  const { until, drawn } = await show(t, session);
  await until(/1 package/);
  await until(/abcd/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  t.notRegex(drawn().replaceAll(/\u001b\[[0-9;]*m/g, ''), /[\u0000-\u0009\u000b-\u001f]/);
});
