import { z } from 'zod';
import type { RegistryConfig } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { PrompdError } from '../../core/errors.js';
import { askCiToken, connectTo } from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';

/** Where GitHub Actions gives work its token, and by what. */
const place = z.object({
  ACTIONS_ID_TOKEN_REQUEST_URL: z.url({ protocol: /^https?$/ }).max(4096),
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: z.string().min(1).max(16_384),
});

/**
 * The token to publish a package with: one that the user has, else one that the registry gives for what the platform of
 * continuous integration says of this work. That is `PROMPD_ID_TOKEN`, or what GitHub Actions gives to work with the
 * permission `id-token: write`.
 * @throws PrompdError EAUTH when there is neither; EFORBIDDEN when the registry does not trust this work
 */
export async function publishToken(
  context: Context,
  registry: RegistryConfig,
  packageName: string,
): Promise<string> {
  const { config, env, progress } = context;
  const own = await tokenFor({ config, env, warn: message => progress.warn(message) }, registry);
  // Whoever wrote a checkout must not choose who gets to know what this work is.
  if (own !== undefined || registry.origin === 'project') return requireToken(context, registry);
  const ciToken = env['PROMPD_ID_TOKEN'] || (await actionsToken(context, registry.url));
  if (ciToken === undefined) return requireToken(context, registry);
  const exchanged = await connectTo(context, registry, null).trust.exchange(ciToken, packageName);
  if (exchanged === undefined) return requireToken(context, registry);
  progress.info(`Publishing as trusted by ${registry.url}`);
  return exchanged;
}

/** For this registry alone: another one that got it could not use it here. */
async function actionsToken(context: Context, registryUrl: string): Promise<string | undefined> {
  const { env } = context;
  if (!env['ACTIONS_ID_TOKEN_REQUEST_URL']) return undefined;
  const known = place.safeParse(env);
  if (!known.success) {
    throw new PrompdError('EAUTH', 'GitHub Actions gives this work no token to show what it is.', {
      facts: { variable: String(known.error.issues[0]?.path[0] ?? '') },
      hint: 'Give the job "permissions: id-token: write", or set PROMPD_TOKEN.',
    });
  }
  const url = new URL(known.data.ACTIONS_ID_TOKEN_REQUEST_URL);
  url.searchParams.set('audience', `prompd:${new URL(registryUrl).host}`);
  return askCiToken(context, url, known.data.ACTIONS_ID_TOKEN_REQUEST_TOKEN);
}
