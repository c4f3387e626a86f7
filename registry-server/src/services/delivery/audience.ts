import { createHash } from 'node:crypto';
import { type Actor, ANONYMOUS, credentialOf, userOf } from '../../domain/actor.js';
import type { Authorize, PackageSubject } from '../../domain/authorize.js';
import type { Authenticator, Credentials } from '../identity/authenticator.js';
import type { PackageReader } from '../package-reader.js';
import { Remembered, type RememberedOptions } from './remembered.js';

export interface AudiencePorts extends RememberedOptions {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly reader: Pick<PackageReader, 'find'>;
  readonly authorize: Authorize;
}

/**
 * Who reads what is delivered. What was found out is remembered for seconds, so that a read does not take the database,
 * and for longer while the database cannot be reached.
 */
export class Audience {
  readonly #ports: AudiencePorts;
  readonly #callers: Remembered<Actor>;
  readonly #subjects: Remembered<PackageSubject>;
  #turn = 0;

  constructor(ports: AudiencePorts) {
    this.#ports = ports;
    this.#callers = new Remembered(ports);
    this.#subjects = new Remembered(ports);
  }

  /** Changes whenever all that was remembered is forgotten. */
  get turn(): number {
    return this.#turn;
  }

  /**
   * Who shows these credentials.
   * @throws PrompdError EAUTH; RequestError EUNAVAILABLE
   */
  async authenticate(credentials: Credentials): Promise<Actor> {
    const { authorization, cookie, address, requestId } = credentials;
    if (authorization === undefined && cookie === undefined) return { ...ANONYMOUS, requestId };
    const { authenticator } = this.#ports;
    const key = credentialKey({ authorization, cookie, address });
    const actor = await this.#callers.get(key, () => authenticator.authenticate(credentials));
    return { ...actor, requestId };
  }

  /** A package as authorisation needs it. @throws PrompdError ENOTFOUND; RequestError EUNAVAILABLE */
  subject(name: string, actor: Actor): Promise<PackageSubject> {
    const who = `${credentialOf(actor)} ${userOf(actor)}`;
    return this.#subjects.get(`${name}\n${who}`, async () => {
      const {
        kind,
        access,
        owners,
        uplink,
        standing,
        name: known,
      } = await this.#ports.reader.find(name, actor);
      return { kind, name: known, access, owners, uplink, standing };
    });
  }

  /**
   * Lets the actor read packages whose text is part of another one.
   * @throws PrompdError ENOTFOUND, EAUTH for one that they may not read
   */
  async assertReads(actor: Actor, names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.#ports.authorize(actor, 'package.read', await this.subject(name, actor));
    }
  }

  /** Tokens, members or what is private changed. */
  forget(): void {
    this.#turn++;
    this.#callers.clear();
    this.#subjects.clear();
  }
}

/** Tells credentials apart. A secret is not kept as it is, not even in memory. */
export function credentialKey({ authorization, cookie, address }: Omit<Credentials, 'requestId'>): string {
  return createHash('sha256')
    .update(JSON.stringify([authorization, cookie, address]))
    .digest('base64');
}
