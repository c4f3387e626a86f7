import { z } from 'zod';
import { SCOPES } from '../../domain/actor.js';
import type { Session } from '../../domain/session.js';
import type { User } from '../../domain/user.js';

export const user = z
  .object({
    name: z.string(),
    displayName: z.string(),
    email: z.string().nullable(),
    emailVerified: z.boolean(),
    hasPassword: z.boolean(),
    admin: z.boolean(),
    disabledAt: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'User' });
/** Who is signed in in a browser. */
export const session = z.object({ user: user.nullable() });
export const userList = z.object({ users: z.array(user) });

const shown = z
  .object({
    id: z.string(),
    kind: z.enum(['browser', 'client']),
    label: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    createdAt: z.string(),
    expiresAt: z.string(),
    current: z.boolean(),
  })
  .meta({ id: 'Session' });
export const sessionList = z.object({ sessions: z.array(shown) });

export const endedSessions = z.object({ ended: z.number() });

export const signedIn = z.object({ user: z.string(), scopes: z.array(z.enum(SCOPES)) });

export const identityList = z.object({
  identities: z.array(
    z.object({
      issuer: z.string(),
      subject: z.string(),
      provider: z.string(),
      label: z.string(),
      linkedAt: z.string(),
    }),
  ),
});

export const providers = z.object({
  signUp: z.boolean(),
  providers: z.array(z.object({ name: z.string(), title: z.string(), kind: z.string(), start: z.string() })),
});

/** RFC 8628, section 3.2. */
export const deviceOffer = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number(),
  interval: z.number(),
});
/** RFC 6749, section 5.1. */
export const grant = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  refresh_token: z.string().optional(),
  scope: z.string(),
});
export const deviceRequest = z.object({
  client: z.string(),
  label: z.string(),
  scopes: z.array(z.enum(SCOPES)),
});

export function shownUser({ disabledAt, createdAt, ...rest }: User): z.infer<typeof user> {
  return { ...rest, disabledAt: disabledAt?.toISOString() ?? null, createdAt: createdAt.toISOString() };
}

/** @param current the id of the session that asks */
export function shownSession(
  { id, kind, label, scopes, createdAt, expiresAt }: Session,
  current: string | undefined,
): z.infer<typeof shown> {
  return {
    id,
    kind,
    label,
    scopes: [...scopes],
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    current: id === current,
  };
}
