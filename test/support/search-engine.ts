import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { listen } from '#server/http-server.js';
import type { Teardown } from './temp.js';

const field = z.string().or(z.array(z.string())).default('');
const document = z.object({
  id: z.string(),
  access: z.string(),
  category: z.string(),
  author: z.string(),
  exact_keywords: z.array(z.string()),
  name: field,
  keywords: field,
  description: field,
  readme: field,
});
type Document = z.infer<typeof document>;

const term = z.object({ term: z.record(z.string(), z.string()) });
const filter = term.or(
  z.object({
    bool: z.object({ should: z.array(term.or(z.object({ terms: z.object({ id: z.array(z.string()) }) }))) }),
  }),
);
const simple = z.object({
  simple_query_string: z
    .object({ query: z.string(), fields: z.array(z.string()), default_operator: z.literal('and') })
    .loose(),
});
const prefixes = z.object({
  bool: z.object({
    must: z.array(z.object({ prefix: z.object({ 'name.plain': z.object({ value: z.string() }) }) })),
    boost: z.number(),
  }),
});
const searchRequest = z.strictObject({
  size: z.number(),
  from: z.number(),
  track_total_hits: z.literal(true),
  _source: z.literal(false),
  query: z.object({
    bool: z.object({
      must: z.tuple([z.object({ dis_max: z.object({ queries: z.array(simple.or(prefixes)) }) })]),
      filter: z.array(filter),
    }),
  }),
  sort: z.array(z.unknown()),
});
const bulkAction = z.object({
  index: z.object({ _index: z.string(), _id: z.string() }).optional(),
  delete: z.object({ _index: z.string(), _id: z.string() }).optional(),
});
const aliasActions = z.object({
  actions: z.array(
    z.object({
      add: z.object({ index: z.string(), alias: z.string() }).optional(),
      remove_index: z.object({ index: z.string() }).optional(),
    }),
  ),
});

export interface TestSearchEngine {
  readonly url: string;
  /** Names in the index that answers. */
  names(): string[];
  /** Searches that were answered. */
  readonly searches: () => number;
  /** While true every request fails, as behind a proxy whose engine is down. */
  broken: boolean;
}

/**
 * The part of an OpenSearch that the registry uses, in memory: its requests are checked strictly, and words are matched as
 * the mapping says, with a small stemmer of English. Scores are those of the boosts alone.
 */
export async function startSearchEngine(t: Teardown): Promise<TestSearchEngine> {
  const indices = new Map<string, Map<string, Document>>();
  const aliases = new Map<string, string>();
  let searches = 0;
  const open = (name: string) => indices.get(aliases.get(name) ?? name);
  const engine = {
    url: '',
    broken: false,
    searches: () => searches,
    names: () => [...aliases.values()].flatMap(name => [...(indices.get(name)?.keys() ?? [])]).sort(),
  };

  const bulk = (body: string) => {
    const lines = body.split('\n').filter(line => line !== '');
    const items: object[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const { index, delete: gone } = bulkAction.parse(JSON.parse(lines[at] ?? ''));
      if (index) {
        at += 1;
        open(index._index)?.set(index._id, document.parse(JSON.parse(lines[at] ?? '')));
        items.push({ index: { status: 200 } });
      } else if (gone) {
        open(gone._index)?.delete(gone._id);
        items.push({ delete: { status: 200 } });
      }
    }
    return { errors: false, items };
  };

  const search = (index: Map<string, Document>, body: unknown) => {
    const { query, size, from } = searchRequest.parse(body);
    const [{ dis_max: best }] = query.bool.must;
    const found = [...index.values()]
      .filter(one => query.bool.filter.every(condition => fits(one, condition)))
      .map(one => ({
        _id: one.id,
        _score: Math.max(
          ...best.queries.map(part => ('bool' in part ? prefixScore(one, part) : simpleScore(one, part))),
        ),
      }))
      .filter(({ _score }) => _score > 0)
      .sort((a, b) => b._score - a._score || (a._id < b._id ? -1 : 1));
    searches += 1;
    return { hits: { total: { value: found.length }, hits: found.slice(from, from + size) } };
  };

  const answer = async (request: IncomingMessage): Promise<{ status: number; body: object }> => {
    const [path = '', second = ''] = (request.url ?? '').split('?')[0]?.slice(1).split('/') ?? [];
    const sent = await text(request);
    const route = `${request.method} ${path.startsWith('_') ? path : '*'}/${path === '_alias' ? '*' : second}`;
    switch (route) {
      case 'PUT */':
        indices.set(path, new Map());
        return { status: 200, body: { acknowledged: true } };
      case 'POST _bulk/':
        return { status: 200, body: bulk(sent) };
      case 'GET */_refresh':
      case 'POST */_refresh':
        return { status: 200, body: {} };
      case 'GET _alias/*': {
        const index = aliases.get(second);
        return index === undefined
          ? { status: 404, body: { error: 'alias missing', status: 404 } }
          : { status: 200, body: { [index]: { aliases: { [second]: {} } } } };
      }
      case 'POST _aliases/':
        for (const { add, remove_index: gone } of aliasActions.parse(JSON.parse(sent)).actions) {
          if (add) aliases.set(add.alias, add.index);
          if (gone) indices.delete(gone.index);
        }
        return { status: 200, body: { acknowledged: true } };
      case 'POST */_search': {
        const index = open(path);
        return index
          ? { status: 200, body: search(index, JSON.parse(sent)) }
          : { status: 404, body: { error: { type: 'index_not_found_exception' } } };
      }
      default:
        return { status: 400, body: { error: `the tests' engine knows no ${route}` } };
    }
  };

  const server = createServer(async (request, response) => {
    const { status, body } = engine.broken
      ? { status: 503, body: {} }
      : await answer(request).catch((error: unknown) => ({ status: 400, body: { error: String(error) } }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  engine.url = await listen(server, 0, '127.0.0.1');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return engine;
}

function fits(one: Document, condition: z.infer<typeof filter>): boolean {
  if ('bool' in condition) {
    return condition.bool.should.some(part =>
      'terms' in part ? part.terms.id.includes(one.id) : fits(one, part),
    );
  }
  return Object.entries(condition.term).every(([name, value]) => {
    const own: unknown = Reflect.get(one, name);
    return Array.isArray(own) ? own.includes(value) : own === value;
  });
}

function prefixScore(one: Document, { bool }: z.infer<typeof prefixes>): number {
  const words = plainWords(one.name);
  const all = bool.must.every(({ prefix }) =>
    words.some(word => word.startsWith(prefix['name.plain'].value)),
  );
  return all && bool.must.length > 0 ? bool.boost : 0;
}

/** Alternatives by `|`; in each all words and phrases, none of those after `-`. */
function simpleScore(
  one: Document,
  { simple_query_string: { query, fields } }: z.infer<typeof simple>,
): number {
  const weights = fields
    .map(entry => entry.split('^'))
    .map(([name = '', boost = '1']) => ({
      words: plainWords(Reflect.get(one, name)).map(stem),
      boost: Number(boost),
    }));
  const scoreOf = (words: readonly string[]) =>
    words.length === 0
      ? 0
      : Math.max(...weights.map(({ words: own, boost }) => (holds(own, words) ? boost : 0)));
  const alternative = (part: string) => {
    const terms = [...part.matchAll(/(-?)(?:"([^"]*)"|([^\s"]+))/g)].map(([, minus, phrase, word]) => ({
      not: minus === '-',
      score: scoreOf(plainWords(phrase ?? word ?? '').map(stem)),
    }));
    const wanted = terms.filter(({ not }) => !not);
    if (wanted.length === 0 || wanted.some(({ score }) => score === 0)) return 0;
    if (terms.some(({ not, score }) => not && score > 0)) return 0;
    return wanted.reduce((sum, { score }) => sum + score, 0);
  };
  return Math.max(...query.split('|').map(alternative));
}

function holds(own: readonly string[], wanted: readonly string[]): boolean {
  return own.some((_, at) => wanted.every((word, offset) => own[at + offset] === word));
}

function plainWords(value: unknown): string[] {
  return (
    [value]
      .flat()
      .join(' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** The endings of English that the tests' words have. */
function stem(word: string): string {
  return word.length > 4 ? word.replace(/(?:ing|ed|es|s|e)$/, '') : word;
}
