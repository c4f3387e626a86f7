import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from './root.js';

/** The way in, and the pages of who is signed in. */
export const signedInPages = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: raw => texts(raw, 'return'),
    component: lazyRouteComponent(() => import('./pages/account/sign-in.js'), 'SignIn'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-up',
    validateSearch: raw => texts(raw, 'return'),
    component: lazyRouteComponent(() => import('./pages/account/sign-up.js'), 'SignUp'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/device',
    validateSearch: raw => texts(raw, 'code'),
    component: lazyRouteComponent(() => import('./pages/account/device.js'), 'Device'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/account',
    component: lazyRouteComponent(() => import('./pages/account/account.js'), 'AccountPage'),
  }),
];

/** Those of the keys that the address gives a text for. */
function texts<Key extends string>(raw: Record<string, unknown>, ...keys: Key[]): { [K in Key]?: string } {
  const found: { [K in Key]?: string } = {};
  for (const key of keys) {
    const value = raw[key];
    if (typeof value === 'string' || typeof value === 'number') found[key] = String(value);
  }
  return found;
}
