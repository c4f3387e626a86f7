import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { isPackageName } from '../../core/name.js';
import {
  aliasFor,
  connectTo,
  type Registry,
  type RegistryTrustRule,
  registryConfig,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';

export interface TrustList {
  readonly registry: string;
  /** A package, or a project's scope. */
  readonly place: string;
  readonly rules: readonly RegistryTrustRule[];
}

export interface TrustChange {
  readonly registry: string;
  readonly place: string;
  readonly rule: RegistryTrustRule;
}

export interface TrustRemoval {
  readonly registry: string;
  readonly place: string;
  readonly id: string;
}

export interface TrustOptions {
  readonly repository: string;
  readonly workflow: string;
  readonly environment?: string | undefined;
  readonly ref?: string | undefined;
  readonly issuer?: string | undefined;
}

/** Which continuous integration may publish. @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, EUNSUPPORTED */
export async function listTrust(context: Context, place: string): Promise<TrustList> {
  const registry = await open(context, place);
  return { registry: registry.url, place, rules: await registry.trust.list(place) };
}

/** Lets a workflow publish a package, or all of a project. @throws as {@link listTrust} */
export async function addTrust(context: Context, place: string, options: TrustOptions): Promise<TrustChange> {
  const registry = await open(context, place);
  const { repository, workflow, environment, ref, issuer } = options;
  const rule = await registry.trust.add(place, { repository, workflow, environment, ref, issuer });
  return { registry: registry.url, place, rule };
}

/** Takes a rule away, and the tokens that were got by it. @throws as {@link listTrust} */
export async function removeTrust(context: Context, place: string, id: string): Promise<TrustRemoval> {
  const registry = await open(context, place);
  await registry.trust.remove(place, id);
  return { registry: registry.url, place, id };
}

async function open(context: Context, place: string): Promise<Registry> {
  const isProject = !place.includes('/') && isPackageName(`${place}/x`);
  if (!isProject && !isPackageName(place)) {
    throw new PrompdError('EUSAGE', `"${place.slice(0, 214)}" is no package and no project.`, {
      facts: { found: place.slice(0, 214) },
      hint: 'Write a package as "@bank/kyc", or a project as "@bank".',
    });
  }
  const { config } = context;
  const byDefault = registryConfig(config, DEFAULT_ALIAS);
  const name = isProject ? `${place}/x` : place;
  const alias = byDefault.origin === 'flag' || !isPackageName(name) ? DEFAULT_ALIAS : aliasFor(config, name);
  const registry = registryConfig(config, alias);
  return connectTo(context, registry, await requireToken(context, registry));
}
