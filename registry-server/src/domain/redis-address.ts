import { PrompdError } from 'prompd/core';

/** Where Redis is, and in which of its three forms. */
export interface RedisAddress {
  readonly kind: 'standalone' | 'sentinel' | 'cluster';
  /** At least one: the server, the sentinels, or some nodes of the cluster. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  readonly tls: boolean;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The name under which sentinels know the master. */
  readonly master: string | undefined;
  /** Number of the database; a cluster has 0 alone. */
  readonly database: number;
}

const FORM =
  /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#@]+)(?:\/([^/?#]*))?(?:\/(\d{1,3}))?$/;
const DEFAULT_PORTS = { standalone: 6379, sentinel: 26_379, cluster: 6379 } as const;

/**
 * Reads REDIS_URL: `redis://[user:password@]host[:port][/database]`, `redis+sentinel://…host,host/master[/database]` or
 * `redis+cluster://…host,host`; `rediss` for TLS.
 * @throws PrompdError ECONFIG for anything else
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, form = 'standalone', user, password, list = '', first, second] = FORM.exec(url) ?? [];
  const kind = form === 'sentinel' || form === 'cluster' ? form : 'standalone';
  const hosts = list.split(',').map(text => hostOf(text, DEFAULT_PORTS[kind]));
  const named = kind === 'sentinel';
  const database = named ? second : first;
  const fits =
    scheme !== undefined &&
    hosts.every(host => host !== undefined) &&
    (kind !== 'standalone' || hosts.length === 1) &&
    (named ? first !== undefined && first !== '' : second === undefined) &&
    /^\d{0,3}$/.test(database ?? '') &&
    (kind !== 'cluster' || !database);
  if (!fits) throw unusable();
  return {
    kind,
    hosts: hosts.flatMap(host => (host === undefined ? [] : [host])),
    tls: scheme === 'rediss',
    username: decoded(user),
    password: decoded(password),
    master: named ? first : undefined,
    database: Number(database || 0),
  };
}

function hostOf(text: string, standard: number): { host: string; port: number } | undefined {
  const [, plain, bracketed, port = String(standard)] =
    /^(?:([\w.-]+)|\[([0-9a-fA-F:.]+)\])(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = plain ?? bracketed;
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

function decoded(part: string | undefined): string | undefined {
  if (part === undefined || part === '') return undefined;
  try {
    return decodeURIComponent(part);
  } catch {
    throw unusable();
  }
}

/** The address may hold a password, so it is not shown. */
function unusable(): PrompdError {
  return new PrompdError('ECONFIG', 'The variable REDIS_URL is not an address of Redis.', {
    facts: { variable: 'REDIS_URL' },
    hint: 'Write redis://host:6379/0, redis+sentinel://host:26379,host:26379/master or redis+cluster://host:6379,host:6379; rediss for TLS.',
  });
}
