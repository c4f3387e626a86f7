import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import type { Teardown } from './temp.js';

/** Where `npm audit signatures` looks for keys before it asks a registry for its own. */
const MIRROR = 'tuf-repo-cdn.sigstore.dev';
const EXPIRES = '2999-01-01T00:00:00Z';

/**
 * Lets `npm audit signatures` do without the internet: before it looks at a registry, it always asks the public mirror of
 * Sigstore what it knows of the registry's keys. Here it trusts a root of its own that knows of none, and asks through a
 * proxy that answers in the mirror's place.
 * @param home of the npm that is to trust this root
 * @returns settings of the environment for npm
 * @see https://theupdateframework.github.io/specification/latest/
 */
export async function emptyTrustRoot(t: Teardown, home: string): Promise<Readonly<Record<string, string>>> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyval: { public: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex') },
  };
  const keyid = createHash('sha256').update(canonical(key)).digest('hex');
  const role = { keyids: [keyid], threshold: 1 };
  const roles = { root: role, timestamp: role, snapshot: role, targets: role };
  const signed = (type: string, members: object) =>
    signedBy(privateKey, keyid, {
      _type: type,
      spec_version: '1.0.0',
      version: 1,
      expires: EXPIRES,
      ...members,
    });
  const timestamp = signed('timestamp', { meta: { 'snapshot.json': { version: 1 } } });
  const folder = path.join(home, '.npm/_tuf', MIRROR);
  mkdirSync(path.join(folder, 'targets'), { recursive: true });
  const files = {
    root: signed('root', { consistent_snapshot: true, keys: { [keyid]: key }, roles }),
    timestamp,
    snapshot: signed('snapshot', { meta: { 'targets.json': { version: 1 } } }),
    targets: signed('targets', { targets: {} }),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, `${name}.json`), text);
  return { HTTPS_PROXY: await startMirror(t, timestamp), NO_PROXY: '127.0.0.1' };
}

/** Is asked for a newer root, of which there is none, and then for the timestamp. */
async function startMirror(t: Teardown, timestamp: string): Promise<string> {
  let asked = 0;
  const server = createServer();
  // What a proxy answers instead of a tunnel reaches the client as the answer of the host.
  server.on('connect', (_request, socket) => {
    const isRoot = asked++ % 2 === 0;
    const [status, body] = isRoot
      ? ['404 Not Found', '{}']
      : ['203 Non-Authoritative Information', timestamp];
    socket.end(
      [
        `HTTP/1.1 ${status}`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(body)}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>(resolve => server.close(() => resolve())));
  return `http://127.0.0.1:${portOf(server)}`;
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function signedBy(key: KeyObject, keyid: string, content: object): string {
  const sig = sign(null, Buffer.from(canonical(content)), key).toString('hex');
  return JSON.stringify({ signed: content, signatures: [{ keyid, sig }] });
}

/** Canonical JSON, as far as it is needed here: members in order, no blanks. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, content]) => `${JSON.stringify(name)}:${canonical(content)}`).join(',')}}`;
}
