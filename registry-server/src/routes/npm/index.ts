import { bulkRoute } from '../advisories.js';
import { keysRoute } from '../keys.js';
import { npmAccessRoutes } from './access.js';
import { npmAccountRoutes } from './account.js';
import { npmAuditRoutes } from './audits.js';
import { npmDistTagRoutes } from './dist-tags.js';
import { npmLoginRoutes } from './login.js';
import { npmPackageRoutes } from './packages.js';
import { npmSearchRoutes } from './search.js';
import { npmTokenRoutes } from './tokens.js';

/**
 * The registry as npm, pnpm and bun know one, below `/npm/`. Addresses that begin with `-` stand before those that begin
 * with a package's name.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export const npmRoutes = [
  ...npmAccountRoutes,
  ...npmTokenRoutes,
  ...npmLoginRoutes,
  ...npmSearchRoutes,
  ...npmDistTagRoutes,
  ...npmAccessRoutes,
  ...npmAuditRoutes,
  bulkRoute('/npm', 'npmFindAdvisories'),
  keysRoute('/npm', 'npmKeys'),
  ...npmPackageRoutes,
];
