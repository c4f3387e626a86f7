import { randomInt } from 'node:crypto';
import { type Clock, PrompdError } from 'prompd/core';
import { type Actor, hasScope, isRestricted, type Scope, userOf } from '../../domain/actor.js';
import { doersOf } from '../../domain/people.js';
import { LIFETIMES, makeSecretWord } from '../../domain/session.js';
import { hashToken } from '../../domain/token.js';
import type {
  DeviceLoginRepository,
  DevicePoll,
  DeviceRequest,
} from '../../ports/device-login-repository.js';
import type { UserRepository } from '../../ports/user-repository.js';
import type { TokenService } from '../tokens.js';
import type { AccessTokens } from './access-tokens.js';
import { narrowed, type SessionService } from './sessions.js';
import { stampFor } from './stamp-for.js';

export interface DevicePorts {
  readonly devices: DeviceLoginRepository;
  readonly users: UserRepository;
  readonly tokens: TokenService;
  readonly sessions: SessionService;
  readonly access: AccessTokens;
  readonly now: Clock;
}

/** What a device is told when it asks for a login. */
export interface DeviceOffer {
  readonly deviceCode: string;
  readonly userCode: string;
  /** Both in seconds. */
  readonly expiresIn: number;
  readonly interval: number;
}

/** What a device gets in the end. Times are in seconds. */
export interface Grant {
  readonly accessToken: string;
  readonly expiresIn: number;
  /** Undefined for a token that stands by itself. */
  readonly refreshToken: string | undefined;
  readonly scopes: readonly Scope[];
}

export type DeviceOutcome = Exclude<DevicePoll['state'], 'approved'> | Grant;

/** The command line keeps one API token, which many processes use at once: no refresh tokens to race for. */
export const COMMAND_LINE = 'prompd-cli';

/** Between two polls, in milliseconds. */
const INTERVAL = 2_000;
/** No vowels, so that no words come of it, and nothing that looks like something else. @see RFC 8628, section 6.1 */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

/** Signing in on another device than the one that has the browser: the device authorization grant. @see RFC 8628 */
export class DeviceLogins {
  readonly #ports: DevicePorts;

  constructor(ports: DevicePorts) {
    this.#ports = ports;
  }

  async begin({ client, label, scopes }: DeviceRequest): Promise<DeviceOffer> {
    const { devices, now } = this.#ports;
    const deviceCode = makeSecretWord('prompdd');
    const userCode = makeUserCode();
    const createdAt = now();
    await devices.add({
      client: client.slice(0, 100),
      label: label.slice(0, 100),
      scopes,
      deviceHash: hashToken(deviceCode),
      userCodeHash: hashToken(plainCode(userCode)),
      createdAt,
      expiresAt: new Date(createdAt.getTime() + LIFETIMES.patience),
    });
    return { deviceCode, userCode, expiresIn: LIFETIMES.patience / 1000, interval: INTERVAL / 1000 };
  }

  /** What waits behind a code. @throws PrompdError ENOTFOUND */
  async find(userCode: string): Promise<DeviceRequest> {
    const found = await this.#ports.devices.find(hashToken(plainCode(userCode)), this.#ports.now());
    if (found) return found;
    throw noCode();
  }

  /**
   * Lets a device have what it asks for, as far as who answers has it.
   * @throws PrompdError ENOTFOUND for a code that nothing waits behind; EFORBIDDEN for a limited credential, for one that
   *   somebody else made, and for a client's session: what was let in lets nobody else in
   */
  async answer(actor: Actor, userCode: string, answer: 'approved' | 'denied'): Promise<DeviceRequest> {
    const { devices, tokens, now } = this.#ports;
    const request = await this.find(userCode);
    if (actor.kind === 'session' && !actor.browser) throw notByClient();
    const stamp = tokens.stampOf(actor);
    if (doersOf(stamp).length > 1) {
      throw new PrompdError('EFORBIDDEN', 'A token that somebody else made lets no device in.', {
        facts: { user: stamp.actor, madeBy: stamp.madeBy ?? [] },
        hint: 'Sign in, or use a token that you made.',
      });
    }
    const limits = actor.kind === 'token' ? await tokens.limitsOf(actor.tokenId) : undefined;
    if (isRestricted(actor) || actor.kind === 'ci' || (limits && limits.cidrs.length > 0)) {
      throw new PrompdError(
        'EFORBIDDEN',
        'A token that is limited cannot let a device have one that is not.',
        {
          hint: 'Sign in, or use a token that is not limited to packages or networks.',
        },
      );
    }
    const scopes = request.scopes.filter(scope => hasScope(actor, scope));
    const credentialEndsAt = limits?.expiresAt ?? null;
    const given = { user: userOf(actor), answer, scopes, credentialEndsAt };
    if (await devices.answer(hashToken(plainCode(userCode)), given, now())) return { ...request, scopes };
    throw noCode();
  }

  /** Whether the user is done, and then what the device gets, once. */
  async poll(deviceCode: string): Promise<DeviceOutcome> {
    const { devices, users, now } = this.#ports;
    const found = await devices.poll(hashToken(deviceCode), now(), INTERVAL);
    if (found.state !== 'approved') return found.state;
    const user = await users.find(found.user);
    if (!user || user.disabledAt !== null) return 'denied';
    if (found.client === COMMAND_LINE) return this.#grantToken(found);
    const { sessions, access } = this.#ports;
    const { session, refreshToken } = await sessions.openClient(user, found.scopes, {
      label: `${found.client}${found.label === '' ? '' : ` on ${found.label}`}`,
      by: 'device',
      endsAt: found.credentialEndsAt,
    });
    // What approved it may have had less than the user has.
    const { token, expiresIn } = await access.issue(session);
    return { accessToken: token, expiresIn, refreshToken, scopes: narrowed(user, session.scopes) };
  }

  async #grantToken({
    user,
    label,
    scopes,
    credentialEndsAt,
  }: DeviceRequest & { user: string; credentialEndsAt: Date | null }): Promise<Grant> {
    const now = this.#ports.now().getTime();
    const end = Math.min(
      now + LIFETIMES.commandLine,
      credentialEndsAt?.getTime() ?? Number.POSITIVE_INFINITY,
    );
    const name = `prompd login${label === '' ? '' : ` on ${label}`}`.slice(0, 100);
    const stamp = stampFor({ user, by: 'device' }, this.#ports.now());
    const { token } = await this.#ports.tokens.create(stamp, {
      name,
      user,
      scopes,
      expiresAt: new Date(end),
    });
    return {
      accessToken: token,
      expiresIn: Math.floor((end - now) / 1000),
      refreshToken: undefined,
      scopes,
    };
  }
}

function makeUserCode(): string {
  const letters = Array.from({ length: 8 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** However somebody types it. */
function plainCode(userCode: string): string {
  return userCode.toUpperCase().replace(/[^A-Z]/g, '');
}

function notByClient(): PrompdError {
  return new PrompdError(
    'EFORBIDDEN',
    'A device is let in from a browser that is signed in, or with a token.',
    {
      hint: 'Open the page that the device shows, and sign in there.',
    },
  );
}

function noCode(): PrompdError {
  return new PrompdError(
    'ENOTFOUND',
    'Nothing waits behind this code: it was answered, has ended, or was mistyped.',
    {
      hint: 'Run "prompd login" again for a new one.',
    },
  );
}
