import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import {
  connectTo,
  type Registry,
  type RegistryUser,
  registryConfig,
  type UserChanges,
  type UserDraft,
  type UserSession,
} from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from './account.js';

export interface UserList {
  readonly registry: string;
  readonly users: readonly RegistryUser[];
}

export interface UserResult {
  readonly registry: string;
  readonly user: RegistryUser;
}

export interface ShownUser extends UserResult {
  readonly sessions: readonly UserSession[];
}

export interface EndedSessions {
  readonly registry: string;
  readonly name: string;
  readonly ended: number;
}

/** The users of the default registry. @param text part of a name or an address; @throws PrompdError EAUTH, EFORBIDDEN, EUNSUPPORTED */
export async function listUsers(context: Context, text: string | undefined): Promise<UserList> {
  const registry = await open(context);
  return { registry: registry.url, users: await registry.users.list(text) };
}

/** A user, and where they are signed in. @throws PrompdError as {@link listUsers}, ENOUSER */
export async function showUser(context: Context, name: string): Promise<ShownUser> {
  const registry = await open(context);
  const user = await registry.users.find(name);
  return { registry: registry.url, user, sessions: await registry.users.sessions(user.name) };
}

/**
 * Makes a user.
 * @param withPassword whether a password is asked for; else they sign in elsewhere, or get a token
 * @throws PrompdError as {@link listUsers}; EUSAGE for a name that is taken, and for no password
 */
export async function createUser(
  context: Context,
  draft: Omit<UserDraft, 'password'>,
  withPassword: boolean,
): Promise<UserResult> {
  const registry = await open(context);
  const password = withPassword ? await newPassword(context, draft.name) : undefined;
  return { registry: registry.url, user: await registry.users.create({ ...draft, password }) };
}

/** Shuts a user out, or lets them in again; their tokens and sessions work no more while they are out. @throws as {@link showUser} */
export async function disableUser(
  context: Context,
  name: string,
  change: Pick<UserChanges, 'disabled' | 'reason'>,
): Promise<UserResult> {
  const registry = await open(context);
  return { registry: registry.url, user: await registry.users.change(name, change) };
}

/** Sets the password of a user, which ends their sessions. @throws as {@link showUser}; EUSAGE for no password */
export async function setUserPassword(context: Context, name: string, reason?: string): Promise<UserResult> {
  const registry = await open(context);
  const password = await newPassword(context, name);
  return { registry: registry.url, user: await registry.users.change(name, { password, reason }) };
}

/** Makes a user an administrator of the registry, or no longer one. @throws as {@link showUser} */
export async function setUserAdmin(
  context: Context,
  name: string,
  change: Pick<UserChanges, 'admin' | 'reason'>,
): Promise<UserResult> {
  const registry = await open(context);
  return { registry: registry.url, user: await registry.users.change(name, change) };
}

/** Ends all that a user is signed in with; their tokens stay. @throws as {@link showUser} */
export async function endUserSessions(
  context: Context,
  name: string,
  reason?: string,
): Promise<EndedSessions> {
  const registry = await open(context);
  return { registry: registry.url, name, ended: await registry.users.endSessions(name, reason) };
}

async function open(context: Context): Promise<Registry> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  return connectTo(context, registry, await requireToken(context, registry));
}

/** Typed twice on a terminal; elsewhere what comes in. */
async function newPassword({ askSecret, readStdin }: Context, name: string): Promise<string> {
  const ask = askSecret ?? (async () => (await readStdin()).replace(/\r?\n$/, ''));
  const password = await ask(`New password of ${name}: `);
  if (password === '') {
    throw new PrompdError('EUSAGE', 'There is no password.', {
      hint: 'Type one, or pipe it in, as in "prompd user password jane < password.txt".',
    });
  }
  if (askSecret !== undefined && (await askSecret('Once more: ')) !== password) {
    throw new PrompdError('EUSAGE', 'The two passwords are not the same.');
  }
  return password;
}
