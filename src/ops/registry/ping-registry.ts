import type { RegistryConfig } from '../../config/config.js';
import { connectionsOf, type Pong, pingRegistry } from '../../registry/index.js';
import type { Context } from '../context.js';

/**
 * Asks a registry of the configuration, once and as nobody, how it stands.
 * @throws PrompdError as `pingRegistry`
 */
export async function pingConfigured(
  { config, env, version }: Context,
  { url, clientCertificate: certificate }: RegistryConfig,
): Promise<Pong> {
  return pingRegistry(url, {
    network: config.network,
    userAgent: `prompd/${version}`,
    connections: connectionsOf({
      network: config.network,
      env,
      identity: certificate && { registryUrl: url, certificate },
    }),
  });
}
