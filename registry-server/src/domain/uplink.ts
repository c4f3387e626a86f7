import type { Access } from './authorize.js';
import { matchesName } from './name-pattern.js';

/** Another registry whose packages this one mirrors. Times are in milliseconds. */
export interface Uplink {
  readonly name: string;
  /** Ends in `/`. */
  readonly url: string;
  /** What it speaks; undefined when it is to be asked. */
  readonly protocol: 'prompd' | 'npm' | 'static' | undefined;
  /** The key that a registry of files must be signed with, in base64; undefined trusts the first that is seen. */
  readonly publicKey: string | undefined;
  /** Which names may be mirrored from it. */
  readonly packages: readonly string[];
  /** Who may see what is mirrored. */
  readonly access: Access;
  /** How long an answer is used before the uplink is asked again. */
  readonly ttlMs: number;
  /** Longest silence of the uplink. */
  readonly timeoutMs: number;
  /** Hosts beside its own that it may name for archives, or redirect to. */
  readonly archiveHosts: readonly string[];
}

/** An uplink names addresses, and the server must not fetch from wherever it likes. */
export function mayFetchFrom({ url, archiveHosts }: Uplink, { host }: URL): boolean {
  return host === new URL(url).host || archiveHosts.includes(host);
}

/** Which names are whose. */
export interface UplinkRules {
  /** Names that no uplink is ever asked for. */
  readonly local: readonly string[];
  /** The first that has a pattern for a name owns it. */
  readonly uplinks: readonly Uplink[];
}

export const NO_UPLINKS: UplinkRules = { local: [], uplinks: [] };

/** Whether the operator keeps a name for packages of this registry. */
export function isKeptLocal({ local }: UplinkRules, name: string): boolean {
  return local.some(pattern => matchesName(pattern, name));
}

/** The one uplink that a name may come from. What it answers, no other is asked. */
export function uplinkFor(rules: UplinkRules, name: string): Uplink | undefined {
  if (isKeptLocal(rules, name)) return undefined;
  return rules.uplinks.find(({ packages }) => packages.some(pattern => matchesName(pattern, name)));
}
