import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, userOf } from '../domain/actor.js';
import type { ApprovalRequest } from '../domain/approval.js';
import type { Action, Authorize } from '../domain/authorize.js';
import type { ScheduledPromotion } from '../domain/channel.js';
import { stampOf } from '../domain/stamp.js';
import type { ChannelOutcome, ChannelRepository, ChannelSteps } from '../ports/channel-repository.js';
import type { SigningService } from './signing.js';

/** Whether somebody has just proved who they are. @param password as they typed it; undefined for none */
export type Reauthenticate = (actor: Actor, password: string | undefined) => Promise<boolean>;

export interface ChannelPorts {
  readonly channels: ChannelRepository;
  readonly authorize: Authorize;
  readonly signing: Pick<SigningService, 'prepare' | 'sign'>;
  readonly reauthenticate: Reauthenticate;
  readonly now: Clock;
}

export interface ChannelMove {
  readonly tag: string;
  readonly reason: string | undefined;
}

/** Moves channels, and revokes versions. */
export class ChannelService {
  readonly #ports: ChannelPorts;

  constructor(ports: ChannelPorts) {
    this.#ports = ports;
  }

  /** @throws PrompdError ENOTFOUND, ENOVERSION, EREVOKED, EREVIEW, EFEAT, EFORBIDDEN */
  promote(
    actor: Actor,
    name: string,
    { version, tag, reason }: ChannelMove & { readonly version: string },
  ): Promise<ChannelOutcome> {
    const steps = this.#steps(actor, 'package.promote', reason);
    return this.#ports.channels.promote(name, { version, tag }, steps);
  }

  /** Promotes at a later time, by the rights and the approvals of then. @throws PrompdError EUSAGE for the past */
  schedule(
    actor: Actor,
    name: string,
    { version, tag, reason, runAt }: ChannelMove & { readonly version: string; readonly runAt: Date },
  ): Promise<ScheduledPromotion> {
    if (runAt <= this.#ports.now()) throw new PrompdError('EUSAGE', 'That time is over.');
    const steps = this.#steps(actor, 'package.promote', reason);
    return this.#ports.channels.schedule(name, { version, tag, runAt }, steps);
  }

  scheduled(name: string): Promise<readonly ScheduledPromotion[]> {
    return this.#ports.channels.scheduled(name);
  }

  /** @throws PrompdError ENOTFOUND for one that is not to come any more */
  async unschedule(actor: Actor, name: string, id: string): Promise<void> {
    const steps = this.#steps(actor, 'package.promote', undefined);
    if (await this.#ports.channels.unschedule(name, id, steps)) return;
    throw new PrompdError('ENOTFOUND', `No promotion ${id.slice(0, 60)} is to come.`, {
      facts: { id: id.slice(0, 60) },
      hint: 'See "prompd channel scheduled" for those that are.',
    });
  }

  /** @param version undefined for the one before; @throws PrompdError ENOTFOUND, ENOVERSION, EREVOKED, EFORBIDDEN */
  rollBack(
    actor: Actor,
    name: string,
    { version, tag, reason }: ChannelMove & { readonly version: string | undefined },
  ): Promise<ChannelOutcome> {
    const steps = this.#steps(actor, 'package.promote', reason);
    return this.#ports.channels.rollBack(name, { tag, version }, steps);
  }

  /**
   * Breaks the glass: points a channel at a version that is not approved, for those who have just proved who they are.
   * @throws PrompdError EAUTH, EFORBIDDEN, EFOUREYES, ENOVERSION, EREVOKED
   */
  async force(
    actor: Actor,
    name: string,
    { version, tag, reason, password }: ChannelMove & { version: string; password: string | undefined },
  ): Promise<ApprovalRequest> {
    const { channels, signing, reauthenticate } = this.#ports;
    if (!(await reauthenticate(actor, password))) {
      throw new PrompdError(
        'EAUTH',
        'Prove once more who you are: with your password, or with a fresh token.',
        {
          facts: { user: userOf(actor) },
          hint: 'Log in anew, and run the command within ten minutes.',
        },
      );
    }
    await signing.prepare();
    const sign: SigningService['sign'] = (...args) => signing.sign(...args);
    return channels.force(name, { version, tag, sign }, this.#steps(actor, 'package.promote', reason));
  }

  /** @throws PrompdError ENOTFOUND, ENOVERSION, EFORBIDDEN */
  async revoke(
    actor: Actor,
    name: string,
    { version, reason }: { version: string; reason: string },
  ): Promise<void> {
    await this.#ports.channels.revoke(name, version, this.#steps(actor, 'package.revoke', reason));
  }

  /** Does the promotions that are due, each by the rights that who asked for it has by then. */
  async promoteDue(): Promise<void> {
    const { channels, authorize, now } = this.#ports;
    for (let more = true; more; ) {
      more = await channels.promoteDue(now(), (subject, user) =>
        authorize(schedulerFor(user), 'package.promote', subject),
      );
    }
  }

  #steps(actor: Actor, action: Action, reason: string | undefined): ChannelSteps {
    const { authorize, now } = this.#ports;
    return { stamp: stampOf(actor, now(), reason), authorize: subject => authorize(actor, action, subject) };
  }
}

/** Who asked for a promotion, when it is due: with the roles that they have then, and no more than publishing takes. */
function schedulerFor(user: string): Actor {
  return { kind: 'token', tokenId: 0, name: 'scheduled promotion', user, scopes: ['publish'] };
}
