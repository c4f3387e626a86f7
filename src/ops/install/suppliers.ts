import type { NetworkConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import type { ProjectManifest } from '../../core/manifest.js';
import type { Lockfile, RootRequirements } from '../../lockfile/index.js';
import {
  type Metadata,
  openMetadata,
  openStore,
  queuedMetadata,
  type Store,
  type StoreId,
} from '../../store/index.js';
import { type InstallAudit, installAudit } from '../audit/install-audit.js';
import type { Context } from '../context.js';
import { type ExoticPackages, exoticPackages } from '../project/exotic-packages.js';
import { type SignatureCheck, signatureCheck } from '../signatures/signature-check.js';
import { withVendored } from '../store/vendored-packages.js';
import { type InstallLog, installLog } from '../transparency/install-log.js';
import { withOneRegistry } from './one-registry.js';
import { type RegistrySource, registrySource } from './registry-source.js';

/** All that packages come from and go to. */
export interface Suppliers {
  readonly store: Store;
  readonly source: RegistrySource;
  readonly exotics: ExoticPackages;
  readonly metadata: Metadata;
  readonly audit: InstallAudit;
  readonly signatures: SignatureCheck;
  readonly log: InstallLog;
  /** What the project puts in the place of packages, wherever they are asked for. */
  readonly overrides: RootRequirements['overrides'];
}

/** What a registry that is asked now may answer differently. */
const STALE: readonly string[] = [
  'ENOVERSION',
  'ENOTFOUND',
  'ENOSOLUTION',
  'EEXOTICDEP',
  'EUNSIGNED',
  'EDOWNGRADE',
];

interface Supplied {
  readonly dir: string;
  readonly manifest?: Pick<ProjectManifest, 'overrides'> | undefined;
  readonly lockfile: Lockfile | undefined;
}

/**
 * Opens the store, the registries and the project's own sources for one operation, and closes what must be closed.
 * What registries said is remembered also when the operation fails. With `prefer-cache`, an operation for which what is
 * cached does not do is begun again, and the registries are asked.
 * @param run changes nothing before it has all that it needs: it may be called twice
 */
export async function withSuppliers<T>(
  context: Context,
  project: Supplied,
  run: (suppliers: Suppliers) => Promise<T>,
): Promise<T> {
  const { use } = context.config.network;
  let isStale = false;
  try {
    return await supply(context, project, {
      use,
      async run(suppliers) {
        try {
          return await run(suppliers);
        } catch (error) {
          const mayChange = error instanceof PrompdError && STALE.includes(error.code);
          isStale = use === 'prefer-cache' && mayChange && suppliers.source.trustedCache();
          throw error;
        }
      },
    });
  } catch (error) {
    if (!isStale) throw error;
    context.progress.info('What is cached will not do. Asking the registry.');
    return supply(context, project, { use: 'always', run });
  }
}

async function supply<T>(
  context: Context,
  { dir, lockfile, manifest }: Supplied,
  { use, run }: { use: NetworkConfig['use']; run: (suppliers: Suppliers) => Promise<T> },
): Promise<T> {
  const { home } = context.config;
  const opened = openMetadata(home, message => context.progress.warn(message));
  const { metadata, write } = queuedMetadata(opened);
  const store = withVendored(openStore(home), dir);
  const holds = async (id: StoreId) =>
    (await store.cache.has(id.integrity)) || (await store.locate(id)) !== undefined;
  const source = withOneRegistry(registrySource(context, { metadata, use, holds }), context, {
    lockfile,
    use,
  });
  const exotics = exoticPackages(context, { dir, store, lockfile });
  const log = installLog(context);
  const signatures = signatureCheck(context, { source, store, log, use });
  try {
    const audit = installAudit(context, dir);
    const { overrides = {} } = manifest ?? {};
    return await run({ store, source, exotics, metadata, audit, signatures, log, overrides });
  } finally {
    source.close();
    source.remember();
    write();
    await signatures.remember();
    opened.close();
  }
}
