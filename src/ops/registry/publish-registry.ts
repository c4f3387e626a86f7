import { DEFAULT_ALIAS, type RegistryConfig } from '../../config/config.js';
import { parseRegistryUrl } from '../../config/registry-url.js';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, type PackageManifest } from '../../core/manifest.js';
import { aliasFor, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { isKnownToUser } from './account.js';

/**
 * The registry that a package is published to and changed at: that of `--registry` or `PROMPD_REGISTRY`, else that of
 * `publishConfig`, else the one that the name comes from.
 * @throws PrompdError ECONFIG for a `publishConfig` that names a registry which the user never named
 */
export async function publishRegistry(
  context: Context,
  manifest: Pick<PackageManifest, 'name' | 'publishConfig'>,
): Promise<RegistryConfig> {
  const { config } = context;
  const byDefault = registryConfig(config, DEFAULT_ALIAS);
  if (byDefault.origin === 'flag') return byDefault;
  const wanted = manifest.publishConfig?.registry;
  if (wanted === undefined) return registryConfig(config, aliasFor(config, manifest.name));
  if (byDefault.origin === 'environment') return byDefault;
  const url = parseRegistryUrl(wanted, { file: MANIFEST_FILE, key: 'publishConfig.registry' });
  if (await isKnownToUser(context, url)) {
    const known = [...config.registries.values()].find(registry => registry.url === url);
    const unsaid = {
      protocol: undefined,
      publicKey: undefined,
      publicKeyOrigin: undefined,
      clientCertificate: undefined,
    };
    return known ?? { alias: url, url, origin: 'project', ...unsaid };
  }
  throw new PrompdError(
    'ECONFIG',
    `"publishConfig" sends this package to ${url}, which you never named yourself.`,
    {
      facts: { file: MANIFEST_FILE, registry: url },
      hint: `If you trust it, log in with "prompd login --registry ${url}", or publish with "--registry ${url}".`,
    },
  );
}
