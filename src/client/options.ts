import type { Clock } from '../core/clock.js';
import { PrompdError } from '../core/errors.js';
import { steadyTime } from '../core/steady-time.js';
import type { BootstrapFile } from './bootstrap.js';

/** How a client is made. All times are in milliseconds. */
export interface PromptClientOptions {
  /** Address of the registry, http or https. */
  readonly registry: string;
  /** Sent to this registry only, never to where it redirects. Public packages need none. */
  readonly token?: string | undefined;
  /** Put before references without a scope: `@bank` makes `kyc:summary` mean `@bank/kyc:summary`. */
  readonly scope?: string | undefined;
  /** The channel that is asked for where nothing else is said; `production` by default. */
  readonly tag?: string | undefined;
  /** Folder for the last known good answers; many processes may share it. Without it only memory keeps them. */
  readonly cacheDir?: string | undefined;
  /** A file that `prompd bootstrap` wrote, by its path or as it was read. */
  readonly bootstrap?: string | URL | BootstrapFile | undefined;
  /** The longest that `get` waits for the registry; 300. */
  readonly deadlineMs?: number | undefined;
  /** The longest that one request may take altogether, in the background; 10,000. */
  readonly timeoutMs?: number | undefined;
  /** How often answers in use are confirmed with the registry; 30,000. */
  readonly refreshMs?: number | undefined;
  /**
   * The longest that an answer is served which the registry has not confirmed, from memory, disk or bootstrap file
   * alike; 7 days. It bounds for how long a revocation that the client cannot hear of has no effect.
   */
  readonly revocationLimitMs?: number | undefined;
  /** Whether to listen for events of the registry; true. Without, changes are seen at the next refresh. */
  readonly events?: boolean | undefined;
  /** Answers in memory at most; 1,000. */
  readonly maxEntries?: number | undefined;
  /** Told of what goes wrong in the background. */
  readonly onProblem?: ((problem: PrompdError) => void) | undefined;
  /** Reaches the registry; the global `fetch` by default. */
  readonly fetch?: typeof fetch | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds since any moment, which only go up: shows a clock that was set back. Of the platform unless `clock` is given. */
  readonly uptime?: (() => number) | undefined;
  /** Gives numbers from 0 to below 1; spreads what many clients do over time. */
  readonly random?: (() => number) | undefined;
}

/** Timers of Node.js hold no more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Options with every default filled in. */
export interface ClientSettings {
  /** Ends in `/`. */
  readonly registry: string;
  readonly token: string | undefined;
  readonly scope: string | undefined;
  readonly tag: string;
  readonly cacheDir: string | undefined;
  readonly bootstrap: string | URL | BootstrapFile | undefined;
  readonly deadlineMs: number;
  readonly timeoutMs: number;
  readonly refreshMs: number;
  readonly revocationLimitMs: number;
  readonly events: boolean;
  readonly maxEntries: number;
  readonly onProblem: (problem: PrompdError) => void;
  readonly fetch: typeof fetch;
  /** Never goes back; compared with itself only. */
  readonly now: () => number;
  /** What the clock of the machine says, for others to read. */
  readonly wallTime: () => number;
  readonly random: () => number;
}

/** @throws PrompdError EUSAGE for an address or a number that cannot be used */
export function settingsOf(options: PromptClientOptions): ClientSettings {
  const { clock = () => new Date(), token } = options;
  const wallTime = () => clock().getTime();
  const uptime = options.uptime ?? (options.clock ? undefined : () => performance.now());
  if (token !== undefined && !/^[\x21-\x7e]{1,4096}$/.test(token))
    throw new PrompdError('EUSAGE', 'The token of the prompt client has characters that no token has.');
  return {
    registry: addressOf(options.registry),
    token,
    scope: options.scope,
    tag: options.tag ?? 'production',
    cacheDir: options.cacheDir,
    bootstrap: options.bootstrap,
    deadlineMs: duration('deadlineMs', options.deadlineMs, 300),
    timeoutMs: Math.ceil(Math.min(LONGEST_TIMER_MS, duration('timeoutMs', options.timeoutMs, 10_000))),
    refreshMs: Math.max(10, duration('refreshMs', options.refreshMs, 30_000)),
    revocationLimitMs: duration('revocationLimitMs', options.revocationLimitMs, 7 * 24 * 3_600_000),
    events: options.events ?? true,
    maxEntries: Math.max(1, duration('maxEntries', options.maxEntries, 1_000)),
    onProblem: problem => {
      try {
        options.onProblem?.(problem);
      } catch {
        // Nobody is left to be told.
      }
    },
    // Called later, so that an application may put another one in its place after this.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    now: steadyTime(wallTime, uptime),
    wallTime,
    random: options.random ?? Math.random,
  };
}

function addressOf(raw: string): string {
  const url = URL.canParse(raw) ? new URL(raw) : undefined;
  const why = !url
    ? 'is not an address'
    : !['http:', 'https:'].includes(url.protocol)
      ? 'is not an http or https address'
      : url.username !== '' || url.password !== ''
        ? 'holds credentials, which belong in "token"'
        : url.search !== '' || url.hash !== ''
          ? 'has a query or fragment'
          : undefined;
  if (!url || why !== undefined) {
    throw new PrompdError('EUSAGE', `The registry "${String(raw).slice(0, 200)}" ${why}.`, {
      facts: { found: String(raw).slice(0, 200) },
      hint: 'Write it as in "https://registry.example.com".',
    });
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function duration(name: string, given: number | undefined, fallback: number): number {
  if (given === undefined) return fallback;
  if (typeof given === 'number' && given >= 0) return given;
  throw new PrompdError('EUSAGE', `"${name}" of the prompt client is not a number from 0.`, {
    facts: { option: name, found: String(given).slice(0, 40) },
  });
}
