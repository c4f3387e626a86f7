import { isDistTag, isPackageName, isVersion } from 'prompd/core';
import { z } from 'zod';
import { SCOPES } from '../domain/actor.js';
import { SORTS } from '../domain/search-query.js';
import { isUserName } from '../domain/user-name.js';
import { MAX_PAGE } from '../settings.js';

/** Text that the database can hold. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\0]*$/, 'must not hold NUL');

export const packageName = z
  .string()
  .refine(isPackageName, { message: 'is not a package name', params: { problem: 'EBADNAME' } })
  .meta({
    description: '`name` or `@scope/name`; the slash may be written as `%2f`',
    example: '@bank/kyc-summary',
  });

export const version = z
  .string()
  .max(256)
  .refine(isVersion, { message: 'is not a semantic version', params: { problem: 'EBADVERSION' } })
  .meta({ description: 'An exact semantic version', example: '1.2.0' });

export const distTag = z
  .string()
  .refine(isDistTag, { message: 'is not a tag: use a short word that is no version and no range' })
  .meta({ description: 'A name for a version', example: 'beta' });

export const access = z.enum(['public', 'private']);

export const versionOrTag = z
  .string()
  .max(256)
  .refine(raw => isVersion(raw) || isDistTag(raw), { message: 'is neither a version nor a tag' })
  .meta({ description: 'An exact version or a tag', example: '1.2.0' });

export const packageParams = z.strictObject({ name: packageName });
export const selectorParams = z.strictObject({ name: packageName, version: versionOrTag });
export const versionParams = z.strictObject({ name: packageName, version });
export const tagParams = z.strictObject({ name: packageName, tag: distTag });
export const fileParams = z.strictObject({
  name: packageName,
  file: text(512).meta({ description: 'As the packument names it', example: 'kyc-summary-1.2.0.tgz' }),
});

export const wholeNumber = (max: number) => {
  const fault = `must be a whole number from 0 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, fault)
    .transform(Number)
    .pipe(z.number().max(max, fault));
};

export const count = (max: number, fallback: number) => wholeNumber(max).default(fallback);

const scopeName = z
  .string()
  .max(214)
  .regex(/^@[a-z0-9][a-z0-9._-]*$/, 'is not a scope')
  .meta({ description: 'Packages of an organisation alone', example: '@bank' });

export const searchParams = z.strictObject({
  q: text(400).default('').meta({ description: 'Words; quotes, `or` and a leading `-` as in web searches' }),
  category: text(100).optional(),
  author: text(200).optional(),
  keyword: text(100).optional(),
  scope: scopeName.optional(),
  sort: z.enum(SORTS).default('relevance'),
  limit: count(MAX_PAGE, 20),
  offset: count(100_000, 0),
});

export const facetParams = searchParams.omit({ sort: true, limit: true, offset: true });

export const publishQuery = z.strictObject({ tag: distTag.default('latest'), access: access.optional() });

/** Changes of one kind in one request: they hold the package, and an embedded database, until all are done. */
const MAX_CHANGES = 100;
const changes = <K extends z.ZodString, V extends z.ZodType>(key: K, value: V) =>
  z
    .record(key, value)
    .refine(all => Object.keys(all).length <= MAX_CHANGES, `must not have more than ${MAX_CHANGES} members`);

export const settingsBody = z
  .strictObject({
    access: access.optional(),
    distTags: changes(distTag, version.nullable()).optional(),
    deprecated: changes(version, text(1000).min(1).nullable()).optional(),
    yanked: changes(version, z.boolean()).optional(),
  })
  .meta({
    id: 'PackageSettings',
    description: 'What is named is changed, all of it or nothing; null removes.',
  });

export const tagBody = z.strictObject({ version });

export const userName = z
  .string()
  .refine(isUserName, {
    message:
      'is not a name of a user: use at most 100 letters, digits, blanks and . _ @ + -, beginning and ending with a letter or digit',
  })
  .meta({ description: 'Who a token belongs to', example: 'jane' });

export const ownerParams = z.strictObject({ name: packageName, user: userName });
/** Whoever is an owner can be taken away, also under a name that no user would get today. */
export const formerOwnerParams = z.strictObject({ name: packageName, user: text(100).min(1) });

export const dependentsQuery = z.strictObject({ limit: count(MAX_PAGE, 20) });

export const tokenBody = z.strictObject({
  name: text(100).min(1).meta({ description: 'For people: tells the tokens of a user apart' }),
  user: userName.optional().meta({ description: 'Who it belongs to; the name by default' }),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  cidrs: z.array(text(60)).max(50).optional().meta({ description: 'Networks, as `10.0.0.0/8`' }),
  packages: z.array(text(214)).max(100).optional().meta({ description: 'Names, and scopes such as `@bank`' }),
});

export const tokenParams = z.strictObject({
  id: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number')
    .transform(Number),
});
