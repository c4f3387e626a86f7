import { z } from 'zod';
import type { PackedPackage } from '#prompd/tarball/pack-tree.js';
import { jsonBody, type TestRegistry } from '../support/registry.js';

const PROMPT = '---\nname: summary\n---\n# User\nHello.\n';

/** What is sent to a module that has a version and a draft; the ETag is that of what it is about. */
const MODULE_INPUT: Readonly<Record<string, { readonly body?: object; readonly etagOf?: string }>> = {
  changeModule: { body: { intent: 'x' }, etagOf: '' },
  describePrompt: { body: { intent: 'x' } },
  writePrompt: { body: { source: PROMPT }, etagOf: '/prompts/summary' },
  removePrompt: { etagOf: '/prompts/summary' },
  beginDraft: { body: {}, etagOf: '/draft' },
  writeManifest: { body: { description: 'x' }, etagOf: '/draft/files/prompd.json' },
  discardDraft: { etagOf: '/draft' },
  writeDraftFile: { body: { content: 'x' }, etagOf: '/draft/files/notes.md' },
  removeDraftFile: { etagOf: '/draft/files/notes.md' },
  restoreVersion: { body: { version: '1.0.0' }, etagOf: '/draft' },
  commitDraft: { body: {}, etagOf: '/draft' },
};

/** A module with a version, and a draft that differs from it. */
export async function writtenModule(registry: TestRegistry, id: string): Promise<string> {
  const module = id.toLowerCase();
  const base = `/projects/guild/modules/${module}`;
  await registry.request('/projects/guild/modules', jsonBody('POST', { module }));
  await changed(registry, `${base}/prompts/summary`, { source: PROMPT });
  await registry.request(`${base}/draft/commit`, await moduleInit(registry, `${base}/draft`, 'POST', {}));
  await changed(registry, `${base}/draft/files/notes.md`, { content: 'Notes.' });
  return module;
}

async function changed(registry: TestRegistry, path: string, body: object): Promise<void> {
  const { headers, ...init } = jsonBody('PUT', body);
  const answer = await registry.request(path, { ...init, headers: { ...headers, 'if-none-match': '*' } });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

export async function moduleRequest(
  registry: TestRegistry,
  path: string,
  { id, method }: { id: string; method: string },
): Promise<RequestInit> {
  const { body, etagOf } = MODULE_INPUT[id] ?? {};
  const base = /^.*\/modules\/[^/]+/.exec(path)?.[0] ?? '';
  return moduleInit(
    registry,
    etagOf === undefined ? undefined : `${base}${etagOf}`,
    method.toUpperCase(),
    body,
  );
}

async function moduleInit(
  registry: TestRegistry,
  seen: string | undefined,
  method: string,
  body: object | undefined,
): Promise<RequestInit> {
  const etag = seen === undefined ? undefined : (await registry.request(seen)).headers.get('etag');
  const { headers = {}, ...init } = body ? jsonBody(method, body) : { method };
  const condition: Record<string, string> = etag ? { 'if-match': etag } : {};
  return { ...init, headers: { ...headers, ...condition } };
}

export function addressOf(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_, key: string) => values[key] ?? '');
}

/** The document by which npm's clients publish. */
export function npmPublication({ manifest: { name, version }, bytes, integrity }: PackedPackage): object {
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { name, version, dist: { integrity } } },
    _attachments: { [`${name}-${version}.tgz`]: { data: Buffer.from(bytes).toString('base64') } },
  };
}

export async function npmRevision(registry: TestRegistry): Promise<string> {
  const answer = await registry.request('/npm/@bank%2fnpm');
  return z.object({ _rev: z.string() }).parse(await answer.json())._rev;
}

export async function npmToken(registry: TestRegistry): Promise<{ key: string; token: string }> {
  const answer = await registry.request(
    '/npm/-/npm/v1/tokens',
    jsonBody('POST', { password: registry.adminToken }),
  );
  return z.object({ key: z.string(), token: z.string() }).parse(await answer.json());
}

export async function offeredLogin(registry: TestRegistry): Promise<{ page: string; done: string }> {
  const answer = await registry.request('/npm/-/v1/login', jsonBody('POST', {}));
  const { loginUrl, doneUrl } = z
    .object({ loginUrl: z.string(), doneUrl: z.string() })
    .parse(await answer.json());
  return { page: loginUrl.split('/').at(-1) ?? '', done: doneUrl.split('/').at(-1) ?? '' };
}

export async function idOfNewToken(
  registry: TestRegistry,
  user = 'admin',
  key: 'id' | 'token' = 'id',
): Promise<string> {
  const body = { name: 'to revoke', user, scopes: ['read'] };
  const answer = await registry.request('/tokens', jsonBody('POST', body));
  const made = z.object({ id: z.number(), token: z.string() }).parse(await answer.json());
  return String(made[key]);
}

export async function offeredDevice(
  registry: TestRegistry,
): Promise<{ device_code: string; user_code: string }> {
  const body = new URLSearchParams({ client_id: 'test' });
  const answer = await registry.request('/device/authorize', { method: 'POST', body });
  return z.object({ device_code: z.string(), user_code: z.string() }).parse(await answer.json());
}

export async function approvedDevice(registry: TestRegistry): Promise<URLSearchParams> {
  const { device_code, user_code: userCode } = await offeredDevice(registry);
  await registry.request('/device/approve', jsonBody('POST', { userCode, approve: true }));
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  return new URLSearchParams({ grant_type, device_code });
}

/** The admin has no session of their own to end: one for who has the token is made. */
export async function sessionOfAdmin(registry: TestRegistry): Promise<string> {
  const body = await approvedDevice(registry);
  await registry.request('/auth/token', { method: 'POST', body });
  const answer = await registry.request('/me/sessions');
  const list = z.object({ sessions: z.array(z.object({ id: z.string() })) }).parse(await answer.json());
  return list.sessions[0]?.id ?? '';
}

export async function idIn(answer: Promise<Response>): Promise<string> {
  const { id } = z.object({ id: z.union([z.string(), z.number()]) }).parse(await (await answer).json());
  return String(id);
}

export function readEntries(answer: unknown) {
  return z.object({ entries: z.array(z.object({ hash: z.string() })) }).parse(answer).entries;
}
