import type { Lockfile } from '../lockfile/index.js';
import { type Metadata, openMetadata, openStore, type Store } from '../store/index.js';
import type { Context } from './context.js';
import { type ExoticPackages, exoticPackages } from './exotic-packages.js';
import { type RegistrySource, registrySource } from './registry-source.js';
import { withVendored } from './vendored-packages.js';

/** All that packages come from and go to. */
export interface Suppliers {
  readonly store: Store;
  readonly source: RegistrySource;
  readonly exotics: ExoticPackages;
  readonly metadata: Metadata;
}

/**
 * Opens the store, the registries and the project's own sources for one operation, and closes what must be closed.
 * What registries said is remembered also when the operation fails.
 */
export async function withSuppliers<T>(
  context: Context,
  project: { readonly dir: string; readonly lockfile: Lockfile | undefined },
  run: (suppliers: Suppliers) => Promise<T>,
): Promise<T> {
  const { home, network } = context.config;
  const metadata = openMetadata(home, message => context.progress.warn(message));
  const store = withVendored(openStore(home), project.dir);
  const source = registrySource(context, { metadata, use: network.use });
  const exotics = exoticPackages(context, { dir: project.dir, store, lockfile: project.lockfile });
  try {
    return await run({ store, source, exotics, metadata });
  } finally {
    source.remember();
    metadata.close();
  }
}
