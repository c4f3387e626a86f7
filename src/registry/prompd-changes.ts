import { z } from 'zod';
import type { PackageName } from '../core/name.js';
import type { HttpAnswer, HttpClient, HttpRequest } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError, readProblem } from './problem-document.js';
import type { Owner, RegistryChanges } from './registry.js';

export const JSON_TYPES = 'application/json, application/problem+json';

const text = z.string().max(300);

const movesSchema = z.object({
  moves: z
    .array(z.object({ tag: text, from: text.nullable(), to: text.nullable(), actor: text, movedAt: text }))
    .max(100_000),
});

const ownersSchema = z.object({
  owners: z.array(z.object({ user: text, addedBy: text, addedAt: text })).max(10_000),
});

const dependentsSchema = z.object({
  total: z.int().nonnegative(),
  packages: z.array(z.object({ name: text, version: text, range: text })).max(1000),
});

const amount = z.int().nonnegative();
const impactSchema = z.object({
  version: text,
  published: z.boolean(),
  tags: z.array(text).max(10_000),
  freshness: z.object({ latest: text, publishedAt: text, days: amount }),
  dependents: z.object({
    total: amount,
    taking: amount,
    stranded: amount,
    packages: z
      .array(
        z.object({
          name: text,
          version: text,
          range: text,
          takes: z.boolean(),
          instead: text.nullable(),
        }),
      )
      .max(1000),
  }),
  downloads: z.object({
    total: amount,
    days: z.array(z.object({ day: text, count: amount })).max(1000),
    clients: z.array(z.object({ client: text, count: amount })).max(100),
  }),
});

/** What is changed at a registry that speaks prompd's own protocol. */
export function prompdChanges(http: HttpClient, registryUrl: string): RegistryChanges {
  const below = (name: PackageName, ...path: readonly string[]) =>
    new URL([packageUrl(registryUrl, name).href, ...path.map(encodeURIComponent)].join('/'));
  const ask = async (
    method: HttpRequest['method'],
    url: URL,
    { subject, body }: { subject: string; body?: object },
  ): Promise<HttpAnswer> => {
    const answer = await http.send({
      method,
      url,
      headers: { accept: JSON_TYPES, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: Buffer.from(JSON.stringify(body)) } : {}),
      ...jsonLimits(url),
    });
    const gone = method === 'DELETE' && answer.repeated && isMissing(answer);
    // When the answer to the first request got lost, the second one finds nothing left to take away.
    if (answer.status === 200 || answer.status === 204 || gone) return answer;
    throw answerError(answer, subject, registryUrl);
  };
  const owners = async (name: PackageName): Promise<readonly Owner[]> =>
    readAnswer(await ask('GET', below(name, 'owners'), { subject: name }), ownersSchema).owners;
  return {
    async moveTag(name, tag, version) {
      const subject = `${name}@${version ?? tag}`;
      const url = below(name, 'dist-tags', tag);
      if (version === null) await ask('DELETE', url, { subject });
      else await ask('PUT', url, { subject, body: { version } });
    },
    async tagMoves(name) {
      const answer = await ask('GET', below(name, 'dist-tag-moves'), { subject: name });
      return readAnswer(answer, movesSchema).moves;
    },
    async configure(name, { deprecated, yanked }) {
      const body = {
        ...(deprecated ? { deprecated: Object.fromEntries(deprecated) } : {}),
        ...(yanked ? { yanked: Object.fromEntries(yanked) } : {}),
      };
      await ask('PUT', below(name), { subject: name, body });
    },
    async unpublish(name, version) {
      const url = version === undefined ? below(name) : below(name, version);
      await ask('DELETE', url, { subject: version === undefined ? name : `${name}@${version}` });
    },
    owners,
    async addOwner(name, user) {
      await ask('PUT', below(name, 'owners', user), { subject: user });
      return owners(name);
    },
    async removeOwner(name, user) {
      await ask('DELETE', below(name, 'owners', user), { subject: user });
      return owners(name);
    },
    async dependents(name) {
      const answer = await ask('GET', below(name, 'dependents'), { subject: name });
      return readAnswer(answer, dependentsSchema);
    },
    async impact(name, version) {
      const url = below(name, 'impact');
      if (version !== undefined) url.searchParams.set('version', version);
      return readAnswer(await ask('GET', url, { subject: name }), impactSchema);
    },
  };
}

/** The address of a package. */
export function packageUrl(registryUrl: string, name: PackageName): URL {
  return new URL(`packages/${name.split('/').map(encodeURIComponent).join('/')}`, registryUrl);
}

function isMissing(answer: HttpAnswer): boolean {
  const code = readProblem(answer)?.code ?? '';
  return answer.status === 404 && ['ENOTFOUND', 'ENOVERSION', 'ENOUSER'].includes(code);
}
