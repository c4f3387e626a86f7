import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { PrompdError } from '#prompd/core/errors.js';
import { integrityOf } from '#prompd/core/integrity.js';
import { keyIdOf, REGISTRY_KEY_TYPE, registryPayload } from '#prompd/core/registry-signature.js';
import { type TrustedKey, verifyRegistrySignatures } from '#prompd/verify/index.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const subject = { name: '@bank/kyc', version: '1.0.0', integrity: integrityOf(Buffer.from('bytes')) };
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const one = pair();

function keyOf({ publicKey }: { publicKey: KeyObject }, more: Partial<TrustedKey> = {}): TrustedKey {
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return {
    keyid: keyIdOf(spki),
    keytype: REGISTRY_KEY_TYPE,
    scheme: REGISTRY_KEY_TYPE,
    key: spki.toString('base64'),
    expires: null,
    notBefore: null,
    ...more,
  };
}

function signed(payload = registryPayload(subject), by = one, keyid = keyOf(by).keyid) {
  return { keyid, sig: sign('sha256', Buffer.from(payload), by.privateKey).toString('base64') };
}

interface Case {
  readonly keys?: readonly TrustedKey[];
  readonly signatures?: readonly { keyid: string; sig: string }[];
  readonly publishedAt?: string | undefined;
}

function verified({ keys = [keyOf(one)], signatures = [signed()], ...rest }: Case) {
  const publishedAt = 'publishedAt' in rest ? rest.publishedAt : '2026-05-01T00:00:00Z';
  return verifyRegistrySignatures(subject, {
    signatures,
    keys: new Map(keys.map(key => [key.keyid, key])),
    publishedAt,
    now: NOW,
    registry: 'https://prompts.example.com/',
  });
}

for (const [what, given] of [
  ['by a key that never ends', {}],
  [
    'by a key that expired after the publication',
    { keys: [keyOf(one, { expires: '2026-05-02T00:00:00Z' })] },
  ],
  ['without a time of publication, by a key that never ends', { publishedAt: undefined }],
  ['a little in the future, as clocks differ', { publishedAt: '2026-06-01T01:00:00Z' }],
] as const satisfies readonly (readonly [string, Case])[]) {
  test(`a version signed ${what} is verified`, t => {
    t.deepEqual(verified(given).keyids, [keyOf(one).keyid]);
  });
}

const other = pair();
const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({
  format: 'der',
  type: 'spki',
});

for (const [what, given, code, reason] of [
  ['no signature', { signatures: [] }, 'EUNSIGNED', undefined],
  ['a signature of another version', { signatures: [signed('@bank/kyc@1.0.1:x')] }, 'ESIGNATURE', /bytes/],
  ['an unknown key', { keys: [keyOf(other)] }, 'ESIGNATURE', /no such key/],
  ['another key under the id', { keys: [keyOf(other, { keyid: keyOf(one).keyid })] }, 'ESIGNATURE', /bytes/],
  [
    'a good and a bad signature',
    { keys: [keyOf(one), keyOf(other)], signatures: [signed(), signed('x', other)] },
    'ESIGNATURE',
    /bytes/,
  ],
  [
    'a key that expired before the publication',
    { keys: [keyOf(one, { expires: '2026-04-01T00:00:00Z' })] },
    'ESIGNATURE',
    /expired when/,
  ],
  [
    'a key that expired at the very moment',
    { keys: [keyOf(one, { expires: '2026-05-01T00:00:00.000Z' })] },
    'ESIGNATURE',
    /expired when/,
  ],
  [
    'an expired key and no time of publication',
    { keys: [keyOf(one, { expires: '2026-04-01T00:00:00Z' })], publishedAt: undefined },
    'ESIGNATURE',
    /does not say/,
  ],
  [
    'an expired key and words for a time',
    { keys: [keyOf(one, { expires: '2026-04-01T00:00:00Z' })], publishedAt: 'once' },
    'ESIGNATURE',
    /does not say/,
  ],
  ['a time of publication in the future', { publishedAt: '2026-07-01T00:00:00Z' }, 'ESIGNATURE', /future/],
  ['a key of another type', { keys: [keyOf(one, { keytype: 'rsa' })] }, 'ESIGNATURE', /type/],
  ['a key of another scheme', { keys: [keyOf(one, { scheme: 'none' })] }, 'ESIGNATURE', /type/],
  [
    'an Ed25519 key that says it is ECDSA',
    { keys: [keyOf(one, { key: ed25519.toString('base64') })] },
    'ESIGNATURE',
    /P-256/,
  ],
  [
    'a P-384 key that says it is P-256',
    { keys: [keyOf(one, { key: p384.toString('base64') })] },
    'ESIGNATURE',
    /P-256/,
  ],
  ['words for a key', { keys: [keyOf(one, { key: 'AAAA' })] }, 'ESIGNATURE', /P-256/],
  [
    'a key that came after the publication',
    { keys: [keyOf(one, { notBefore: '2026-05-02T00:00:00Z' })] },
    'EKEYCHANGED',
    undefined,
  ],
  [
    'a key that came later, and no time',
    { keys: [keyOf(one, { notBefore: '2026-05-02T00:00:00Z' })], publishedAt: undefined },
    'EKEYCHANGED',
    undefined,
  ],
] as const satisfies readonly (readonly [string, Case, string, RegExp | undefined])[]) {
  test(`a version with ${what} is refused with ${code}`, t => {
    const error = t.throws(() => verified(given), { instanceOf: PrompdError, code });
    t.is(error.facts['expected'], registryPayload(subject));
    if (reason) t.regex(String(error.facts['reason']), reason);
  });
}

test('a signature of one version is never one of another', t => {
  const word = fc.stringMatching(/^[a-z0-9.@:-]{1,12}$/);
  fc.assert(
    fc.property(fc.tuple(word, word), fc.tuple(word, word), ([name, version], [name2, version2]) => {
      fc.pre(`${name}@${version}` !== `${name2}@${version2}`);
      const about = { name, version, integrity: subject.integrity };
      const evidence = {
        signatures: [signed(registryPayload(about))],
        keys: new Map([[keyOf(one).keyid, keyOf(one)]]),
        publishedAt: undefined,
        now: NOW,
        registry: 'https://prompts.example.com/',
      };
      verifyRegistrySignatures(about, evidence);
      t.throws(() => verifyRegistrySignatures({ ...about, name: name2, version: version2 }, evidence), {
        code: 'ESIGNATURE',
      });
    }),
    { numRuns: 50 },
  );
});
