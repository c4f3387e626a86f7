import test from 'ava';
import fc from 'fast-check';
import { PrompdError } from '#prompd/core/errors.js';
import { type ResolveRequest, resolve, universeSource } from '#prompd/resolve/index.js';

const NAMES = ['a', 'b', 'c', 'd'];
const wants = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.constantFrom('1.0.0', '^1.0.0', '^2.0.0', '<1.1.0', '3.0.0'),
  { maxKeys: 3 },
);
const offer = fc.record({
  dependencies: wants,
  time: fc.constantFrom('2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z'),
});
const packages = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(fc.constantFrom('1.0.0', '1.1.0', '2.0.0', '3.0.0'), offer, { minKeys: 1 }),
  { minKeys: 2 },
);
type Root = Readonly<Record<string, string>>;

test('where nothing fits, what the hint says to do is enough', async t => {
  const followed = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      packages,
      wants,
      fc.constantFrom('isolate' as const, 'error' as const),
      fc.constantFrom(undefined, new Date('2026-02-01')),
      async (world, root, conflicts, before) => {
        const request = { root: { dependencies: root }, conflicts, before };
        const source = universeSource({ packages: world });
        const error = await resolve({ ...request, source }).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (!(error instanceof PrompdError) || error.code !== 'ENOSOLUTION') return;
        const [kind, changed] = following(error.hint ?? '', request);
        followed.set(kind, (followed.get(kind) ?? 0) + 1);
        await resolve({ ...changed, source });
      },
    ),
    { numRuns: 1500 },
  );
  for (const kind of ['another version', 'doing without', 'override', 'isolation', 'a later date'])
    t.true((followed.get(kind) ?? 0) > 0, `${kind} was followed`);
});

type Asked = Pick<ResolveRequest, 'root' | 'conflicts' | 'before' | 'overrides'>;

/** The request as a hint says to change it. */
function following(hint: string, request: Asked): [kind: string, Asked] {
  const root: Root = request.root.dependencies;
  const others = [...hint.matchAll(/(\w+) ([\d.]+) instead of "/g)].map(
    ([, name = '', version = '']) => [name, version] as const,
  );
  const [, listed] = /[Ww]ithout (.+) the rest can be resolved/.exec(hint) ?? [];
  const removed = listed?.split(/, | and /) ?? [];
  if (others.length > 0 || removed.length > 0) {
    const left = Object.entries({ ...root, ...Object.fromEntries(others) });
    const dependencies = Object.fromEntries(left.filter(([name]) => !removed.includes(name)));
    return [others.length > 0 ? 'another version' : 'doing without', { ...request, root: { dependencies } }];
  }
  const [, name = '', version = ''] = /^Add "(\w+)": "([\d.]+)" to "overrides"/.exec(hint) ?? [];
  if (name !== '') return ['override', { ...request, overrides: { [name]: version } }];
  if (/^Use "--conflicts isolate"/.test(hint)) return ['isolation', { ...request, conflicts: 'isolate' }];
  if (/^Choose a later date/.test(hint)) return ['a later date', { ...request, before: undefined }];
  throw new Error(`no way to follow: ${hint}`);
}
