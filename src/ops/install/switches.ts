import type { NetworkConfig, ResolutionConfig } from '../../config/config.js';
import type { AuditLevel } from '../../core/audit-severity.js';
import type { ResolveRequest } from '../../resolve/index.js';
import type { Context } from '../context.js';

/** What flags say of how packages are chosen and where they come from; what is left out is the configuration's to say. */
export interface Switches {
  readonly use?: NetworkConfig['use'] | undefined;
  readonly resolution?: Partial<ResolutionConfig> | undefined;
  readonly auditLevel?: AuditLevel | undefined;
}

/** The same context with what the flags say put over its configuration. Every operation that resolves begins with it. */
export function withSwitches(outer: Context, { use, resolution, auditLevel }: Switches): Context {
  const context = withAuditLevel(withNetworkUse(outer, use), auditLevel);
  const { config } = context;
  return resolution === undefined
    ? context
    : { ...context, config: { ...config, resolution: { ...config.resolution, ...resolution } } };
}

/** The same context with the level of `--audit-level`, where it was given. */
export function withAuditLevel(context: Context, level: AuditLevel | undefined): Context {
  return level === undefined
    ? context
    : { ...context, config: { ...context.config, auditLevel: { level, origin: 'flag' } } };
}

/** The configuration's switches as the resolver takes them. */
export function resolverSwitches({
  config,
  now,
}: Context): Pick<ResolveRequest, 'strategy' | 'conflicts' | 'before' | 'minimumReleaseAge'> {
  const { strategy, conflicts, before, minimumReleaseAgeMs, minimumReleaseAgeExclude } = config.resolution;
  return {
    strategy,
    conflicts,
    before,
    minimumReleaseAge:
      minimumReleaseAgeMs > 0
        ? { milliseconds: minimumReleaseAgeMs, now: now(), exclude: minimumReleaseAgeExclude }
        : undefined,
  };
}

/** The same context with another way to use the network, where one was asked for. */
export function withNetworkUse(context: Context, use: NetworkConfig['use'] | undefined): Context {
  const { config } = context;
  return use === undefined
    ? context
    : { ...context, config: { ...config, network: { ...config.network, use } } };
}
