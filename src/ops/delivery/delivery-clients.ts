import path from 'node:path';
import { createPromptClient, type PromptChange, type PromptClient } from '../../client/index.js';
import { tokenFor } from '../../config/credentials.js';
import { PrompdError } from '../../core/errors.js';
import { parsePromptReference } from '../../prompt/index.js';
import { aliasFor, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';

/** Those who ask a server of ours have no fallback of their own: a little later is better than nothing. */
const PATIENCE_MS = 2_000;

export interface DeliveryOptions {
  /** The channel that is asked for where nobody says another; `production` by default. */
  readonly tag?: string | undefined;
  /** A file that `prompd bootstrap` wrote, relative to the folder that the user works in. */
  readonly bootstrap?: string | undefined;
  /** Keep nothing on disk, and serve nothing from there. */
  readonly isFresh?: boolean | undefined;
  /** Milliseconds to wait for a registry; 2,000 by default. */
  readonly deadlineMs?: number | undefined;
  /** How often what is in use is confirmed, in milliseconds. */
  readonly refreshMs?: number | undefined;
}

/** Runtime clients for the registries of the configuration, one for each registry that is needed. */
export class DeliveryClients {
  readonly #clients = new Map<string, Promise<PromptClient>>();
  readonly #listeners = new Set<(change: PromptChange) => void>();
  readonly #told = new Set<string>();

  constructor(
    private readonly context: Context,
    private readonly options: DeliveryOptions,
  ) {}

  /**
   * The client of the registry that a package comes from.
   * @param reference as in `@bank/kyc:summary`
   * @throws PrompdError EBADSPEC; EUNSUPPORTED for a registry of files
   */
  async of(reference: string): Promise<PromptClient> {
    const { config } = this.context;
    const alias = aliasFor(config, parsePromptReference(reference).name);
    const { url } = registryConfig(config, alias);
    const known = this.#clients.get(url) ?? this.#open(alias);
    this.#clients.set(url, known);
    return known;
  }

  onChange(listener: (change: PromptChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(async client => (await client).close()));
  }

  async #open(alias: string): Promise<PromptClient> {
    const { config, env, progress, cwd, now } = this.context;
    const registry = registryConfig(config, alias);
    if (registry.url.startsWith('file:')) {
      throw new PrompdError('EUNSUPPORTED', 'A registry of files delivers no prompts.', {
        facts: { registry: registry.url },
      });
    }
    const { tag, bootstrap, isFresh = false, deadlineMs = PATIENCE_MS, refreshMs } = this.options;
    const client = createPromptClient({
      registry: registry.url,
      token: await tokenFor({ config, env, warn: progress.warn }, registry),
      tag,
      cacheDir: isFresh ? undefined : path.join(config.home, 'cache'),
      bootstrap: bootstrap === undefined ? undefined : path.resolve(cwd, bootstrap),
      deadlineMs,
      refreshMs,
      events: !isFresh,
      clock: now,
      uptime: () => performance.now(),
      onProblem: problem => this.#tell(problem),
    });
    client.onChange(change => {
      for (const listener of this.#listeners) listener(change);
    });
    return client;
  }

  /** The same trouble comes up at each attempt; once is enough. */
  #tell({ code, message }: PrompdError): void {
    const name = `${code} ${message}`;
    if (this.#told.has(name) || this.#told.size > 1_000) return;
    this.#told.add(name);
    this.context.progress.warn(`${message} (${code})`);
  }
}
