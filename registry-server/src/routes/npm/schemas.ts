import { isPackageName } from 'prompd/core';
import { z } from 'zod';
import { isUserName } from '../../domain/user-name.js';
import { count, distTag, text, version } from '../schemas.js';

/** A name that no package can have is, to npm's clients, one that no package has. */
const name = z
  .string()
  .refine(isPackageName, { message: 'is not a package name', params: { problem: 'ENOTFOUND' } });

/** npm's clients count their searches up to here. */
const MAX_SIZE = 250;

export const nameParams = z.strictObject({ name });
export const selectorParams = z.strictObject({ name, version: text(256) });
export const revisionParams = z.strictObject({ name, rev: text(100) });
export const archiveParams = z.strictObject({ name, file: text(512), rev: text(100) });
export const tagParams = z.strictObject({ name, tag: distTag });
export const tagBody = version;

const COUCH_USER = 'org.couchdb.user:';
/** A user's address, as CouchDB wrote it; the rest is the user's name. */
export const loginParams = z.strictObject({
  login: z
    .string()
    .refine(login => login.startsWith(COUCH_USER) && isUserName(login.slice(COUCH_USER.length)), {
      message: 'is not a user',
      params: { problem: 'ENOTFOUND' },
    })
    .transform(login => login.slice(COUCH_USER.length)),
});
export const loginBody = z.looseObject({ name: text(100), password: text(512) });
export const offerBody = z.looseObject({ hostname: z.string().optional().catch(undefined) });
export const sessionParams = z.strictObject({ session: text(2000) });
export const confirmBody = z.strictObject({ token: text(512) });

const words = z.array(text(214)).max(100);
export const tokenParams = z.strictObject({ token: text(512) });
export const tokenBody = z.looseObject({
  password: text(512),
  name: text(100).min(1).optional().catch(undefined),
  readonly: z.boolean().optional(),
  cidr_whitelist: words.nullish(),
  packages: words.nullish(),
  scopes: words.nullish(),
  /** In days. */
  expires: z.number().int().min(1).max(36_500).optional(),
});

export const accessBody = z.strictObject({ access: z.enum(['public', 'restricted', 'private']) });

export const searchQuery = z.looseObject({
  text: text(400).default(''),
  size: count(100_000, 20).transform(size => Math.min(size, MAX_SIZE)),
  from: count(100_000, 0),
});
