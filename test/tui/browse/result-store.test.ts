import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { BrowseQuery } from '#prompd/ops/browse/session.js';
import { MarkStore } from '#prompd/tui/browse/search/mark-store.js';
import { PAGE, ResultStore } from '#prompd/tui/browse/search/result-store.js';
import { hit } from './hits.js';

interface Asked {
  readonly text: string;
  readonly offset: number;
  readonly signal: AbortSignal;
}

function ask(text: string): BrowseQuery {
  return { text, sort: 'relevance' };
}

/** A store whose answers come when they are let go. */
function openStore(total = 1_000) {
  const asked: Asked[] = [];
  const answers: (() => void)[] = [];
  let changes = 0;
  const store = new ResultStore({
    search(query, offset, signal) {
      asked.push({ text: query.text, offset, signal });
      return new Promise(resolve => {
        const hits = [hit(offset), hit(offset + 1)];
        answers.push(() => resolve({ total, offset, hits }));
      });
    },
    onChange: () => {
      changes++;
    },
    restMs: 20,
  });
  const answer = async () => {
    for (const go of answers.splice(0)) go();
    await sleep(5);
  };
  return { store, asked, answer, changes: () => changes };
}

test('only what typing rests on is asked for', async t => {
  const { store, asked, answer } = openStore();
  for (const text of ['t', 'to', 'ton', 'tone']) store.want(ask(text));
  t.true(store.state.searching);
  await sleep(60);
  t.deepEqual(
    asked.map(({ text }) => text),
    ['tone'],
  );
  await answer();
  t.is(store.state.view?.query.text, 'tone');
  t.false(store.state.searching);
});

test('a question that nobody waits for any more is ended, and its answer comes to nothing', async t => {
  const { store, asked, answer } = openStore();
  store.want(ask('one'), true);
  await sleep(10);
  store.want(ask('two'), true);
  await sleep(10);
  t.true(asked[0]?.signal.aborted);
  t.false(asked[1]?.signal.aborted);
  await answer();
  t.is(store.state.view?.query.text, 'two');
});

test('what was found before is there at once, and asked for once', async t => {
  const { store, asked, answer } = openStore();
  for (const text of ['one', 'two', 'one ']) {
    store.want(ask(text), true);
    await sleep(10);
    await answer();
  }
  t.is(asked.length, 2);
  t.is(store.state.view?.query.text, 'one');
});

test('of long results the parts are asked for that are looked at, each once', async t => {
  const { store, asked, answer } = openStore(10_000);
  store.want(ask('all'), true);
  await sleep(10);
  await answer();
  store.see(0, 20);
  store.see(9_980, 10_000);
  store.see(9_985, 10_000);
  t.deepEqual(
    asked.map(({ offset }) => offset),
    [0, 9_900],
  );
  await answer();
  t.is(store.state.view?.hits.get(9_901)?.name, hit(9_901).name);
  t.is(store.state.view?.hits.get(0)?.name, hit(0).name);
  t.is(PAGE, 100);
});

test('a search that fails says so and keeps what was there', async t => {
  const store = new ResultStore({
    search: async ({ text }) => {
      if (text === 'bad') throw new Error('no');
      return { total: 1, offset: 0, hits: [hit(0)] };
    },
    onChange() {},
    restMs: 0,
  });
  store.want(ask('good'), true);
  await sleep(10);
  store.want(ask('bad'), true);
  await sleep(10);
  t.truthy(store.state.error);
  t.is(store.state.view?.total, 1);
  store.want(ask('good'), true);
  t.is(store.state.error, undefined);
});

test('marks are asked for when the list rests, once a package, and for nothing that went out of sight', async t => {
  const asked: string[] = [];
  const store = new MarkStore({
    async marks(name) {
      asked.push(name);
      return { signed: true, approved: false, deprecated: false };
    },
    onChange() {},
    restMs: 10,
  });
  store.see([hit(1).name, hit(2).name]);
  store.see([hit(2).name, hit(3).name]);
  await sleep(40);
  store.see([hit(3).name]);
  await sleep(40);
  t.deepEqual(asked.sort(), [hit(2).name, hit(3).name]);
  t.true(store.of(hit(3).name)?.signed);
  t.is(store.of(hit(1).name), undefined);
});
