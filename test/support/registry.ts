import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import type { PackageManifest } from '#prompd/core/manifest.js';
import { checkPackageManifest } from '#prompd/core/manifest.js';
import { memoryTree } from '#prompd/tarball/memory-tree.js';
import { type PackedPackage, packTree } from '#prompd/tarball/pack-tree.js';
import { CheckThreads } from '#server/adapters/check-threads.js';
import { prepareTemplate } from '#server/adapters/embedded-template.js';
import { type RegistryOptions, startRegistry } from '#server/main.js';
import { registryDatabase } from './postgres.js';
import { type Teardown, tempDir } from './temp.js';

export interface TestRegistry {
  readonly url: string;
  /** Where metrics are served; undefined unless they are. */
  readonly metricsUrl: string | undefined;
  readonly adminToken: string;
  readonly dataDir: string;
  /** Sends a request as the admin, or as `token`; null as nobody. */
  request(path: string, init?: RequestInit & { token?: string | null }): Promise<Response>;
  /** Publishes a package of the manifest and a few files; fails unless it is published. */
  publish(
    manifest: TestManifest,
    files?: Record<string, string>,
    query?: string,
    token?: string,
  ): Promise<PackedPackage>;
  /** Makes a token of these scopes. */
  token(...scopes: string[]): Promise<string>;
  /** A token of somebody. */
  tokenOf(user: string, ...scopes: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Of all registries of a test file: starting a thread takes longer than most of what it is asked. */
const threads = new CheckThreads();

/** The members of a prompd.json that tests care for. */
export type TestManifest = { name: string; version: string } & Record<string, unknown>;

/**
 * Starts a registry on a free port and a temporary folder, with an admin token; stopped when the test ends. Its database is
 * in the PostgreSQL of the test run: starting an embedded one takes ten times as much. One that is given a folder has it
 * embedded there, and finds it again.
 */
export async function startTestRegistry(
  t: Teardown,
  options: Partial<RegistryOptions> = {},
): Promise<TestRegistry> {
  const dataDir = options.dataDir ?? tempDir(t);
  const databaseUrl = options.databaseUrl ?? (options.dataDir ? undefined : await registryDatabase(t));
  if (databaseUrl === undefined) await prepareTemplate();
  const adminToken = options.adminToken ?? `prompd_${randomBytes(32).toString('base64url')}`;
  const running = await startRegistry({
    port: 0,
    host: '127.0.0.1',
    logger: pino({ level: 'silent' }),
    threads,
    ...options,
    adminToken,
    dataDir,
    databaseUrl,
  });
  t.teardown(() => running.close());
  const { url } = running;

  const request: TestRegistry['request'] = (path, { token = adminToken, ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    return fetch(`${url}${path}`, { ...init, headers });
  };
  return {
    url,
    metricsUrl: running.metricsUrl,
    adminToken,
    dataDir,
    request,
    async publish(manifest, files, query = '', token = adminToken) {
      const packed = await packTest(manifest, files);
      const answer = await request(`/packages${query}`, { ...archiveBody(packed.bytes), token });
      if (answer.status !== 201) throw new Error(`not published: ${answer.status} ${await answer.text()}`);
      return packed;
    },
    async tokenOf(user, ...scopes) {
      const body = { name: `${user}'s ${scopes.join(' ')}`, user, scopes };
      const answer = await request('/tokens', jsonBody('POST', body));
      return readString(await answer.json(), 'token');
    },
    async token(...scopes) {
      const answer = await request('/tokens', jsonBody('POST', { name: `test ${scopes.join(' ')}`, scopes }));
      return readString(await answer.json(), 'token');
    },
    close: () => running.close(),
  };
}

/** Packs a package made of a manifest and files. */
export async function packTest(
  manifest: TestManifest,
  files: Record<string, string> = {},
): Promise<PackedPackage> {
  return packTree(memoryTree(Object.entries(files)), checked(manifest));
}

export function archiveBody(bytes: Uint8Array, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body: Buffer.from(bytes),
    headers: { 'content-type': 'application/gzip', ...headers },
  };
}

export function jsonBody(method: string, value: unknown): RequestInit {
  return { method, body: JSON.stringify(value), headers: { 'content-type': 'application/json' } };
}

function checked(manifest: TestManifest): PackageManifest {
  const { manifest: good, problems } = checkPackageManifest(JSON.stringify(manifest));
  if (!good) throw new Error(problems.map(({ message }) => message).join(' '));
  return good;
}

function readString(value: unknown, key: string): string {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  if (typeof found !== 'string') throw new Error(`no ${key} in ${JSON.stringify(value)}`);
  return found;
}
