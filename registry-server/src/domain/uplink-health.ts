import type { Clock, ErrorCode, PrompdError } from 'prompd/core';
import type { Uplink } from './uplink.js';

/** How one uplink has answered lately. */
export interface UplinkState {
  readonly name: string;
  readonly state: 'unknown' | 'ok' | 'down';
  /** ISO time of the last answer or failure. */
  readonly since: string | undefined;
  /** The code of the failure, while it is down. */
  readonly problem: ErrorCode | undefined;
  /** Answers that contradicted what was mirrored before or what the uplink itself said. */
  readonly incidents: number;
}

interface State extends UplinkState {
  readonly failure: PrompdError | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Remembers how uplinks answer, so that one that is down is not asked by every request. */
export class UplinkHealth {
  readonly #states = new Map<string, State>();
  readonly #now: Clock;

  constructor(uplinks: readonly Uplink[], now: Clock) {
    this.#now = now;
    for (const { name } of uplinks) {
      this.#states.set(name, {
        name,
        state: 'unknown',
        since: undefined,
        problem: undefined,
        incidents: 0,
        until: 0,
        failure: undefined,
      });
    }
  }

  answered(name: string): void {
    this.#change(name, { state: 'ok', problem: undefined, failure: undefined, until: 0 });
  }

  /** @param pause milliseconds in which it is not asked again */
  failed(name: string, failure: PrompdError, pause: number): void {
    const until = this.#now().getTime() + pause;
    this.#change(name, { state: 'down', problem: failure.code, failure, until });
  }

  incident(name: string): void {
    this.#change(name, { incidents: (this.#states.get(name)?.incidents ?? 0) + 1 });
  }

  /** What keeps an uplink from being asked now; undefined when nothing does. */
  pausedBy(name: string): PrompdError | undefined {
    const found = this.#states.get(name);
    return found && found.until > this.#now().getTime() ? found.failure : undefined;
  }

  states(): readonly UplinkState[] {
    return [...this.#states.values()].map(({ until: _until, failure: _failure, ...state }) => state);
  }

  #change(name: string, change: Partial<State>): void {
    const found = this.#states.get(name);
    if (found) this.#states.set(name, { ...found, ...change, since: this.#now().toISOString() });
  }
}
