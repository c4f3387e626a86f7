import { generateKeyPairSync, sign } from 'node:crypto';
import test from 'ava';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { isSignedTreeHead, leafBytes, logLeafHash, treeHeadBytes } from '#prompd/verify/index.js';

const LEAF = {
  name: '@acme/tone',
  version: '1.0.0',
  integrity: 'sha512-AAAA',
  publishedAt: '2026-01-01T00:00:00.000Z',
  nonce: 'c29tZSByYW5kb20gYnl0ZXM',
};

test('a leaf is canonical JSON, whatever the order and the characters of its members', t => {
  t.notThrows(() =>
    fc.assert(
      fc.property(
        fc.record({
          version: fc.string({ unit: 'grapheme' }),
          publishedAt: fc.string(),
          name: fc.string({ unit: 'grapheme' }),
          nonce: fc.string(),
          integrity: fc.string(),
        }),
        leaf => leafBytes(leaf).toString('utf8') === canonicalize(leaf),
      ),
    ),
  );
});

test('the hash of a leaf is the one that was computed elsewhere, and changes with every member', t => {
  t.is(logLeafHash(LEAF).toString('hex'), 'f8ae377940c6bd5a80be182b9dac0af990dd2dc4b052552341b951d3bba10ad9');
  for (const member of ['name', 'version', 'integrity', 'publishedAt', 'nonce'] as const)
    t.false(logLeafHash({ ...LEAF, [member]: 'x' }).equals(logLeafHash(LEAF)), member);
});

test('what is signed of a tree head is the structure of RFC 6962', t => {
  const root = Buffer.alloc(32, 0xab).toString('base64');
  t.is(
    treeHeadBytes({ size: 258, root, timestamp: 1 }).toString('hex'),
    `0001${'0000000000000001'}${'0000000000000102'}${'ab'.repeat(32)}`,
  );
});

test('a tree head is signed only by the key that it names, and only as it stands', t => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const der = (key: typeof publicKey) => key.export({ format: 'der', type: 'spki' }).toString('base64');
  const bare = { size: 3, root: Buffer.alloc(32, 7).toString('base64'), timestamp: 1_767_225_600_000 };
  const head = {
    ...bare,
    publicKey: der(publicKey),
    signature: sign(null, treeHeadBytes(bare), privateKey).toString('base64'),
  };
  t.true(isSignedTreeHead(head));
  t.false(isSignedTreeHead({ ...head, size: 4 }));
  t.false(isSignedTreeHead({ ...head, timestamp: head.timestamp + 1 }));
  t.false(isSignedTreeHead({ ...head, root: Buffer.alloc(32, 8).toString('base64') }));
  t.false(isSignedTreeHead({ ...head, publicKey: der(generateKeyPairSync('ed25519').publicKey) }));
  t.false(
    isSignedTreeHead({
      ...head,
      publicKey: der(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
    }),
  );
  t.false(isSignedTreeHead({ ...head, publicKey: 'nonsense', signature: '' }));
  t.false(isSignedTreeHead({ ...head, size: -1 }));
});
