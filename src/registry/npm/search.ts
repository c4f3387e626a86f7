import { z } from 'zod';
import { isPackageName } from '../../core/name.js';
import { isVersion } from '../../core/version.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { SearchHit, SearchPage, SearchQuery } from '../registry.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

const DEFAULT_SIZE = 20;

const words = z.string().catch('');
const person = z
  .union([z.string(), z.object({ name: words, username: words }).partial()])
  .optional()
  .catch(undefined);

const hitSchema = z.object({
  package: z.object({
    name: z.string().refine(isPackageName),
    version: z.string().optional().catch(undefined),
    'dist-tags': z.record(z.string(), z.string()).optional().catch(undefined),
    description: words,
    author: person,
    publisher: person,
    keywords: z.array(z.string()).catch([]),
    date: z.string().max(40).optional().catch(undefined),
    time: z
      .object({ modified: z.string().max(40) })
      .optional()
      .catch(undefined),
  }),
  downloads: z
    .union([z.number(), z.object({ monthly: z.number() }).transform(({ monthly }) => monthly)])
    .catch(0),
  updated: z.string().max(40).optional().catch(undefined),
});

const pageSchema = z.object({
  objects: z.array(z.unknown()).max(1000),
  total: z.number().int().nonnegative().optional().catch(undefined),
});

/**
 * Searches as npm does. The protocol knows neither categories nor an order: `author` and `keyword` become words of the
 * search that npmjs understands, and a category is looked for among the keywords.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md#get-v1search
 */
export async function search(
  { http, url }: Place,
  query: SearchQuery,
  signal?: AbortSignal,
): Promise<SearchPage> {
  const address = new URL('-/v1/search', url);
  address.searchParams.set('text', searchText(query));
  address.searchParams.set('size', String(query.limit ?? DEFAULT_SIZE));
  if (query.offset !== undefined) address.searchParams.set('from', String(query.offset));
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: { accept: 'application/json' },
    ...(signal && { signal }),
    ...jsonLimits(address),
  });
  if (answer.status !== 200) throw npmError(answer, 'search', url);
  const { objects, total } = readAnswer(answer, pageSchema);
  const { limit = DEFAULT_SIZE, offset = 0 } = query;
  const hits = objects.slice(0, limit).flatMap(hitOf);
  // Some registries, Verdaccio among them, count the page and not all there is.
  return { total: Math.max(total ?? 0, offset + objects.length), hits };
}

function searchText({ text, author, keyword, category }: SearchQuery): string {
  return [
    text,
    ...(author === undefined ? [] : [`author:${author}`]),
    ...[keyword, category].flatMap(word => (word === undefined ? [] : [`keywords:${word}`])),
  ]
    .filter(word => word !== '')
    .join(' ');
}

/** An entry that is not well formed could not be installed either: it is left out. */
function hitOf(raw: unknown): SearchHit[] {
  const parsed = hitSchema.safeParse(raw);
  if (!parsed.success) return [];
  const { downloads, updated } = parsed.data;
  const found = parsed.data.package;
  const version = found.version ?? found['dist-tags']?.['latest'];
  if (version === undefined || !isVersion(version)) return [];
  return [
    {
      name: found.name,
      version,
      description: found.description,
      author: nameOf(found.author) || nameOf(found.publisher),
      category: '',
      keywords: found.keywords,
      downloads,
      updated: found.date ?? updated ?? found.time?.modified ?? '',
    },
  ];
}

function nameOf(who: z.infer<typeof person>): string {
  if (who === undefined || typeof who === 'string') return who ?? '';
  return who.name || who.username || '';
}
