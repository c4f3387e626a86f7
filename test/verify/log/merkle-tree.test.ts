import test from 'ava';
import fc from 'fast-check';
import {
  completedBy,
  consistencyRanges,
  EMPTY_ROOT,
  inclusionRanges,
  isConsistent,
  isIncluded,
  type LeafRange,
  lastLeafOf,
  leafHash,
  nodeHash,
  rangeHash,
  type Subtree,
  subtreesOf,
} from '#prompd/verify/index.js';

/** The leaves that the test vectors of Certificate Transparency use, and the roots of their first 0 to 8. */
const VECTOR_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map(hex => Buffer.from(hex, 'hex'));
const VECTOR_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const VECTOR_PROOFS: readonly [kind: 'inclusion' | 'consistency', a: number, b: number, path: string[]][] = [
  [
    'inclusion',
    0,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    'inclusion',
    5,
    8,
    [
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  ['inclusion', 2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  [
    'consistency',
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    'consistency',
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
];

/** A log in memory that keeps the hashes of complete subtrees, as the server's does. */
function logOf(leaves: readonly Uint8Array[]) {
  const kept = new Map<string, Buffer>();
  const keyOf = ({ level, index }: Subtree) => `${level}:${index}`;
  const read = (subtree: Subtree): Buffer => {
    const hash = kept.get(keyOf(subtree));
    if (!hash) throw new Error(`${keyOf(subtree)} is not complete`);
    return hash;
  };
  leaves.forEach((leaf, index) => {
    let hash = leafHash(leaf);
    for (const subtree of completedBy(index)) {
      if (subtree.level > 0)
        hash = nodeHash(read({ level: subtree.level - 1, index: subtree.index * 2 }), hash);
      kept.set(keyOf(subtree), hash);
    }
  });
  const hashes = (ranges: readonly LeafRange[]) => ranges.map(range => rangeHash(range, read));
  return {
    root: (size: number) => rangeHash({ start: 0, end: size }, read),
    inclusion: (index: number, size: number) => hashes(inclusionRanges(index, size)),
    consistency: (first: number, second: number) => hashes(consistencyRanges(first, second)),
  };
}

/** The definition of the RFC, word by word. */
function treeHash(leaves: readonly Uint8Array[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return leafHash(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

const MOST = 70;
const LEAVES = Array.from({ length: MOST }, (_, index) => Buffer.from(`leaf ${index}`));
const LOG = logOf(LEAVES);
const leafAt = (index: number) => leafHash(LEAVES[index] ?? Buffer.alloc(0));

for (const [size, expected] of VECTOR_ROOTS.entries()) {
  test(`the root of the first ${size} leaves of Certificate Transparency's vectors is the published one`, t => {
    t.is(logOf(VECTOR_LEAVES).root(size).toString('hex'), expected);
  });
}

for (const [kind, a, b, path] of VECTOR_PROOFS) {
  test(`the ${kind} proof for ${a} and ${b} is the published one`, t => {
    t.deepEqual(
      logOf(VECTOR_LEAVES)
        [kind](a, b)
        .map(hash => hash.toString('hex')),
      path,
    );
  });
}

test('the root of every size is what the definition gives', t => {
  for (let size = 0; size <= MOST; size += 1)
    t.true(LOG.root(size).equals(treeHash(LEAVES.slice(0, size))), `${size}`);
});

test('every leaf of every tree has a proof that holds for its place, and for no other', t => {
  let proofs = 0;
  for (let size = 1; size <= MOST; size += 1) {
    const root = LOG.root(size);
    for (let index = 0; index < size; index += 1) {
      const proof = { index, leaf: leafAt(index), size, root, path: LOG.inclusion(index, size) };
      if (!isIncluded(proof)) t.fail(`${index} of ${size}`);
      if (isIncluded({ ...proof, leaf: leafAt(index + 1 < size ? index + 1 : 0) }) && size > 1)
        t.fail(`another leaf passes for ${index} of ${size}`);
      if (isIncluded({ ...proof, path: [...proof.path, root] }))
        t.fail(`a hash too many at ${index} of ${size}`);
      if (isIncluded({ ...proof, path: proof.path.slice(1) }) && size > 1)
        t.fail(`a hash too few at ${index} of ${size}`);
      if (isIncluded({ ...proof, index: size })) t.fail(`a leaf outside of ${size}`);
      proofs += 1;
    }
  }
  t.is(proofs, (MOST * (MOST + 1)) / 2);
});

test('of every two sizes the smaller tree is shown to be the beginning of the larger one', t => {
  let proofs = 0;
  for (let second = 0; second <= MOST; second += 1) {
    for (let first = 0; first <= second; first += 1) {
      const proof = {
        first,
        firstRoot: LOG.root(first),
        second,
        secondRoot: LOG.root(second),
        path: LOG.consistency(first, second),
      };
      if (!isConsistent(proof)) t.fail(`${first} and ${second}`);
      if (first > 0 && isConsistent({ ...proof, firstRoot: leafHash(proof.firstRoot) }))
        t.fail(`another root of ${first} passes for ${second}`);
      if (isConsistent({ ...proof, path: [...proof.path, proof.secondRoot] }))
        t.fail(`a hash too many for ${first} and ${second}`);
      if (first < second && isConsistent({ ...proof, first: second, second: first })) t.fail('the way back');
      proofs += 1;
    }
  }
  t.is(proofs, ((MOST + 1) * (MOST + 2)) / 2);
});

const size = fc.integer({ min: 1, max: MOST });
const inTree = size.chain(leaves =>
  fc.record({ size: fc.constant(leaves), index: fc.integer({ min: 0, max: leaves - 1 }) }),
);

test('no inclusion proof holds in which a bit of any hash was changed', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(inTree, fc.nat(), fc.nat(255), ({ size, index }, which, bit) => {
        const path = LOG.inclusion(index, size);
        const all = [leafAt(index), LOG.root(size), ...path];
        const [leaf, root, ...rest] = all.map((hash, at) =>
          at === which % all.length ? flipped(hash, bit) : hash,
        );
        return (
          leaf !== undefined && root !== undefined && !isIncluded({ index, size, leaf, root, path: rest })
        );
      }),
    ),
  );
});

test('no consistency proof holds in which a bit of any hash was changed', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(inTree, fc.nat(), fc.nat(255), ({ size, index }, which, bit) => {
        const first = index + 1;
        const all = [LOG.root(first), LOG.root(size), ...LOG.consistency(first, size)];
        const [firstRoot, secondRoot, ...path] = all.map((hash, at) =>
          at === which % all.length ? flipped(hash, bit) : hash,
        );
        return (
          firstRoot !== undefined &&
          secondRoot !== undefined &&
          !isConsistent({ first, firstRoot, second: size, secondRoot, path })
        );
      }),
    ),
  );
});

test('two histories that part at a leaf have no proof that joins them', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(inTree, ({ size, index }) => {
        const first = index + 1;
        const other = logOf(LEAVES.map((leaf, at) => (at === index ? Buffer.from('another') : leaf)));
        const between = (path: readonly Buffer[]) =>
          isConsistent({
            first,
            firstRoot: LOG.root(first),
            second: size,
            secondRoot: other.root(size),
            path,
          });
        return !between(LOG.consistency(first, size)) && !between(other.consistency(first, size));
      }),
    ),
  );
});

test('a proof for a tree of millions of leaves names few subtrees, all of them complete', t => {
  const leaves = 37_654_321;
  for (const index of [0, 1, 4_194_304, 20_000_001, leaves - 1]) {
    const ranges = inclusionRanges(index, leaves);
    const subtrees = ranges.flatMap(subtreesOf);
    t.true(ranges.length <= 26, `${index}: ${ranges.length}`);
    t.true(subtrees.length <= 60, `${index}: ${subtrees.length}`);
    t.true(subtrees.every(subtree => lastLeafOf(subtree) < leaves));
  }
});

test('a proof is no proof when a hash has another length, or a number is none', t => {
  const proof = { index: 2, leaf: leafAt(2), size: 5, root: LOG.root(5), path: LOG.inclusion(2, 5) };
  t.true(isIncluded(proof));
  t.false(isIncluded({ ...proof, leaf: proof.leaf.subarray(1) }));
  t.false(isIncluded({ ...proof, path: [...proof.path.slice(0, -1), Buffer.alloc(0)] }));
  for (const index of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
    t.false(isIncluded({ ...proof, index }));
  for (const first of [-1, 0.5, Number.NaN])
    t.false(isConsistent({ first, firstRoot: proof.root, second: 5, secondRoot: proof.root, path: [] }));
});

function flipped(hash: Buffer, bit: number): Buffer {
  const changed = Buffer.from(hash);
  const at = Math.floor(bit / 8);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << (bit % 8)), at);
  return changed;
}
