import { type Clock, PrompdError } from 'prompd/core';
import type { Actor } from '../domain/actor.js';
import { lastOwner } from '../domain/package-owner.js';
import { stampOf } from '../domain/stamp.js';
import type { PackageRepository } from '../ports/package-repository.js';
import type { TokenService } from './tokens.js';

export interface OwnerPorts {
  readonly packages: PackageRepository;
  readonly tokens: Pick<TokenService, 'hasUser'>;
  readonly now: Clock;
}

/** Says to whom packages belong. Whether the caller may is decided before. */
export class OwnerService {
  readonly #ports: OwnerPorts;

  constructor(ports: OwnerPorts) {
    this.#ports = ports;
  }

  /** Only users who can act become owners: a package must not wait for whoever takes a mistyped name. */
  async add(actor: Actor, name: string, user: string): Promise<void> {
    const { packages, tokens, now } = this.#ports;
    if (!(await tokens.hasUser(user))) throw unknownUser(user, `There is no user ${user} at this registry.`);
    await packages.addOwner(name, user, stampOf(actor, now()));
  }

  /** @throws PrompdError EUSAGE for the last owner, ENOUSER for who is none */
  async remove(actor: Actor, name: string, user: string): Promise<void> {
    const { packages, now } = this.#ports;
    const outcome = await packages.removeOwner(name, user, stampOf(actor, now()));
    if (outcome === 'unknown') throw unknownUser(user, `${user} is no owner of ${name}.`);
    if (outcome === 'last') throw lastOwner(name, user);
  }
}

function unknownUser(user: string, message: string): PrompdError {
  return new PrompdError('ENOUSER', message, { facts: { user } });
}
