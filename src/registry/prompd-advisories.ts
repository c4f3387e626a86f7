import { z } from 'zod';
import { auditSeverity, versionRange } from '../core/advisory.js';
import { isPackageName } from '../core/name.js';
import type { HttpClient, HttpRequest } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import { JSON_TYPES } from './prompd-changes.js';
import type { RegistryAdvisories, RegistryAdvisory } from './registry.js';

/** More than a registry lists at once. */
const PAGE = 250;

const missing = <T>(found: T | null | undefined): T | undefined => found ?? undefined;
const time = z.string().max(40);

const advisorySchema = z.object({
  id: z.string().min(1).max(100),
  package: z.string().refine(isPackageName, 'not a package name'),
  vulnerable: versionRange,
  severity: auditSeverity,
  title: z.string().max(1000),
  text: z.string().max(100_000),
  patched: versionRange.nullish().transform(missing),
  url: z.string().max(2048).nullish().transform(missing),
  published: time,
  updated: time,
  withdrawn: time.nullish().transform(missing),
  publishedBy: z.string().max(300),
});
const listSchema = z.object({ advisories: z.array(advisorySchema).max(PAGE) });

/** The advisories of a registry that speaks prompd's own protocol, as those who publish them see them. */
export function prompdAdvisories(http: HttpClient, registryUrl: string): RegistryAdvisories {
  const ask = async <S extends z.ZodType>(
    schema: S,
    url: URL,
    { subject, method = 'GET', body }: { subject: string; method?: HttpRequest['method']; body?: object },
  ): Promise<z.output<S>> => {
    const answer = await http.send({
      method,
      url,
      headers: { accept: JSON_TYPES, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: Buffer.from(JSON.stringify(body)) } : {}),
      // A second one would be another advisory.
      isRepeatable: method !== 'POST',
      ...jsonLimits(url),
    });
    if (answer.status !== 200 && answer.status !== 201) throw answerError(answer, subject, registryUrl);
    return readAnswer(answer, schema);
  };
  const one = (id: string) => new URL(`advisories/${encodeURIComponent(id)}`, registryUrl);
  const named = (id: string) => `advisory ${id.slice(0, 100)}`;
  return {
    publish: (name, draft): Promise<RegistryAdvisory> =>
      ask(advisorySchema, new URL('advisories', registryUrl), {
        subject: name,
        method: 'POST',
        body: { package: name, ...draft },
      }),
    find: id => ask(advisorySchema, one(id), { subject: named(id) }),
    async list(name) {
      const url = new URL('advisories', registryUrl);
      if (name !== undefined) url.searchParams.set('package', name);
      url.searchParams.set('limit', String(PAGE));
      return (await ask(listSchema, url, { subject: 'the advisories' })).advisories;
    },
    withdraw: (id, withdrawn) =>
      ask(advisorySchema, one(id), { subject: named(id), method: 'PUT', body: { withdrawn } }),
  };
}
