import { z } from 'zod';
import { isPackageName } from '../../core/name.js';
import { isVersion } from '../../core/version.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { SearchHit, SearchPage, SearchQuery } from '../registry.js';
import { fits, inOrder } from '../static/search.js';
import { unsupported } from './document.js';
import { hasNoRoute, npmError } from './error.js';
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

/** The most that a registry answers with at once. */
const MOST = 250;

/**
 * Searches as npm does. The protocol knows neither categories nor an order: `author` and `keyword` become words of the
 * search that npmjs understands, and a category is looked for among the keywords. What a registry does not understand, as
 * Verdaccio, is chosen here from the first that it finds by the text alone; what it does not put into an order, too.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md#get-v1search
 */
export async function search(place: Place, query: SearchQuery, signal?: AbortSignal): Promise<SearchPage> {
  const { text, sort = 'relevance', limit = DEFAULT_SIZE, offset = 0 } = query;
  const qualified = searchText(query);
  const part = sort === 'relevance' ? { limit, offset } : { limit: MOST, offset: 0 };
  const found = await ask(place, { text: qualified, ...part }, signal);
  const isOwnWay =
    qualified === text ||
    found.hits.length > 0 ||
    (part.offset > 0 && (await ask(place, { text: qualified, limit: 1, offset: 0 }, signal)).total > 0);
  if (isOwnWay) return sort === 'relevance' ? found : chosen(found, { sort, limit, offset, text });
  const all = await ask(place, { text, limit: MOST, offset: 0 }, signal);
  return chosen(all, query);
}

interface Part {
  readonly text: string;
  readonly limit: number;
  readonly offset: number;
}

async function ask(place: Place, part: Part, signal: AbortSignal | undefined): Promise<SearchPage> {
  const { limit, offset } = part;
  const { objects, total } = await send(place, part, signal);
  const hits = objects.slice(0, limit).flatMap(hitOf);
  const seen = offset + objects.length;
  // Some registries, Verdaccio among them, count the page and not all there is.
  const isCounted = total !== undefined && total > objects.length;
  if (isCounted || objects.length < limit) return { total: Math.max(total ?? 0, seen), hits };
  const next = await send(place, { ...part, limit: 1, offset: offset + limit }, signal);
  return next.objects.length > 0 ? { total: seen + 1, atLeast: true, hits } : { total: seen, hits };
}

async function send({ http, url }: Place, { text, limit, offset }: Part, signal: AbortSignal | undefined) {
  const address = new URL('-/v1/search', url);
  address.searchParams.set('text', text);
  address.searchParams.set('size', String(limit));
  if (offset > 0) address.searchParams.set('from', String(offset));
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: { accept: 'application/json' },
    ...(signal && { signal }),
    ...jsonLimits(address),
  });
  if (hasNoRoute(answer)) throw unsupported('search', url);
  if (answer.status !== 200) throw npmError(answer, 'search', url);
  return readAnswer(answer, pageSchema);
}

/** What fits the filters, in the order that is asked for, of what a registry found. */
function chosen({ total, hits, atLeast }: SearchPage, query: SearchQuery): SearchPage {
  const { category, author, keyword, sort = 'relevance', limit = DEFAULT_SIZE, offset = 0 } = query;
  const kept = hits.filter(
    hit => fits(hit, { text: '', author, keyword }) && fits(hit, { text: '', keyword: category }),
  );
  if (sort !== 'relevance') kept.sort((a, b) => inOrder(sort, a, b));
  return {
    total: kept.length,
    ...((atLeast || total > hits.length) && { atLeast: true }),
    among: hits.length,
    hits: kept.slice(offset, offset + limit),
  };
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
