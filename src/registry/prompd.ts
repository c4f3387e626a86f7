import { z } from 'zod';
import { AUTHOR_SIGNATURE_HEADER, authorSignatureHeader } from '../core/author-signature.js';
import { PrompdError } from '../core/errors.js';
import { parseIntegrity } from '../core/integrity.js';
import { isPackageName, type PackageName } from '../core/name.js';
import { parsePackument } from '../core/packument.js';
import { isVersion } from '../core/version.js';
import { askAdvisories } from './advisories.js';
import { getArchive } from './archive.js';
import { askArchives } from './batch/archive-batch.js';
import { askPackuments } from './batch/packument-batch.js';
import { announcedCapabilities } from './discover.js';
import { type HttpAnswer, type HttpClient, type HttpOptions, httpClient } from './http.js';
import { jsonOf, readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { askKeys } from './keys.js';
import { answerError, readProblem } from './problem-document.js';
import { prompdAdvisories } from './prompd-advisories.js';
import { prompdAudit } from './prompd-audit.js';
import { JSON_TYPES, packageUrl, prompdChanges } from './prompd-changes.js';
import { prompdChannels } from './prompd-channels.js';
import { prompdCompatibility } from './prompd-compatibility.js';
import { prompdGovernance } from './prompd-governance.js';
import { askLog } from './prompd-log.js';
import { deviceLogin } from './prompd-login.js';
import { prompdProjects } from './prompd-projects.js';
import { prompdTokens } from './prompd-tokens.js';
import { prompdTrust } from './prompd-trust.js';
import { prompdUsers } from './prompd-users.js';
import { prompdWebhooks } from './prompd-webhooks.js';
import { refuseStranger } from './redirect-rules.js';
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
  /** What the registry announces that it can do; undefined when it was not asked yet. */
  readonly capabilities?: readonly string[] | undefined;
}

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
  authorKeyid: z.string().max(200).optional(),
});

const identitySchema = z
  .object({
    user: z.string().min(1).max(214).optional(),
    name: z.string().min(1).max(214),
    scopes: z.array(z.string().max(64)).max(100),
  })
  .transform(({ user, name, scopes }) => ({ name: user ?? name, scopes }));

/** A registry that speaks prompd's own protocol, docs/registry-api.md. */
export function prompdRegistry(options: PrompdRegistryOptions): Registry {
  const { alias, registryUrl: url } = options;
  const http = httpClient(options);
  let capabilities = options.capabilities && Promise.resolve(options.capabilities);
  const announced = () => {
    capabilities ??= announcedCapabilities(http, url);
    return capabilities;
  };
  return {
    alias,
    url,
    packument: (packageName, etag) => getPackument(http, url, { packageName, etag }),
    archive: (metadata, maxBytes, signal) =>
      getArchive(http, {
        metadata,
        maxBytes,
        signal,
        registryUrl: url,
        packagesPath: 'packages/',
        refusal: (answer, subject) => answerError(answer, subject, url),
      }),
    async batch() {
      const known = await announced();
      if (!known.includes('resolve') || !known.includes('tarballs')) return undefined;
      return {
        packuments: request => askPackuments(http, url, request),
        archives: request => askArchives(http, url, request),
      };
    },
    publish: request => publish(http, url, request),
    search: (query, signal) => search({ http, url }, query, signal),
    login: prompts => deviceLogin(http, url, { capabilities: announced, prompts }),
    whoami: () => whoami(http, url),
    changes: prompdChanges(http, url),
    tokens: prompdTokens(http, url, () => whoami(http, url)),
    keys: () => askKeys(http, url, answerError),
    advisories: installed => askAdvisories(http, url, installed),
    advisoryDesk: prompdAdvisories(http, url),
    webhooks: prompdWebhooks(http, url),
    governance: prompdGovernance(http, url),
    compatibility: prompdCompatibility(http, url),
    projects: prompdProjects(http, url),
    audit: prompdAudit(http, url),
    trust: prompdTrust(http, url, announced),
    users: prompdUsers(http, url),
    channels: prompdChannels(http, url),
    log: question => askLog(http, url, question),
  };
}

async function getPackument(
  http: HttpClient,
  registryUrl: string,
  { packageName, etag }: { packageName: PackageName; etag: string | undefined },
): Promise<PackumentAnswer> {
  const answer = await getJson(http, packageUrl(registryUrl, packageName), {
    headers: etag === undefined ? {} : { 'if-none-match': etag },
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

async function publish(
  http: HttpClient,
  registryUrl: string,
  request: PublishRequest,
): Promise<PublishReceipt> {
  const { authorSignature } = request;
  const url = new URL('packages', registryUrl);
  url.searchParams.set('tag', request.tag);
  if (request.access !== undefined) url.searchParams.set('access', request.access);
  const answer = await http.send({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/gzip',
      integrity: request.integrity,
      accept: JSON_TYPES,
      ...(authorSignature && { [AUTHOR_SIGNATURE_HEADER]: authorSignatureHeader(authorSignature) }),
    },
    body: request.archive,
    ...jsonLimits(url),
  });
  const subject = `${request.name}@${request.version}`;
  const problem = answer.status === 409 && answer.repeated ? readProblem(answer) : undefined;
  const status = arrivedStatus(problem?.facts?.['status']);
  if (problem?.identical === true && status !== undefined) {
    return { ...receiptOf(request), status, alreadyThere: true };
  }
  if (![200, 201, 202].includes(answer.status)) throw answerError(answer, subject, registryUrl);
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
  if (receipt.authorKeyid !== authorSignature?.keyid) {
    throw new PrompdError(
      'EBADRESPONSE',
      `${subject} was published, and its author's signature was not kept.`,
      {
        facts: { registry: registryUrl, expected: authorSignature?.keyid ?? 'none' },
        hint: 'Update the registry, or publish the next version without "--sign".',
      },
    );
  }
  return { ...receipt, integrity };
}

/** What became of a version whose first answer got lost; registries that say nothing of it publish at once. */
function arrivedStatus(told: unknown): PublishReceipt['status'] | undefined {
  if (told === undefined) return 'published';
  return told === 'published' || told === 'pending' ? told : undefined;
}

function receiptOf({ name, version, integrity, tag }: PublishRequest): Omit<PublishReceipt, 'status'> {
  return { name, version, integrity, tag };
}

async function search(
  { http, url: registryUrl }: { readonly http: HttpClient; readonly url: string },
  query: SearchQuery,
  signal: AbortSignal | undefined,
): Promise<SearchPage> {
  const url = new URL('packages', registryUrl);
  const { text, ...filters } = query;
  if (text !== '') url.searchParams.set('q', text);
  for (const [key, value] of Object.entries(filters)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const answer = await getJson(http, url, { signal });
  if (answer.status !== 200) throw answerError(answer, 'search', registryUrl);
  const { total, packages } = readAnswer(answer, searchSchema);
  return { total, hits: packages };
}

async function whoami(http: HttpClient, registryUrl: string): Promise<Identity> {
  const address = new URL('whoami', registryUrl);
  const answer = await getJson(http, address);
  if (answer.status !== 200) throw answerError(answer, 'whoami', registryUrl);
  refuseStranger(answer, address);
  return readAnswer(answer, identitySchema);
}

function getJson(
  http: HttpClient,
  url: URL,
  { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal | undefined } = {},
): Promise<HttpAnswer> {
  return http.send({
    method: 'GET',
    url,
    headers: { accept: JSON_TYPES, ...headers },
    ...(signal && { signal }),
    ...jsonLimits(url),
  });
}
