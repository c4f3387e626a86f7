import type { ClientSettings } from './options.js';
import type { RegistryHealth } from './registry-health.js';

/** The least between two attempts, so that no clock or number can make it spin. */
const LEAST_MS = 10;

/** Refreshes now and then, at moments that differ between clients; sooner while the registry is down. Keeps no process alive. */
export class RefreshTimer {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    private readonly settings: Pick<ClientSettings, 'refreshMs' | 'random'>,
    private readonly health: RegistryHealth,
    private readonly refresh: () => Promise<void>,
  ) {}

  start(): void {
    if (this.#timer || this.#stopped) return;
    const { refreshMs, random } = this.settings;
    const usual = refreshMs * (0.8 + 0.4 * random());
    const { restMs } = this.health;
    const pause = restMs > 0 ? Math.min(usual, restMs) : usual;
    this.#timer = setTimeout(
      () => void this.#fire(),
      Math.max(LEAST_MS, Math.min(pause, 2 ** 31 - 1)),
    ).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #fire(): Promise<void> {
    await this.refresh();
    this.#timer = undefined;
    this.start();
  }
}
