import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, userOf } from '../../domain/actor.js';
import { assertNewUserName, assertPassword, type User } from '../../domain/user.js';
import type { PasswordHasher } from '../../ports/password-hasher.js';
import type { LinkedIdentity, UserPage, UserRepository } from '../../ports/user-repository.js';
import type { AttemptLimits } from './attempt-limits.js';
import { stampFor } from './stamp-for.js';

export interface AccountPorts {
  readonly users: UserRepository;
  readonly hasher: PasswordHasher;
  readonly limits: AttemptLimits;
  readonly now: Clock;
}

export interface AccountRequest {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly admin?: boolean | undefined;
  /** Why, for the audit. */
  readonly reason?: string | undefined;
}

/** What an administrator changes of a user. */
export interface AccountChanges {
  readonly displayName?: string | undefined;
  readonly email?: string | null | undefined;
  readonly password?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly disabled?: boolean | undefined;
  /** Why, for the audit. */
  readonly reason?: string | undefined;
}

/** Users of the registry: who they are, and whether a password is theirs. */
export class AccountService {
  readonly #ports: AccountPorts;

  constructor(ports: AccountPorts) {
    this.#ports = ports;
  }

  /**
   * Makes a user. Without a password they sign in elsewhere, once that is linked.
   * @param by who makes them; undefined when they sign up by themselves
   * @throws PrompdError EUSAGE for a name or password that cannot be, and for a name that is taken
   */
  async create(by: Actor | undefined, request: AccountRequest): Promise<User> {
    const { name, password, displayName = '', email = null, admin = false, reason } = request;
    const { users, hasher, now } = this.#ports;
    assertNewUserName(name);
    if (password !== undefined) assertPassword(password, name);
    const passwordHash = password === undefined ? null : await hasher.hash(password);
    const user = await users.add(
      // Nobody has shown that the address is theirs.
      { name, displayName, email, emailVerified: false, passwordHash, admin: by !== undefined && admin },
      stampFor(by ?? { user: name, by: 'sign-up' }, now(), reason),
    );
    if (user) return user;
    throw new PrompdError('EUSAGE', `The name ${name} is taken.`, {
      facts: { name },
      hint: 'Choose another name. Names that differ in upper and lower case alone are the same here.',
    });
  }

  /**
   * Who signs in with a password. Unknown users, wrong passwords and disabled accounts get the same answer, in the same time.
   * @param address where from, for the limits
   * @throws PrompdError EAUTH; RequestError ETOOMANY, EUNAVAILABLE
   */
  async signIn(name: string, password: string, address: string): Promise<User> {
    const { users, hasher, limits } = this.#ports;
    await limits.countPassword(name, address);
    const found = await users.findWithPassword(name);
    const isRight = await hasher.verify(found?.passwordHash, password);
    if (found && isRight && found.user.disabledAt === null) {
      await limits.forgetPassword(name, address);
      return found.user;
    }
    throw new PrompdError('EAUTH', 'The name or the password is wrong.', {
      hint: 'Check both. An administrator of the registry can set a new password.',
    });
  }

  /**
   * Changes the password of who asks, and ends their other sessions.
   * @throws PrompdError EAUTH for a wrong old one; EUSAGE for a new one that cannot be
   */
  async changePassword(
    actor: Actor,
    { current, next }: { readonly current: string; readonly next: string },
    address: string,
  ): Promise<void> {
    const { users, hasher, now } = this.#ports;
    const name = userOf(actor);
    await this.signIn(name, current, address);
    assertPassword(next, name);
    const passwordHash = await hasher.hash(next);
    const keep = actor.kind === 'session' ? actor.sessionId : undefined;
    await users.change(name, { passwordHash }, stampFor(actor, now()), keep);
  }

  /** @throws PrompdError ENOUSER */
  async find(name: string): Promise<User> {
    const user = await this.#ports.users.find(name);
    if (user) return user;
    throw new PrompdError('ENOUSER', `There is no user ${name} at this registry.`, { facts: { user: name } });
  }

  /** By name. */
  list(page: UserPage): Promise<readonly User[]> {
    return this.#ports.users.list(page);
  }

  /** What an administrator says of a user. @throws PrompdError ENOUSER; EUSAGE for disabling oneself */
  async administer(
    actor: Actor,
    name: string,
    { password, reason, ...changes }: AccountChanges,
  ): Promise<User> {
    const { users, hasher, now } = this.#ports;
    if (name === userOf(actor) && (changes.disabled === true || changes.admin === false)) {
      throw new PrompdError('EUSAGE', 'You cannot shut yourself out.', {
        hint: 'Another administrator can do this.',
      });
    }
    if (password !== undefined) assertPassword(password, name);
    const passwordHash = password === undefined ? undefined : await hasher.hash(password);
    const user = await users.change(name, { ...changes, passwordHash }, stampFor(actor, now(), reason));
    return user ?? this.find(name);
  }

  /** What somebody says of themselves. @throws PrompdError ENOUSER */
  async describe(actor: Actor, changes: Pick<AccountChanges, 'displayName' | 'email'>): Promise<User> {
    const name = userOf(actor);
    return (
      (await this.#ports.users.change(name, changes, stampFor(actor, this.#ports.now()))) ?? this.find(name)
    );
  }

  identities(name: string): Promise<readonly LinkedIdentity[]> {
    return this.#ports.users.identitiesOf(name);
  }

  /** @throws PrompdError ENOTFOUND; EUSAGE for the last way to sign in */
  async unlink(actor: Actor, { issuer, subject }: { issuer: string; subject: string }): Promise<void> {
    const { users, now } = this.#ports;
    const name = userOf(actor);
    const [user, linked] = [await this.find(name), await users.identitiesOf(name)];
    if (!user.hasPassword && linked.length === 1) {
      throw new PrompdError('EUSAGE', 'This is the only way in which you sign in.', {
        hint: 'Link another one first, or have an administrator set a password.',
      });
    }
    if (await users.unlink(name, { issuer, subject }, stampFor(actor, now()))) return;
    throw new PrompdError('ENOTFOUND', 'You have no such identity.', {
      facts: { issuer: issuer.slice(0, 200) },
    });
  }
}
