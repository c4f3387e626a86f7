import type { ApprovalService } from './approvals.js';
import type { ChannelService } from './channels.js';

/** What falls due by time: requests that nobody decided, and promotions that were asked for in advance. */
export class GovernanceDuties {
  readonly #approvals: Pick<ApprovalService, 'expire'>;
  readonly #channels: Pick<ChannelService, 'promoteDue'>;

  constructor(approvals: Pick<ApprovalService, 'expire'>, channels: Pick<ChannelService, 'promoteDue'>) {
    this.#approvals = approvals;
    this.#channels = channels;
  }

  /** Does all that is due now. What another server is at, this one leaves. */
  async run(): Promise<void> {
    await this.#approvals.expire();
    await this.#channels.promoteDue();
  }

  /**
   * Looks now and then.
   * @param interval milliseconds
   * @returns a function that stops it, after what is under way
   */
  start(interval: number, onError: (error: unknown) => void): () => Promise<void> {
    let running: Promise<void> | undefined;
    const timer = setInterval(() => {
      running ??= this.run()
        .catch(onError)
        .finally(() => {
          running = undefined;
        });
    }, interval).unref();
    return async () => {
      clearInterval(timer);
      await running;
    };
  }
}
