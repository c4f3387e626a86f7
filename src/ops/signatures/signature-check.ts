import pLimit from 'p-limit';
import type { NetworkConfig } from '../../config/config.js';
import type { Store } from '../../store/index.js';
import { unsigned, verifyRegistrySignatures } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { RegistrySource } from '../install/registry-source.js';
import type { InstallLog } from '../transparency/install-log.js';
import { authorCheck } from './author-check.js';
import type { CheckedPackage } from './checked-package.js';
import { keyRing } from './key-ring.js';
import { noteVerified, signatureRule, unverified } from './verified-note.js';

/**
 * Holds packages against what the configuration asks of signatures, and against the transparency log where one is required,
 * before anything is done with them.
 */
export interface SignatureCheck {
  /**
   * @throws PrompdError EUNSIGNED, ESIGNATURE, EKEYCHANGED, EDOWNGRADE; those of the transparency log; whatever asking the
   *   registry throws
   */
  check(wanted: CheckedPackage): Promise<void>;
  /**
   * The same for packages that are in their place: each is checked once for what is asked of it, as another project may have
   * brought it into the store. What is only vendored is not; it came with the project.
   * @throws PrompdError as `check`
   */
  checkStored(packages: readonly CheckedPackage[]): Promise<void>;
  /** Writes down what was checked, and whose signatures were seen. */
  remember(): Promise<void>;
}

export interface SignatureCheckOptions {
  readonly source: Pick<RegistrySource, 'packument' | 'registry'>;
  readonly store: Pick<Store, 'folderOf'>;
  readonly log: InstallLog;
  readonly use: NetworkConfig['use'];
}

/** Asks nobody where the configuration asks for nothing. */
export function signatureCheck(
  context: Context,
  { source, store, log, use }: SignatureCheckOptions,
): SignatureCheck {
  const { config, now } = context;
  const ring = keyRing(context, use);
  const authors = authorCheck(context);
  const done = new Map<string, Promise<void>>();
  const passed: CheckedPackage[] = [];

  const checkRegistry = async (wanted: CheckedPackage, isRequired: boolean): Promise<void> => {
    const { name, version } = wanted;
    const registry = source.registry(name);
    const { versions, time } = await source.packument(name);
    const signatures = versions.get(version)?.dist.signatures ?? [];
    if (signatures.length === 0) {
      if (!isRequired) return;
      throw unsigned(wanted, registry.url);
    }
    const keys = await ring.keysOf(
      registry,
      signatures.map(({ keyid }) => keyid),
    );
    if (keys === undefined) {
      if (!isRequired) return;
      throw unsigned(wanted, registry.url, 'the registry gives no keys');
    }
    verifyRegistrySignatures(wanted, {
      signatures,
      keys,
      publishedAt: Object.hasOwn(time, version) ? time[version] : undefined,
      now: now(),
      registry: registry.url,
    });
  };

  const checkAll = async (wanted: CheckedPackage): Promise<void> => {
    const { name } = wanted;
    const rule = signatureRule(config, wanted);
    if (rule === undefined) return;
    const { policy, signers, isLogRequired } = rule;
    if (policy !== 'off') await checkRegistry(wanted, policy === 'required');
    if (signers !== undefined)
      await authors.check(wanted, {
        signers,
        packument: await source.packument(name),
        registry: source.registry(name).url,
      });
    // What is noted was found in the log once, and a log that only grows has it still.
    if (isLogRequired && (await unverified(context, [wanted])).length > 0)
      await log.assertLogged(wanted, source.registry(name));
    passed.push(wanted);
  };

  const check = (wanted: CheckedPackage): Promise<void> => {
    const key = `${wanted.name}@${wanted.version} ${wanted.integrity}`;
    const checked = done.get(key) ?? checkAll(wanted);
    done.set(key, checked);
    return checked;
  };

  return {
    check,
    async checkStored(packages) {
      const open = await unverified(context, packages);
      const folders = await Promise.all(open.map(item => store.folderOf(item)));
      const stored = open.filter((_item, at) => folders[at] !== undefined);
      log.announce(stored);
      const limit = pLimit(config.network.concurrency);
      try {
        await limit.map(stored, check);
      } finally {
        limit.clearQueue();
      }
    },
    async remember() {
      await authors.remember();
      await noteVerified(context, passed.splice(0));
    },
  };
}
