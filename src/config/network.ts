import { homedir } from 'node:os';
import path from 'node:path';
import { PrompdError } from '../core/errors.js';
import type { NetworkConfig } from './config.js';

/** Lowest and highest value of the limits that are numbers. */
export const LIMITS = {
  concurrency: [1, 256],
  timeoutMs: [100, 3_600_000],
  retries: [0, 10],
  maxArchiveBytes: [1024, 1024 * 1024 * 1024],
} as const satisfies Partial<Record<keyof NetworkConfig, readonly [number, number]>>;
type Limit = keyof typeof LIMITS;

export const DEFAULT_NETWORK: NetworkConfig = {
  concurrency: 32,
  timeoutMs: 30_000,
  retries: 2,
  maxArchiveBytes: 32 * 1024 * 1024,
  use: 'always',
  proxy: undefined,
  noProxy: undefined,
  caFile: undefined,
};

/** The variable of each setting below `network`. */
export const NETWORK_VARIABLES = {
  concurrency: 'PROMPD_NETWORK_CONCURRENCY',
  timeoutMs: 'PROMPD_NETWORK_TIMEOUT_MS',
  retries: 'PROMPD_NETWORK_RETRIES',
  maxArchiveBytes: 'PROMPD_NETWORK_MAX_ARCHIVE_BYTES',
  proxy: 'PROMPD_NETWORK_PROXY',
  noProxy: 'PROMPD_NETWORK_NO_PROXY',
  caFile: 'PROMPD_NETWORK_CA_FILE',
} as const satisfies Partial<Record<keyof NetworkConfig, string>>;

interface NetworkInput {
  /** Absolute; paths in variables are relative to it. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly user: NetworkLayer | undefined;
  readonly project: NetworkLayer | undefined;
}

interface NetworkLayer {
  readonly file: string;
  readonly values: { readonly network?: WrittenNetwork | undefined };
}

/** What a file says, as the schema of the configuration lets it through. */
interface WrittenNetwork extends Readonly<Partial<Record<Limit, number | undefined>>> {
  readonly proxy?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
  readonly caFile?: string | undefined;
}

/**
 * Puts the network's settings together. A checkout may ask for less of the machine than its user allows, never for more,
 * and has no say in whom connections go through and whom they trust.
 * @throws PrompdError ECONFIG
 */
export function networkOf({ cwd, env, user, project }: NetworkInput): NetworkConfig {
  const limit = (key: Limit): number => {
    const variable = limitVariable(key, env);
    if (variable !== undefined) return variable;
    const allowed = user?.values.network?.[key] ?? DEFAULT_NETWORK[key];
    const wanted = project?.values.network?.[key] ?? allowed;
    if (project !== undefined && wanted > allowed) throw aboveLimit(project.file, { key, wanted, allowed });
    return wanted;
  };
  const { network } = user?.values ?? {};
  const at = user?.file ?? '';
  const fromVariable = (key: 'proxy' | 'noProxy' | 'caFile') => env[NETWORK_VARIABLES[key]] || undefined;
  const [proxy, caFile] = [fromVariable('proxy'), fromVariable('caFile')];
  return {
    ...DEFAULT_NETWORK,
    concurrency: limit('concurrency'),
    timeoutMs: limit('timeoutMs'),
    retries: limit('retries'),
    maxArchiveBytes: limit('maxArchiveBytes'),
    proxy:
      proxy === undefined
        ? network?.proxy && proxyAddress(network.proxy, `${at}: "network.proxy"`, false)
        : proxyAddress(proxy, NETWORK_VARIABLES.proxy, true),
    noProxy: fromVariable('noProxy') ?? network?.noProxy?.join(','),
    caFile:
      caFile === undefined
        ? network?.caFile && absoluteFile(network.caFile, path.dirname(at))
        : absoluteFile(caFile, cwd),
  };
}

/**
 * The address of a proxy in its normal form.
 * @param mayHoldCredentials as in a variable; what is in a file would be shown and copied with it
 * @throws PrompdError ECONFIG for anything but an http or https address of a host
 */
export function proxyAddress(raw: string, place: string, mayHoldCredentials: boolean): string {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const refuse = (what: string, hint: string) => {
    throw new PrompdError('ECONFIG', `${place}: the proxy ${what}.`, {
      facts: { place, reason: what },
      hint,
    });
  };
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return refuse('is not an http or https address', 'Write it as "http://proxy.example.com:3128".');
  if (!mayHoldCredentials && (url.username !== '' || url.password !== ''))
    return refuse(
      'holds a user name or password',
      'Give the whole address in HTTPS_PROXY or PROMPD_NETWORK_PROXY instead: files are shown and copied.',
    );
  Object.assign(url, { pathname: '/', search: '', hash: '' });
  return url.href;
}

/** A path that may begin with `~`, made absolute. @param base absolute folder of who wrote it */
export function absoluteFile(raw: string, base: string): string {
  return /^~[/\\]/.test(raw) ? path.join(homedir(), raw.slice(2)) : path.resolve(base, raw);
}

function limitVariable(key: Limit, env: NetworkInput['env']): number | undefined {
  const variable = NETWORK_VARIABLES[key];
  const raw = env[variable];
  if (raw === undefined || raw === '') return undefined;
  const [min, max] = LIMITS[key];
  const value = /^\d{1,12}$/.test(raw.trim()) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new PrompdError('ECONFIG', `${variable} cannot be "${raw.slice(0, 60)}".`, {
    facts: { variable, found: raw.slice(0, 60), min, max },
    hint: `Write a whole number from ${min} to ${max}.`,
  });
}

function aboveLimit(
  file: string,
  { key, wanted, allowed }: { key: string; wanted: number; allowed: number },
): PrompdError {
  return new PrompdError(
    'ECONFIG',
    `${file}: "network.${key}" is ${wanted}, more than the ${allowed} that the user allows.`,
    {
      facts: { file, key: `network.${key}`, found: wanted, limit: allowed },
      hint: 'A project can only lower network limits; raise them in config.json in your prompd folder.',
    },
  );
}
