import { z } from 'zod';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { type Packument, parsePackument } from '../../core/packument.js';
import { isVersion } from '../../core/version.js';
import {
  registryConfig,
  type SearchHit,
  type SearchPage,
  type SearchQuery,
  searchHits,
} from '../../registry/index.js';
import { type Metadata, openMetadata } from '../../store/index.js';
import type { Context } from '../context.js';

/** Cached packages that are searched, and the largest of them, in bytes. */
const MAX_CACHED = 5_000;
const MAX_CACHED_BYTES = 1024 * 1024;

/** A registry's answer about a package, as it came. */
export interface PackageAnswer {
  readonly packument: Packument;
  readonly body: string;
}

/** Looks through what is cached of the default registry, and asks nobody. */
export function searchCached(context: Context, query: SearchQuery): SearchPage {
  return withCache(context, metadata =>
    searchHits(cachedHits(metadata, registryConfig(context.config, DEFAULT_ALIAS).url), query),
  );
}

/**
 * What a registry said of a package last.
 * @param url of the registry
 * @throws PrompdError EOFFLINE when it was never asked
 */
export function answerFromCache(context: Context, url: string, name: PackageName): PackageAnswer {
  return withCache(context, metadata => cachedAnswer(metadata, url, name));
}

/** As {@link answerFromCache}, for who has the cache open. */
export function cachedAnswer(metadata: Metadata, url: string, name: PackageName): PackageAnswer {
  const entry = metadata.packument(url, name);
  if (entry) return { packument: parsePackument(parseJson(entry.body, 'the cache'), name), body: entry.body };
  throw new PrompdError('EOFFLINE', `${name} is not in the cache, and its registry is not asked.`, {
    facts: { wanted: name, registry: url },
  });
}

function withCache<T>({ config }: Context, read: (metadata: Metadata) => T): T {
  const metadata = openMetadata(config.home, () => {}, { create: false });
  try {
    return read(metadata);
  } finally {
    metadata.close();
  }
}

const words = z.string().max(2000).catch('');
const cachedSchema = z.object({
  description: words,
  author: z.union([z.string().max(2000), z.object({ name: words }).transform(({ name }) => name)]).catch(''),
  category: words,
  keywords: z.array(z.string()).catch([]),
  downloads: z.number().nonnegative().catch(0),
  'dist-tags': z.object({ latest: z.string().refine(isVersion) }),
  time: z.object({ modified: z.string().max(40) }).catch({ modified: '' }),
});

/** The packages of a registry that the cache knows, by what it said of them last. */
export function cachedHits(metadata: Metadata, url: string): SearchHit[] {
  const names = metadata
    .packuments()
    .filter(({ registry, size }) => registry === url && size <= MAX_CACHED_BYTES)
    .map(({ name }) => name)
    .filter((name): name is PackageName => isPackageName(name));
  return names.slice(0, MAX_CACHED).flatMap(name => {
    const body = metadata.packument(url, name)?.body;
    const parsed = body === undefined ? undefined : cachedSchema.safeParse(jsonOrNothing(body));
    if (!parsed?.success) return [];
    const { 'dist-tags': tags, time, ...rest } = parsed.data;
    return [{ name, version: tags.latest, ...rest, updated: time.modified }];
  });
}

function jsonOrNothing(text: string): unknown {
  try {
    return parseJson(text, 'the cache');
  } catch (error) {
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}
