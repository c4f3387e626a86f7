import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RegistryConfig } from '../../config/config.js';
import { proxyRoute, readAuthorities, shownProxy } from '../../registry/index.js';
import type { Context } from '../context.js';
import { type Check, checked, type Finding, fine } from './doctor-check.js';

/** A certificate that ends within this time is soon to be replaced. */
const SOON_MS = 14 * 24 * 3600_000;

/** How connections are made: through which proxies, trusting whom, as whom. */
export async function networkChecks(context: Context): Promise<Check[]> {
  const registries = [...context.config.registries.values()];
  const known = registries.filter(
    ({ url, clientCertificate }, at) =>
      clientCertificate && registries.findIndex(other => other.url === url) === at,
  );
  return Promise.all([
    checked('Proxy', () => proxyFinding(context, registries)),
    checked('Authorities', () => authoritiesFinding(context)),
    ...known.map(registry =>
      checked(`Client certificate for "${registry.alias}"`, () => certificateFinding(context, registry)),
    ),
  ]);
}

function proxyFinding({ config, env }: Context, registries: readonly RegistryConfig[]): Finding {
  const through = new Map<string, string[]>();
  for (const { alias, url } of registries) {
    const route = proxyRoute(new URL(url), { network: config.network, env });
    const way = route ? `${shownProxy(route.proxy)} (${route.source})` : '';
    through.set(way, [...(through.get(way) ?? []), `"${alias}"`]);
  }
  if (through.size === 1 && through.has('')) return fine('None: every registry is asked directly.');
  const parts = [...through].map(([way, aliases]) => `${way || 'none'} for ${aliases.join(', ')}`);
  return fine(`${parts.join('; ')}.`);
}

async function authoritiesFinding({ config, env, now }: Context): Promise<Finding> {
  const { caFile } = config.network;
  const extra = env['NODE_EXTRA_CA_CERTS'];
  const others = extra ? `, and those of ${extra} (NODE_EXTRA_CA_CERTS)` : '';
  if (caFile === undefined) return fine(`Those that Node trusts${others}.`);
  const authorities = await readAuthorities(caFile);
  const expired = authorities.filter(({ validTo }) => Date.parse(validTo) < now().getTime());
  const detail = `Those that Node trusts, and ${authorities.length} of ${caFile}${others}.`;
  if (expired.length === 0) return fine(detail);
  return {
    status: 'warn',
    detail: `${detail} ${expired.length} of them ${expired.length === 1 ? 'has' : 'have'} expired.`,
    fix: `Replace them in ${caFile}.`,
  };
}

async function certificateFinding(
  { now }: Context,
  { url, clientCertificate }: RegistryConfig,
): Promise<Finding> {
  if (clientCertificate === undefined) return fine('There is none.');
  const { certFile } = clientCertificate;
  const { subject, validTo } = new X509Certificate(await readFile(certFile));
  const left = Date.parse(validTo) - now().getTime();
  const until = new Date(validTo).toISOString().slice(0, 10);
  const detail = `${subject.replaceAll('\n', ', ')} of ${certFile} for ${url}, until ${until}.`;
  if (left > SOON_MS) return fine(detail);
  return {
    status: left < 0 ? 'fail' : 'warn',
    detail,
    fix: left < 0 ? 'It has expired: replace it.' : 'Replace it before it expires.',
  };
}
