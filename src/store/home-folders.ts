import path from 'node:path';

/** File inside a placed package that says what the package is; no archive may bring one of its own. */
export const RECORD_FILE = '.prompd-package.json';

/** Where things are below `$PROMPD_HOME`. Described in docs/store.md. */
export interface Layout {
  readonly packages: string;
  readonly staging: string;
  readonly cache: string;
  readonly cacheStaging: string;
  readonly metadata: string;
  readonly locks: string;
  readonly projects: string;
  readonly complete: string;
}

/** Where things are below a home, which is an absolute path. */
export function layoutOf(home: string): Layout {
  const packages = path.join(home, 'packages');
  return {
    packages,
    staging: path.join(packages, '.staging'),
    cache: path.join(home, 'cache'),
    cacheStaging: path.join(home, 'cache', '.staging'),
    metadata: path.join(home, 'metadata.db'),
    locks: path.join(home, 'locks'),
    projects: path.join(home, 'projects'),
    complete: path.join(home, 'complete'),
  };
}
