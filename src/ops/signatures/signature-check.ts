import type { NetworkConfig } from '../../config/config.js';
import { signaturePolicy } from '../../config/signatures.js';
import { scopeOf } from '../../core/name.js';
import { unsigned, verifyRegistrySignatures } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { RegistrySource } from '../install/registry-source.js';
import { authorCheck } from './author-check.js';
import type { CheckedPackage } from './checked-package.js';
import { keyRing } from './key-ring.js';

/** Holds packages against what the configuration asks of signatures, before anything is done with them. */
export interface SignatureCheck {
  /** @throws PrompdError EUNSIGNED, ESIGNATURE, EKEYCHANGED, EDOWNGRADE; whatever asking the registry throws */
  check(wanted: CheckedPackage): Promise<void>;
  /** Writes down whose signatures were seen. */
  remember(): Promise<void>;
}

export interface SignatureCheckOptions {
  readonly source: Pick<RegistrySource, 'packument' | 'registry'>;
  readonly use: NetworkConfig['use'];
}

/** Asks nobody where the configuration asks for nothing. */
export function signatureCheck(context: Context, { source, use }: SignatureCheckOptions): SignatureCheck {
  const { config, now } = context;
  const ring = keyRing(context, use);
  const authors = authorCheck(context);
  const done = new Map<string, Promise<void>>();

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
    const policy = signaturePolicy(config.signatures, wanted);
    if (policy !== 'off') await checkRegistry(wanted, policy === 'required');
    const signers = config.signers.get(scopeOf(name) ?? '');
    if (signers !== undefined)
      await authors.check(wanted, {
        signers,
        packument: await source.packument(name),
        registry: source.registry(name).url,
      });
  };

  return {
    check(wanted) {
      const key = `${wanted.name}@${wanted.version} ${wanted.integrity}`;
      const checked = done.get(key) ?? checkAll(wanted);
      done.set(key, checked);
      return checked;
    },
    remember: () => authors.remember(),
  };
}
