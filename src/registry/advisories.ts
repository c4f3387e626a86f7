import { z } from 'zod';
import { type Advisory, auditSeverity, versionRange } from '../core/advisory.js';
import { PrompdError } from '../core/errors.js';
import { isPackageName, type PackageName } from '../core/name.js';
import type { Version } from '../core/version.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { answerError } from './problem-document.js';

/** Names in one request: more would not fit what registries take. */
const NAMES_PER_REQUEST = 500;
const MAX_BYTES = 64 * 1024 * 1024;
/** What a registry answers that has no such address. */
const NOT_OFFERED = [404, 405, 501];

const words = (max: number) =>
  z
    .string()
    .nullish()
    .transform(value => value?.slice(0, max));

/** One that cannot be read is an error: left out, it would look as if there were none. */
const entrySchema = z.object({
  id: z.union([z.string().min(1).max(100), z.number()]).transform(String),
  title: z.string().transform(title => title.slice(0, 300)),
  severity: auditSeverity,
  vulnerable_versions: versionRange,
  patched_versions: versionRange.nullish().catch(undefined),
  overview: words(20_000),
  url: words(2048),
  published: words(40),
});

const bulkSchema = z.record(z.string().max(214), z.array(entrySchema).max(10_000));

/**
 * Asks for advisories as "npm audit" does.
 * @returns undefined when the registry has no such address
 */
export async function askAdvisories(
  http: HttpClient,
  registryUrl: string,
  installed: ReadonlyMap<PackageName, readonly Version[]>,
): Promise<readonly Advisory[] | undefined> {
  const entries = [...installed];
  const found: Advisory[] = [];
  for (let at = 0; at < entries.length; at += NAMES_PER_REQUEST) {
    const some = await askSome(http, registryUrl, new Map(entries.slice(at, at + NAMES_PER_REQUEST)));
    if (some === undefined) return undefined;
    found.push(...some);
  }
  return found;
}

async function askSome(
  http: HttpClient,
  registryUrl: string,
  installed: ReadonlyMap<PackageName, readonly Version[]>,
): Promise<Advisory[] | undefined> {
  const url = new URL('-/npm/v1/security/advisories/bulk', registryUrl);
  const answer = await http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: 'application/json, application/problem+json' },
    body: Buffer.from(JSON.stringify(Object.fromEntries(installed))),
    maxBytes: MAX_BYTES,
    decompress: true,
    tooLarge: () =>
      new PrompdError('EANSWERLIMIT', `${url.host} answered with more than ${MAX_BYTES} bytes.`, {
        facts: { url: url.href, limit: MAX_BYTES },
        hint: 'Check the address of the registry.',
      }),
  });
  if (NOT_OFFERED.includes(answer.status)) return undefined;
  if (answer.status !== 200) throw answerError(answer, 'advisories', registryUrl);
  return Object.entries(readAnswer(answer, bulkSchema)).flatMap(([name, entries]) =>
    // A registry speaks of what it was asked about.
    isPackageName(name) && installed.has(name) ? entries.map(entry => advisoryOf(name, entry)) : [],
  );
}

function advisoryOf(name: PackageName, entry: z.infer<typeof entrySchema>): Advisory {
  return {
    id: entry.id,
    package: name,
    vulnerable: entry.vulnerable_versions,
    severity: entry.severity,
    title: entry.title,
    text: entry.overview ?? '',
    patched: entry.patched_versions ?? undefined,
    url: entry.url && /^https?:\/\//.test(entry.url) ? entry.url : undefined,
    published: entry.published,
    withdrawn: undefined,
  };
}
