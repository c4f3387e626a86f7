import test from 'ava';
import fc from 'fast-check';
import { type Step, shortestChains } from '#prompd/ops/install/shortest-chains.js';

type Link = Step<number>;

const text = (chains: readonly (readonly Link[])[]) =>
  chains.map(chain => chain.map(({ to }) => to).join(' '));

test('the shortest chain comes first, and a chain goes through no package twice', t => {
  const links = [
    { from: undefined, to: 1 },
    { from: undefined, to: 2 },
    { from: 1, to: 2 },
    { from: 2, to: 1 },
    { from: 2, to: 3 },
    { from: 3, to: 3 },
  ];
  const { chains, isCut } = shortestChains(links, 3, 10);
  t.deepEqual(text(chains), ['2 3', '1 2 3']);
  t.false(isCut);
  t.deepEqual(text(shortestChains(links, 3, 1).chains), ['2 3']);
  t.true(shortestChains(links, 3, 1).isCut);
});

test('the first chains of a graph with 10^30 of them are found at once', t => {
  const layers = 30;
  const width = 10;
  const links: Link[] = [];
  for (let at = 0; at < width; at++) links.push({ from: undefined, to: at });
  for (let layer = 1; layer < layers; layer++) {
    for (let from = 0; from < width; from++)
      for (let to = 0; to < width; to++)
        links.push({ from: (layer - 1) * width + from, to: layer * width + to });
  }
  const begun = process.cpuUsage().user;
  const { chains, isCut } = shortestChains(links, layers * width - 1, 50);
  t.is(chains.length, 50);
  t.true(isCut);
  t.true(process.cpuUsage().user - begun < 2_000_000);
});

test('a graph in which everything leads to everything does not hang', t => {
  const nodes = Array.from({ length: 40 }, (_, at) => at);
  const links: Link[] = [
    { from: undefined, to: 0 },
    ...nodes.flatMap(from => nodes.map(to => ({ from, to }))),
  ];
  t.is(shortestChains(links, 39, 1000).chains.length, 1000);
});

test('as many chains are found as there are, in order of length', t => {
  const graph = fc.array(fc.record({ from: fc.option(fc.nat(5), { nil: undefined }), to: fc.nat(5) }), {
    maxLength: 14,
  });
  fc.assert(
    fc.property(graph, fc.nat(5), (raw, goal) => {
      const links = [...new Map(raw.map(link => [`${link.from}>${link.to}`, link])).values()];
      const { chains, isCut } = shortestChains(links, goal, 10_000);
      t.false(isCut);
      const lengths = chains.map(({ length }) => length);
      t.deepEqual(
        lengths,
        lengths.toSorted((a, b) => a - b),
      );
      t.deepEqual(text(chains).sort(), allChains(links, goal).sort());
    }),
  );
});

function allChains(links: readonly Link[], goal: number): string[] {
  const found: string[] = [];
  const walk = (node: number | undefined, seen: readonly number[]) => {
    if (node === goal) return void found.push(seen.join(' '));
    for (const { from, to } of links) if (from === node && !seen.includes(to)) walk(to, [...seen, to]);
  };
  walk(undefined, []);
  return found;
}
