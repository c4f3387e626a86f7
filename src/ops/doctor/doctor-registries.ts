import type { RegistryConfig } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { PrompdError } from '../../core/errors.js';
import { connectTo, type Pong } from '../../registry/index.js';
import type { Context } from '../context.js';
import { pingConfigured } from '../registry/ping-registry.js';
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
  let uplinks: Pong['uplinks'] = new Map();
  const reached = await checked(title, async () => {
    const begun = context.now().getTime();
    const pong = await pingConfigured(context, registry);
    uplinks = pong.uplinks;
    return reachFinding(registry, pong, { begun, ended: context.now().getTime() });
  });
  if (reached.status === 'fail') return [reached];
  const token = await checked(tokenTitle, () => tokenFinding(context, registry));
  return uplinks.size === 0
    ? [reached, token]
    : [reached, { title: `Uplinks of "${registry.alias}"`, ...uplinksFinding(uplinks) }, token];
}

/** @param begun when it was asked, in milliseconds; @param ended when it had answered */
function reachFinding(
  { url }: RegistryConfig,
  { status, date }: Pong,
  { begun, ended }: { readonly begun: number; readonly ended: number },
): Finding {
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

/** An uplink that is down fails nothing: what it gave before is served. */
function uplinksFinding(uplinks: Pong['uplinks']): Finding {
  const detail = `${[...uplinks].map(([name, state]) => `${name}: ${state}`).join(', ')}.`;
  const down = [...uplinks].filter(([, state]) => state === 'down').map(([name]) => name);
  if (down.length === 0) return fine(detail);
  return {
    status: 'warn',
    detail,
    fix: `What ${down.join(', ')} gave before is served; tell whoever runs the registry, if it stays down.`,
  };
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
