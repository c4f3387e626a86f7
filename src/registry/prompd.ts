import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseIntegrity } from '../core/integrity.js';
import { baseNameOf, isPackageName, type PackageName } from '../core/name.js';
import { parsePackument, type VersionMetadata } from '../core/packument.js';
import { isVersion } from '../core/version.js';
import { askAdvisories } from './advisories.js';
import { type HttpAnswer, type HttpClient, type HttpOptions, httpClient } from './http.js';
import { jsonOf, readAnswer } from './json-answer.js';
import { answerError, readProblem } from './problem-document.js';
import type {
  Identity,
  PackumentAnswer,
  PublishReceipt,
  PublishRequest,
  Registry,
  SearchPage,
  SearchQuery,
} from './registry.js';

export interface PrompdRegistryOptions extends HttpOptions {
  /** The name it is configured under. */
  readonly alias: string;
}

/** Largest JSON answer that is read, in bytes after decompression. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const JSON_TYPES = 'application/json, application/problem+json';

const name = z.string().refine(isPackageName, 'not a package name');
const version = z.string().refine(isVersion, 'not a version');
const words = z
  .string()
  .nullish()
  .transform(value => value ?? '');

const searchSchema = z.object({
  total: z.int().nonnegative(),
  packages: z
    .array(
      z.object({
        name,
        version,
        description: words,
        author: words,
        category: words,
        keywords: z.array(z.string()).catch([]),
        downloads: z.number().nonnegative().catch(0),
        updated: z.string().max(40),
      }),
    )
    .max(1000),
});

const receiptSchema = z.object({
  name,
  version,
  integrity: z.string(),
  tag: z.string().max(214),
  status: z.enum(['published', 'pending']),
});

const identitySchema = z.object({
  name: z.string().min(1).max(214),
  scopes: z.array(z.string().max(64)).max(100),
});

/** A registry that speaks prompd's own protocol, docs/registry-api.md. */
export function prompdRegistry(options: PrompdRegistryOptions): Registry {
  const { alias, registryUrl: url } = options;
  const http = httpClient(options);
  return {
    alias,
    url,
    packument: (packageName, etag) => getPackument(http, url, { packageName, etag }),
    archive: (metadata, maxBytes) => getArchive(http, url, { metadata, maxBytes }),
    publish: request => publish(http, url, request),
    search: query => search(http, url, query),
    whoami: () => whoami(http, url),
    advisories: installed => askAdvisories(http, url, installed),
  };
}

async function getPackument(
  http: HttpClient,
  registryUrl: string,
  { packageName, etag }: { packageName: PackageName; etag: string | undefined },
): Promise<PackumentAnswer> {
  const answer = await getJson(http, packageUrl(registryUrl, packageName), {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
  });
  if (answer.status === 304 && etag !== undefined) return { kind: 'unchanged' };
  if (answer.status !== 200) throw answerError(answer, packageName, registryUrl);
  return {
    kind: 'fresh',
    packument: parsePackument(jsonOf(answer), packageName),
    body: answer.body.toString('utf8'),
    etag: answer.headers.etag,
  };
}

async function getArchive(
  http: HttpClient,
  registryUrl: string,
  { metadata, maxBytes }: { metadata: VersionMetadata; maxBytes: number },
): Promise<Uint8Array> {
  const subject = `${metadata.name}@${metadata.version}`;
  const answer = await http.send({
    method: 'GET',
    url: archiveUrl(registryUrl, metadata),
    headers: { accept: 'application/gzip, application/octet-stream, */*;q=0.5' },
    maxBytes,
    tooLarge: () =>
      new PrompdError('EARCHIVELIMIT', `The archive of ${subject} is larger than the limit.`, {
        facts: { name: metadata.name, version: metadata.version, limit: maxBytes },
        hint: 'Raise "network.maxArchiveBytes" in config.json in your prompd folder if you trust the package.',
      }),
    decompress: false,
  });
  if (answer.status !== 200) throw answerError(answer, subject, registryUrl);
  return answer.body;
}

/**
 * Archives may lie on another host, but never behind a weaker connection than the registry itself. A lockfile names no
 * address: then the archive is where every prompd registry has it.
 */
function archiveUrl(registryUrl: string, { name, version, dist }: VersionMetadata): URL {
  const found = dist.tarball ?? conventionalAddress(name, version);
  const url = URL.canParse(found, registryUrl) ? new URL(found, registryUrl) : undefined;
  const plain = url?.protocol === 'http:' && !registryUrl.startsWith('https:');
  if (url !== undefined && found !== '' && (plain || url.protocol === 'https:')) return url;
  throw new PrompdError(
    'EBADRESPONSE',
    `The registry names no usable address for the archive of ${name}@${version}.`,
    {
      facts: { name, version, registry: registryUrl, found: found.slice(0, 300) },
      hint: 'Tell the people who run the registry.',
    },
  );
}

function conventionalAddress(packageName: PackageName, packageVersion: string): string {
  const file = encodeURIComponent(`${baseNameOf(packageName)}-${packageVersion}.tgz`);
  return `packages/${packageName}/-/${file}`;
}

async function publish(
  http: HttpClient,
  registryUrl: string,
  request: PublishRequest,
): Promise<PublishReceipt> {
  const url = new URL('packages', registryUrl);
  url.searchParams.set('tag', request.tag);
  if (request.access !== undefined) url.searchParams.set('access', request.access);
  const answer = await http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/gzip', integrity: request.integrity, accept: JSON_TYPES },
    body: request.archive,
    ...jsonLimits(url),
  });
  const subject = `${request.name}@${request.version}`;
  if (answer.status === 409 && answer.repeated && readProblem(answer)?.identical === true) {
    return { ...receiptOf(request), alreadyThere: true };
  }
  if (answer.status !== 200 && answer.status !== 201) throw answerError(answer, subject, registryUrl);
  const receipt = readAnswer(answer, receiptSchema);
  const integrity = parseIntegrity(receipt.integrity);
  if (
    receipt.name !== request.name ||
    receipt.version !== request.version ||
    integrity !== request.integrity
  ) {
    throw new PrompdError('EBADRESPONSE', `The registry confirms something else than ${subject}.`, {
      facts: {
        expected: [subject, request.integrity],
        found: [`${receipt.name}@${receipt.version}`, integrity],
      },
      hint: 'Look at what the registry has with "prompd info" before you publish again.',
    });
  }
  return { ...receipt, integrity };
}

function receiptOf({ name, version, integrity, tag }: PublishRequest): PublishReceipt {
  return { name, version, integrity, tag, status: 'published' };
}

async function search(http: HttpClient, registryUrl: string, query: SearchQuery): Promise<SearchPage> {
  const url = new URL('packages', registryUrl);
  const { text, ...filters } = query;
  if (text !== '') url.searchParams.set('q', text);
  for (const [key, value] of Object.entries(filters)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const answer = await getJson(http, url);
  if (answer.status !== 200) throw answerError(answer, 'search', registryUrl);
  const { total, packages } = readAnswer(answer, searchSchema);
  return { total, hits: packages };
}

async function whoami(http: HttpClient, registryUrl: string): Promise<Identity> {
  const answer = await getJson(http, new URL('whoami', registryUrl));
  if (answer.status !== 200) throw answerError(answer, 'whoami', registryUrl);
  return readAnswer(answer, identitySchema);
}

function getJson(http: HttpClient, url: URL, headers: Record<string, string> = {}): Promise<HttpAnswer> {
  return http.send({
    method: 'GET',
    url,
    headers: { accept: JSON_TYPES, ...headers },
    ...jsonLimits(url),
  });
}

function jsonLimits(url: URL) {
  return {
    maxBytes: MAX_JSON_BYTES,
    decompress: true,
    tooLarge: () =>
      new PrompdError('EBADRESPONSE', `${url.host} answered with more than ${MAX_JSON_BYTES} bytes.`, {
        facts: { url: url.href, limit: MAX_JSON_BYTES },
        hint: 'Check the address of the registry.',
      }),
  };
}

function packageUrl(registryUrl: string, packageName: PackageName): URL {
  return new URL(`packages/${packageName.split('/').map(encodeURIComponent).join('/')}`, registryUrl);
}
