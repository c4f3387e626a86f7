import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import type { AuditEvent, SignedArchive, SignedCheckpoint } from '#prompd/core/audit-event.js';
import { auditHash, firstHash } from '#prompd/verify/audit-chain.js';
import { archiveText, checkpointText, isSignedText } from '#prompd/verify/audit-checkpoint.js';
import { type AuditLine, auditLines, auditLineText, parseAuditLine } from '#prompd/verify/audit-line.js';
import { type AuditTrust, type AuditVerdict, AuditVerifier } from '#prompd/verify/audit-verifier.js';

const CHAIN = '@bank';
const { privateKey: KEY } = generateKeyPairSync('ed25519');
const { privateKey: OTHER } = generateKeyPairSync('ed25519');
const AT = '2026-01-31T12:00:00.000Z';

test('a chain that nobody touched has no problem, with its checkpoints and from where rows were archived', t => {
  const events = chain(6);
  const whole = verify([header(), checkpoint(events, 3), checkpoint(events, 6), ...rows(events)]);
  t.deepEqual(whole.problems, []);
  t.deepEqual([whole.first, whole.last, whole.events], [1, 6, 6]);
  t.deepEqual(
    whole.checkpoints.map(({ size }) => size),
    [3, 6],
  );
  const rest = verify([
    header(),
    archive(events, 4),
    checkpoint(events, 2),
    checkpoint(events, 4),
    checkpoint(events, 6),
    ...rows(events.slice(4)),
  ]);
  t.deepEqual(rest.problems, []);
  t.deepEqual(
    rest.checkpoints.map(({ size }) => size),
    [4, 6],
    'what was archived cannot be looked at',
  );
  t.deepEqual(verify([header()]).problems, []);
});

const TAMPERED: Readonly<Record<string, { lines: (events: Triple) => AuditLine[]; faults: string[] }>> = {
  'a row that says something else': {
    lines: ([a, b, c]) => rows([a, { ...b, actor: 'eve' }, c]),
    faults: ['changed'],
  },
  'a row that was changed and hashed anew': {
    lines: ([a, b, c]) => rows([a, rehashed({ ...b, reason: null, actor: 'eve' }), c]),
    faults: ['unlinked'],
  },
  'a row that is missing': { lines: ([a, , c]) => rows([a, c]), faults: ['gap'] },
  'a first row that is missing': { lines: ([, b, c]) => rows([b, c]), faults: ['gap'] },
  'rows in another order': { lines: ([a, b, c]) => rows([a, c, b]), faults: ['gap', 'order'] },
  'a row that stands there twice': { lines: ([a, b, c]) => rows([a, b, b, c]), faults: ['order'] },
  'rows that were numbered anew after one went': {
    lines: ([a, , c]) => rows([a, rehashed({ ...c, seq: 2, previousHash: a.hash })]),
    faults: ['cut'],
  },
  'a tail that was cut off': { lines: ([a, b]) => rows([a, b]), faults: ['cut'] },
  'a chain that was made anew': {
    lines: () => rows(chain(3, 'eve')),
    faults: ['rebuilt'],
  },
  'a chain that was made anew and is longer': { lines: () => rows(chain(5, 'eve')), faults: ['rebuilt'] },
  'a chain of which nothing is left': { lines: () => [], faults: ['cut'] },
  'rows of another chain': {
    lines: ([a, b, c]) => rows([a, rehashed({ ...b, chain: '@other' }), c]),
    faults: ['chain', 'unlinked'],
  },
  'an archive that never was': {
    lines: events => [archive(events, 1, OTHER), ...rows(events.slice(1))],
    faults: ['signature', 'gap'],
  },
  'a checkpoint behind the rows': {
    lines: events => [...rows(events), checkpoint(events, 3)],
    faults: ['unreadable'],
  },
};

for (const [what, { lines, faults }] of Object.entries(TAMPERED)) {
  test(`${what} shows, when a checkpoint was kept`, t => {
    const events = chain(3);
    const kept = checkpointOf(events, 3);
    const verdict = verify([header(), ...lines(events)], { known: [kept], publicKey: kept.publicKey });
    t.deepEqual(verdict.problems.map(({ fault }) => fault).sort(), [...faults].sort());
  });
}

test('a checkpoint of another key is refused, whichever came first', t => {
  const events = chain(2);
  const forged = { kind: 'checkpoint', checkpoint: checkpointOf(events, 2, OTHER) } as const;
  const trusted = verify([header(), forged, ...rows(events)], { known: [], publicKey: publicOf(KEY) });
  t.deepEqual(
    trusted.problems.map(({ fault }) => fault),
    ['signature'],
  );
  const mixed = verify([header(), checkpoint(events, 1), forged, ...rows(events)]);
  t.deepEqual(
    mixed.problems.map(({ fault }) => fault),
    ['signature'],
  );
  const said = { ...checkpointOf(events, 2), size: 1 };
  t.is(verify([header(), { kind: 'checkpoint', checkpoint: said }, ...rows(events)]).faults, 1);
});

test('of rows that were chosen, each is checked, and what lies between is not asked for', t => {
  const events = chain(5);
  const some = events.filter(({ seq }) => seq % 2 === 1);
  const filtered: AuditLine = { kind: 'header', header: { chain: CHAIN, filter: { actor: 'jane' } } };
  t.deepEqual(verify([filtered, checkpoint(events, 5), ...rows(some)]).problems, []);
  const changed = some.map(event => ({ ...event, actor: 'eve' }));
  t.is(verify([filtered, ...rows(changed)]).faults, 3);
});

test('any change of one character of an export shows', t => {
  const events = chain(3);
  const kept = checkpointOf(events, 3);
  const text = [header(), checkpoint(events, 3), ...rows(events)].map(auditLineText).join('\n');
  t.notThrows(() =>
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom(...'aZ09 "{}:,'), (at, character) => {
        fc.pre(text[at] !== character && text[at] !== '\n');
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        // JSON of the same meaning is the same audit.
        fc.pre(meaning(changed) !== meaning(text));
        const lines = changed.split('\n').map(parseAuditLine);
        return verify(lines, { known: [kept], publicKey: kept.publicKey }).faults > 0;
      }),
      { numRuns: 300 },
    ),
  );
});

test('a signature whose last character has other bits that stand for nothing is none', t => {
  const kept = checkpointOf(chain(3), 3);
  const { signature } = kept;
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const last = letters[letters.indexOf(signature.at(-3) ?? '') + 1] ?? '';
  const other = `${signature.slice(0, -3)}${last}==`;
  t.deepEqual(Buffer.from(other, 'base64'), Buffer.from(signature, 'base64'));
  t.true(isSignedText(checkpointText(kept), kept));
  t.false(isSignedText(checkpointText(kept), { ...kept, signature: other }));
});

test('a row with more members than are hashed is none', t => {
  const [event] = chain(1);
  t.truthy(parseAuditLine(JSON.stringify(event)));
  t.is(parseAuditLine(JSON.stringify({ ...event, approved: true })), undefined);
  t.is(parseAuditLine('{'), undefined);
  t.is(parseAuditLine(`"${'x'.repeat(2_000_000)}"`), undefined);
});

test('lines come out whole however the file comes in, and one that is too long is none', async t => {
  const text = [header(), ...rows(chain(2))].map(auditLineText).join('\n');
  for (const size of [1, 7, 64, text.length]) {
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    t.is((await all(auditLines(streamOf(pieces)))).join('\n'), text);
  }
  const long = await all(auditLines(streamOf(['x'.repeat(1_000_000), 'y'.repeat(1_000_000), '\nz'])));
  t.deepEqual(
    long.map(line => line.length),
    [1024 * 1024 + 1, 1],
  );
  t.is(parseAuditLine(long[0] ?? ''), undefined);
});

test('a row that is nested deeper than anything hashes is one that was changed', t => {
  const depth = 100_000;
  const details = JSON.parse(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`);
  t.is(verify([header(), ...rows([{ ...chain(1)[0], details }])]).problems[0]?.fault, 'changed');
});

test('what is signed of a checkpoint is five lines that name what they are', t => {
  t.is(
    checkpointText({ chain: CHAIN, size: 7, hash: firstHash(CHAIN), at: AT }),
    `prompd audit checkpoint v1\n@bank\n7\n${firstHash(CHAIN)}\n${AT}\n`,
  );
});

function verify(
  lines: readonly (AuditLine | undefined)[],
  trust: AuditTrust = { known: [], publicKey: undefined },
): AuditVerdict {
  const verifier = new AuditVerifier(trust);
  for (const line of lines) verifier.push(line);
  return verifier.end();
}

/** Rows of which the tests name the first three. */
type Triple = [AuditEvent, AuditEvent, AuditEvent, ...AuditEvent[]];

function chain(length: number, actor = 'jane'): Triple {
  const events: AuditEvent[] = [];
  for (let seq = 1; seq <= length; seq++) {
    events.push(
      rehashed({
        chain: CHAIN,
        seq,
        at: AT,
        actor,
        token: 'token 1',
        action: 'version.publish',
        subject: `version @bank/kyc@1.${seq}.0`,
        before: null,
        after: 'sha512-x',
        reason: 'as agreed',
        requestId: `r${seq}`,
        details: { seq },
        previousHash: events.at(-1)?.hash ?? firstHash(CHAIN),
        hash: '',
      }),
    );
  }
  return events as Triple;
}

function rehashed(event: AuditEvent): AuditEvent {
  return { ...event, hash: auditHash(event) };
}

function header(): AuditLine {
  return { kind: 'header', header: { chain: CHAIN, filter: {} } };
}

function rows(events: readonly AuditEvent[]): AuditLine[] {
  return events.map(event => ({ kind: 'event', event }));
}

function checkpoint(events: readonly AuditEvent[], size: number): AuditLine {
  return { kind: 'checkpoint', checkpoint: checkpointOf(events, size) };
}

function checkpointOf(events: readonly AuditEvent[], size: number, key = KEY): SignedCheckpoint {
  const said = { chain: CHAIN, size, hash: events[size - 1]?.hash ?? '', at: AT };
  return { ...said, ...signed(checkpointText(said), key) };
}

function archive(events: readonly AuditEvent[], seq: number, key = KEY): AuditLine {
  const said = { chain: CHAIN, seq, hash: events[seq - 1]?.hash ?? '', at: AT, file: 'a'.repeat(64) };
  const moved: SignedArchive = { ...said, ...signed(archiveText(said), key) };
  return { kind: 'archive', archive: moved };
}

function signed(text: string, key: KeyObject) {
  return { publicKey: publicOf(key), signature: sign(null, Buffer.from(text), key).toString('base64') };
}

function publicOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}

async function* streamOf(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

function meaning(text: string): string {
  return text
    .split('\n')
    .map(line => {
      const parsed = parseAuditLine(line);
      return parsed ? auditLineText(parsed) : `not ${line}`;
    })
    .join('\n');
}
