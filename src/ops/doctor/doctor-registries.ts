import type { RegistryConfig } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { PrompdError } from '../../core/errors.js';
import { connectionsOf, connectTo, pingRegistry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { type Check, checked, type Finding, fine } from './doctor-check.js';

/** A clock that is off by more makes dates in rules about the age of versions wrong, and tokens look expired. */
const MAX_SKEW_MS = 5 * 60_000;

/** Every registry of the configuration: whether it answers, and whether it accepts the token that is kept for it. */
export async function registryChecks(context: Context): Promise<Check[]> {
  const unique = new Map<string, RegistryConfig>();
  for (const registry of context.config.registries.values()) {
    if (!unique.has(registry.url)) unique.set(registry.url, registry);
  }
  const checks = await Promise.all([...unique.values()].map(registry => checksOf(context, registry)));
  return checks.flat();
}

async function checksOf(context: Context, registry: RegistryConfig): Promise<Check[]> {
  const title = `Registry "${registry.alias}"`;
  const tokenTitle = `Token for "${registry.alias}"`;
  if (context.config.network.use === 'never') {
    return [{ title, ...fine(`${registry.url} was not asked: offline.`) }];
  }
  const reached = await checked(title, () => reachFinding(context, registry));
  if (reached.status === 'fail') return [reached];
  return [reached, await checked(tokenTitle, () => tokenFinding(context, registry))];
}

async function reachFinding(
  { config, env, version, now }: Context,
  { url, clientCertificate: certificate }: RegistryConfig,
): Promise<Finding> {
  const begun = now().getTime();
  const { status, date } = await pingRegistry(url, {
    network: config.network,
    userAgent: `prompd/${version}`,
    connections: connectionsOf({
      network: config.network,
      env,
      identity: certificate && { registryUrl: url, certificate },
    }),
  });
  const ended = now().getTime();
  const answered = `${url} answered in ${ended - begun} ms`;
  if (status >= 500) {
    return {
      status: 'fail',
      detail: `${answered} with status ${status}.`,
      fix: 'Try again later; when it repeats, tell whoever runs the registry.',
    };
  }
  const skew = date === undefined ? 0 : Math.abs(date.getTime() - ended);
  if (skew > MAX_SKEW_MS) {
    return {
      status: 'warn',
      detail: `${answered}, and its clock differs from this machine's by ${Math.round(skew / 60_000)} minutes.`,
      fix: 'Set the clock of this machine.',
    };
  }
  return fine(`${answered}.`);
}

async function tokenFinding(context: Context, registry: RegistryConfig): Promise<Finding> {
  const { config, env, progress } = context;
  const token = await tokenFor({ config, env, warn: message => progress.warn(message) }, registry);
  if (token === undefined) return fine('There is none. Installing what is public needs none.');
  try {
    const { name, scopes } = await connectTo(context, registry, token).whoami();
    if (scopes === undefined || scopes.length > 0) return fine(`${registry.url} takes you for ${name}.`);
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code !== 'EAUTH') throw error;
  }
  return {
    status: 'fail',
    detail: `${registry.url} does not accept it.`,
    fix: `Run "prompd login --registry ${registry.url}" with a new one.`,
  };
}
