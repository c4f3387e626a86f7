import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import type { BrowseSession } from '#prompd/ops/browse/session.js';
import type { SearchHit } from '#prompd/registry/index.js';

/** A search result of a number. */
export function hit(number: number, more: Partial<SearchHit> = {}): SearchHit {
  return {
    name: parsePackageName(`@acme/package-${number}`),
    version: parseVersion('1.2.3'),
    description: `What package ${number} is for`,
    author: 'Jane',
    category: 'support',
    keywords: [],
    downloads: 12_345,
    updated: '2026-01-01T00:00:00Z',
    ...more,
  };
}

/** A session in which so many packages are found at once, and nothing else is to be had. */
export function sessionWith(total: number): BrowseSession {
  const nothing = () => Promise.reject(new Error('There is nothing of it.'));
  return {
    registry: 'https://example.com/',
    project: '/project',
    onOffline(listener) {
      listener(false);
      return () => {};
    },
    async search(_query, offset) {
      const count = Math.max(0, Math.min(100, total - offset));
      return { total, offset, hits: Array.from({ length: count }, (_, at) => hit(offset + at)) };
    },
    marks: async () => ({ signed: true, approved: false, deprecated: false }),
    detail: nothing,
    open: nothing,
    preview: nothing,
    compare: nothing,
    dependencies: nothing,
    dependents: nothing,
    findings: nothing,
    installedVersions: async () => new Map(),
    install: nothing,
    update: nothing,
    remove: nothing,
    undoable: () => undefined,
    undo: nothing,
    pageOf: name => `https://example.com/web/package/${name}`,
  };
}
