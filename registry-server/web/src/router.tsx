import { createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { adminPages } from './admin-pages.js';
import { apiSearchOf, packageSearchOf } from './page-search.js';
import { root } from './root.js';
import { signedInPages } from './signed-in-pages.js';

/** Every page of the interface. Each is loaded when it is first opened. */
const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/home.js'), 'Home'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/search',
    validateSearch: searchOf,
    component: lazyRouteComponent(() => import('./pages/search.js'), 'Search'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/package/$',
    validateSearch: packageSearchOf,
    component: lazyRouteComponent(() => import('./pages/package/package.js'), 'PackagePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/author/$author',
    component: lazyRouteComponent(() => import('./pages/people/author.js'), 'AuthorPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/org/$scope',
    component: lazyRouteComponent(() => import('./pages/people/organisation.js'), 'OrganisationPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/api',
    validateSearch: apiSearchOf,
    component: lazyRouteComponent(() => import('./pages/api/api.js'), 'ApiPage'),
  }),
];

export const router = createRouter({
  routeTree: root.addChildren([...pages, ...signedInPages, ...adminPages]),
  basepath: '/web',
  // Without this, what a page's own reading of its address throws away still reaches the page.
  search: { strict: true },
  // As one writes it, `/projects/@bank`; what leads there encoded is the same place.
  pathParamsAllowedCharacters: ['@'],
  rewrite: {
    input: ({ url }) => {
      url.pathname = url.pathname.replaceAll('%40', '@');
      return url;
    },
  },
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export interface SearchParams {
  readonly q?: string;
  readonly category?: string;
  readonly author?: string;
  readonly keyword?: string;
  readonly sort?: 'relevance' | 'downloads' | 'recency';
  readonly offset?: number;
}

/** What stands in the address may have been typed by anybody. */
function searchOf(raw: Record<string, unknown>): SearchParams {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === 'string' || typeof value === 'number' ? { [key]: String(value) } : {};
  };
  const offset = Number(raw['offset']);
  const sort = (['relevance', 'downloads', 'recency'] as const).find(known => known === raw['sort']);
  return {
    ...text('q'),
    ...text('category'),
    ...text('author'),
    ...text('keyword'),
    ...(sort ? { sort } : {}),
    ...(Number.isInteger(offset) && offset > 0 ? { offset } : {}),
  };
}
