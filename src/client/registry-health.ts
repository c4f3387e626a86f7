import type { PrompdError } from '../core/errors.js';
import type { ClientSettings } from './options.js';

const FIRST_REST_MS = 250;

/** Whether it is worth waiting for the registry: after failures it is left alone for a while, for longer each time. */
export class RegistryHealth {
  #failures = 0;
  #restsUntil = 0;
  /** What went wrong last; undefined since the registry answered. */
  problem: PrompdError | undefined;

  constructor(private readonly settings: Pick<ClientSettings, 'now' | 'random' | 'refreshMs'>) {}

  /** Milliseconds until it should be asked again; 0 for now. */
  get restMs(): number {
    return Math.max(0, this.#restsUntil - this.settings.now());
  }

  answered(): void {
    this.#failures = 0;
    this.#restsUntil = 0;
    this.problem = undefined;
  }

  failed(problem: PrompdError): void {
    const { now, random, refreshMs } = this.settings;
    const longest = Math.max(FIRST_REST_MS, refreshMs);
    const rest = Math.min(longest, FIRST_REST_MS * 2 ** Math.min(this.#failures, 20));
    this.#failures += 1;
    this.problem = problem;
    this.#restsUntil = now() + rest * (0.5 + random());
  }
}
