import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { texts } from './page-search.js';
import { root } from './root.js';

/** The pages of those who run the registry. */
export const adminPages = [
  createRoute({
    getParentRoute: () => root,
    path: '/admin',
    component: lazyRouteComponent(() => import('./pages/admin/health.js'), 'HealthPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/admin/users',
    validateSearch: raw => texts(raw, 'q', 'offset'),
    component: lazyRouteComponent(() => import('./pages/admin/users.js'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/admin/tokens',
    component: lazyRouteComponent(() => import('./pages/admin/tokens.js'), 'TokensPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/admin/sign-in',
    component: lazyRouteComponent(() => import('./pages/admin/sign-in-ways.js'), 'SignInWays'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/admin/audit',
    validateSearch: raw => texts(raw, 'actor', 'subject', 'action', 'from', 'to', 'after'),
    component: lazyRouteComponent(() => import('./pages/audit/registry-audit.js'), 'RegistryAudit'),
  }),
];
