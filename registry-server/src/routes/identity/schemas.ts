import { z } from 'zod';
import { SCOPES } from '../../domain/actor.js';
import { PASSWORD_LENGTH } from '../../domain/user.js';
import { count, text, tokenBody, userName } from '../schemas.js';

/** Longer than a password may be: how long it is must not be told apart from a wrong one. */
const anyPassword = text(PASSWORD_LENGTH.max * 4);
const newPassword = text(PASSWORD_LENGTH.max * 4).meta({
  description: `${PASSWORD_LENGTH.min} to ${PASSWORD_LENGTH.max} characters`,
});
const displayName = text(100);
const email = z.email().max(254);
const reason = text(500).min(1).optional().meta({ description: 'Why, for the audit' });

export const signInBody = z.strictObject({ name: text(100).min(1), password: anyPassword });
export const signUpBody = z.strictObject({
  name: userName,
  password: newPassword,
  displayName: displayName.optional(),
  email: email.optional(),
});
export const userBody = z.strictObject({
  name: userName,
  password: newPassword.optional(),
  displayName: displayName.optional(),
  email: email.optional(),
  admin: z.boolean().optional().meta({ description: 'Whether they administer the registry' }),
  reason,
});
export const userChanges = z.strictObject({
  displayName: displayName.optional(),
  email: email.nullable().optional(),
  password: newPassword.optional(),
  admin: z.boolean().optional(),
  disabled: z.boolean().optional(),
  reason,
});
export const endSessionsQuery = z.strictObject({ reason });
export const ownChanges = userChanges.pick({ displayName: true, email: true });
export const passwordBody = z.strictObject({ current: anyPassword, next: newPassword });
export const userParams = z.strictObject({ user: text(100).min(1) });
export const usersQuery = z.strictObject({
  q: text(100)
    .min(1)
    .optional()
    .meta({ description: 'Part of a name, of how they are called, or of an address' }),
  limit: count(250, 100),
  offset: count(1_000_000, 0),
});

export const sessionParams = z.strictObject({ id: text(100) });
export const identityBody = z.strictObject({ issuer: text(500), subject: text(500) });

/** Whose it is and what it may do is decided by who asks, never by what is sent. */
export const ownTokenBody = tokenBody.omit({ user: true }).extend({
  password: anyPassword
    .optional()
    .meta({ description: 'Of the account, where a token asks rather than somebody who is signed in' }),
});

const scopeList = text(100)
  .default('publish')
  .meta({ description: `Of ${SCOPES.join(', ')}, separated by blanks` });

/** RFC 8628, section 3.1. */
export const deviceBody = z.looseObject({
  client_id: text(100).min(1),
  scope: scopeList,
  device: text(100).default(''),
});
export const deviceQuery = z.strictObject({ code: text(20).default('') });
export const approveBody = z.strictObject({ userCode: text(20), approve: z.boolean() });

/** RFC 6749, sections 4.1.3 and 6; RFC 8628, section 3.4. */
export const grantBody = z.looseObject({
  grant_type: text(100),
  client_id: text(100).optional(),
  device_code: text(200).default(''),
  refresh_token: text(200).default(''),
});
