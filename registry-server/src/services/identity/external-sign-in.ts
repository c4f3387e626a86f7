import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Clock, PrompdError } from 'prompd/core';
import type { IdentitySettings, SignInProvider } from '../../domain/identity-settings.js';
import { LIFETIMES, makeSecretWord } from '../../domain/session.js';
import { hashToken } from '../../domain/token.js';
import { nameFrom, type User } from '../../domain/user.js';
import type { PendingSignInRepository } from '../../ports/pending-sign-in-repository.js';
import type { ExternalPerson, SignInGateway } from '../../ports/sign-in-gateway.js';
import type { ExternalIdentity, UserRepository } from '../../ports/user-repository.js';
import { stampFor } from './stamp-for.js';

export interface ExternalPorts {
  readonly users: UserRepository;
  readonly pending: PendingSignInRepository;
  readonly gateway: SignInGateway;
  readonly settings: IdentitySettings;
  readonly now: Clock;
}

export interface BeginRequest {
  readonly provider: string;
  /** Of the registry, without a slash at the end. */
  readonly baseUrl: string;
  /** Where the browser goes in the end, as it was asked for. */
  readonly returnTo: string;
  /** Who is signed in and links what they are there; undefined to sign in. */
  readonly linkUser: string | undefined;
}

/** The browser's way there, and the cookie that ties the way back to this browser. */
export interface Departure {
  readonly url: string;
  readonly cookie: string;
}

export interface Return {
  readonly provider: string;
  readonly baseUrl: string;
  readonly query: URLSearchParams;
  readonly cookie: string | undefined;
  /** Who is signed in in this browser now. */
  readonly signedIn: string | undefined;
}

/** Who came back, and where the browser goes now. */
export interface Arrival {
  readonly user: User;
  readonly returnTo: string;
  /** Whether they were signed in before, and have linked an identity. */
  readonly linked: boolean;
}

/**
 * Signing in at another server: with OpenID Connect, or at GitHub.
 *
 * Somebody is who they are there by issuer and subject alone. A name or an address of e-mail that is somebody's here never
 * makes them that user: who has an account already signs in to it first, and links.
 * @see RFC 9700 (OAuth 2.0 Security Best Current Practice)
 */
export class ExternalSignIn {
  readonly #ports: ExternalPorts;

  constructor(ports: ExternalPorts) {
    this.#ports = ports;
  }

  /** @throws PrompdError ENOTFOUND for an unknown provider; EAUTH when it cannot be asked */
  async begin({ provider: wanted, baseUrl, returnTo, linkUser }: BeginRequest): Promise<Departure> {
    const { gateway, pending, now } = this.#ports;
    const provider = this.#provider(wanted);
    const [state, nonce, verifier] = [word(), word(), word()];
    const cookie = makeSecretWord('prompdo');
    const redirectUri = callbackOf(provider, baseUrl);
    const url = await gateway.begin(provider, { redirectUri, state, nonce, verifier });
    const at = now();
    await pending.add(
      hashToken(state),
      {
        browserHash: hashToken(cookie),
        provider: provider.name,
        verifier,
        nonce,
        returnTo: localPath(returnTo, baseUrl),
        linkUser: linkUser ?? null,
        expiresAt: new Date(at.getTime() + LIFETIMES.patience),
      },
      at,
    );
    return { url, cookie };
  }

  /**
   * @throws PrompdError EAUTH for a way back that was not begun here, by this browser, a while ago, and for a link of
   *   somebody who was signed out meanwhile; EFORBIDDEN for somebody
   *   who is unknown here and gets no account; EUSAGE for an identity or a name that is somebody else's
   */
  async finish({ provider: wanted, baseUrl, query, cookie, signedIn }: Return): Promise<Arrival> {
    const { gateway, pending, now } = this.#ports;
    const provider = this.#provider(wanted);
    const state = query.get('state') ?? '';
    const begun = await pending.take(hashToken(state), now());
    if (!begun || begun.provider !== provider.name || !isSame(begun.browserHash, hashToken(cookie ?? ''))) {
      throw new PrompdError('EAUTH', 'This sign-in was not begun in this browser, or too long ago.', {
        hint: 'Begin again.',
      });
    }
    const { verifier, nonce, returnTo, linkUser } = begun;
    if (linkUser !== null && linkUser !== signedIn) {
      throw new PrompdError('EAUTH', 'Who began to link this account is not signed in any more.', {
        hint: 'Sign in, and link it anew.',
      });
    }
    const way = { redirectUri: callbackOf(provider, baseUrl), state, nonce, verifier };
    const person = await gateway.finish(provider, way, query);
    const user =
      linkUser === null ? await this.#userOf(provider, person) : await this.#link(linkUser, provider, person);
    if (user.disabledAt !== null)
      throw new PrompdError('EAUTH', 'The account is disabled.', { facts: { user: user.name } });
    return { user, returnTo, linked: linkUser !== null };
  }

  async #userOf(provider: SignInProvider, person: ExternalPerson): Promise<User> {
    const { users, now } = this.#ports;
    const known = await users.findIdentity(person.issuer, person.subject, now());
    if (known) return known;
    if (!provider.newUsers || !isOfDomain(provider, person)) {
      throw new PrompdError('EFORBIDDEN', `Nobody here is linked to this account at ${provider.title}.`, {
        facts: { provider: provider.name },
        hint: 'Sign in as before and link it, or ask an administrator for an account.',
      });
    }
    const name = nameFrom(person.names);
    if (name === undefined) throw nameTaken(provider, person.names[0] ?? 'no name');
    const user = await users.add(
      {
        name,
        displayName: person.displayName.slice(0, 100),
        email: person.email,
        emailVerified: person.emailVerified,
        passwordHash: null,
        admin: false,
      },
      stampFor({ user: name, by: provider.name }, now()),
      identityOf(provider, person),
    );
    if (user) return user;
    throw nameTaken(provider, name);
  }

  async #link(name: string, provider: SignInProvider, person: ExternalPerson): Promise<User> {
    const { users, now } = this.#ports;
    const identity = identityOf(provider, person);
    const isNew = await users.link(name, identity, stampFor({ user: name, by: provider.name }, now()));
    const owner = await users.findIdentity(identity.issuer, identity.subject, now());
    if (owner && (isNew || owner.name === name)) return owner;
    throw new PrompdError('EUSAGE', `This account at ${provider.title} belongs to another user here.`, {
      facts: { provider: provider.name },
      hint: 'Its user can unlink it.',
    });
  }

  #provider(wanted: string): SignInProvider {
    const found = this.#ports.settings.providers.find(({ name }) => name === wanted);
    if (found) return found;
    throw new PrompdError('ENOTFOUND', `One cannot sign in by "${wanted.slice(0, 60)}" here.`, {
      facts: { provider: wanted.slice(0, 60) },
    });
  }
}

/** A path of the registry's own: nobody is sent elsewhere after signing in. */
export function localPath(wanted: string, baseUrl: string): string {
  if (!/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(wanted) || wanted.length > 2000) return '/';
  const { origin } = new URL(baseUrl);
  const { origin: found, pathname, search, hash } = new URL(wanted, origin);
  return found === origin && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/';
}

function callbackOf({ name }: SignInProvider, baseUrl: string): string {
  return `${baseUrl}/auth/${name}/callback`;
}

function word(): string {
  return randomBytes(32).toString('base64url');
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(a, 'hex'), Buffer.from(b, 'hex'));
}

function isOfDomain({ domains }: SignInProvider, { email, emailVerified }: ExternalPerson): boolean {
  if (domains.length === 0) return true;
  return emailVerified && domains.includes(email?.split('@').at(-1)?.toLowerCase() ?? '');
}

function identityOf({ name }: SignInProvider, { issuer, subject, names }: ExternalPerson): ExternalIdentity {
  return { issuer, subject, provider: name, label: (names[0] ?? subject).slice(0, 200) };
}

function nameTaken({ title, name: provider }: SignInProvider, name: string): PrompdError {
  return new PrompdError('EUSAGE', `The name ${name} is somebody's here already, or cannot be one.`, {
    facts: { provider, name },
    hint: `If it is yours, sign in as before and link ${title}; else ask an administrator for an account.`,
  });
}
