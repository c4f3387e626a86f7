import { parseNpmSearch } from '../../domain/npm-search.js';
import type { SearchHit } from '../../domain/search-query.js';
import { defineRoute } from '../route.js';
import { searchQuery } from './schemas.js';

export const npmSearchRoutes = [
  defineRoute({
    method: 'get',
    path: '/npm/-/v1/search',
    id: 'npmSearch',
    summary: 'Search packages; the words may hold keywords: and author:',
    action: 'registry.search',
    query: searchQuery,
    answers: { 200: { description: 'A page of packages' } },
    async handle({ query: { text, size, from } }, { actor, services, response }) {
      const { total, hits } = await services.reader.search(actor, {
        ...parseNpmSearch(text),
        sort: 'relevance',
        limit: size,
        offset: from,
      });
      response.json({ objects: hits.map(found), total });
    },
  }),
];

function found({ name, version, description, author, keywords, downloads, updated, owners }: SearchHit) {
  const users = owners.map(username => ({ username, email: '' }));
  return {
    package: {
      name,
      scope: /^@([^/]+)/.exec(name)?.[1] ?? 'unscoped',
      version,
      description,
      keywords,
      date: updated.toISOString(),
      ...(author === '' ? {} : { author: { name: author } }),
      ...(users[0] === undefined ? {} : { publisher: users[0] }),
      maintainers: users,
      links: {},
    },
    downloads,
    updated: updated.toISOString(),
  };
}
