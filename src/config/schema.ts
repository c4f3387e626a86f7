import { z } from 'zod';
import { AUDIT_LEVELS } from '../core/audit-severity.js';
import { MODEL_POLICIES } from '../core/model-policy.js';
import { isPackageName } from '../core/name.js';
import { PROTOCOLS, PROVIDER_KINDS } from './config.js';
import { LIMITS } from './network.js';
import {
  CONFLICTS,
  DURATION_FORM,
  MOMENT_FORM,
  parseDuration,
  parseMoment,
  STRATEGIES,
} from './resolution.js';
import { SIGNATURE_POLICIES, SIGNER_POLICIES } from './signatures.js';
import { TRANSPARENCY } from './transparency.js';

const alias = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'an alias has lowercase letters, digits, "-", "_" and "." only');
const scope = z
  .string()
  .regex(/^@[a-z0-9~-][a-z0-9._~-]{0,100}$/, 'a scope is written like "@team", in lowercase');

const packageName = z.string().refine(isPackageName, 'it is not the name of a package');

const providerName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'the name of a provider has lowercase letters, digits and "-" only');

const providerSchema = z.strictObject({
  kind: z.enum(PROVIDER_KINDS),
  baseUrl: z.string().max(2048).optional(),
  model: z.string().min(1).max(120).optional(),
  headers: z
    .record(
      z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'a header is named in letters, digits and "-"'),
      z.string().regex(/^[\x20-\x7e]{0,1000}$/, 'a header holds printable ASCII characters'),
    )
    .optional(),
});

const limit = ([min, max]: readonly [number, number]) => z.int().min(min).max(max).optional();
const file = z.string().min(1).max(4096);

const limitsSchema = z.strictObject({
  concurrency: limit(LIMITS.concurrency),
  timeoutMs: limit(LIMITS.timeoutMs),
  retries: limit(LIMITS.retries),
  maxArchiveBytes: limit(LIMITS.maxArchiveBytes),
});

const networkSchema = limitsSchema.extend({
  proxy: z.string().max(2048).optional(),
  noProxy: z
    .array(z.string().regex(/^[^\s,]{1,255}$/, 'it lists hosts, as in "example.com" or "10.0.0.0/8"'))
    .max(1000)
    .optional(),
  caFile: file.optional(),
});

const registrySchema = z.strictObject({
  url: z.string().max(2048),
  protocol: z.enum(PROTOCOLS).optional(),
  publicKey: z.base64().max(1024).optional(),
});

const moment = z.string().refine(raw => parseMoment(raw) !== undefined, { error: MOMENT_FORM });
const duration = z.string().refine(raw => parseDuration(raw) !== undefined, { error: DURATION_FORM });
const namePattern = z
  .string()
  .max(214)
  .regex(/^[@a-z0-9*~._/-]+$/, 'it lists names, scopes and patterns such as "@team/*", in lowercase');

const minimumReleaseAgeSchema = z.preprocess(
  // The short form is the age alone.
  value => (typeof value === 'string' ? { age: value } : value),
  z.strictObject({ age: duration.optional(), exclude: z.array(namePattern).max(1000).optional() }),
);

const policy = z.enum(SIGNATURE_POLICIES);
const signaturesSchema = z.preprocess(
  // The short form is the policy for all.
  value => (typeof value === 'string' ? { default: value } : value),
  z.strictObject({
    default: policy.optional(),
    registries: z.record(alias, policy).optional(),
    scopes: z.record(scope, policy).optional(),
  }),
);

const signerSchema = z.preprocess(
  value => (typeof value === 'string' ? { key: value } : value),
  z.strictObject({
    // RFC 8410: the first 12 bytes of such a key are always the same.
    key: z
      .string()
      .regex(
        /^MCowBQYDK2VwAyEA[A-Za-z0-9+/]{43}=$/,
        'a key is an Ed25519 public key: base64 of its SubjectPublicKeyInfo in DER',
      ),
    name: z.string().min(1).max(100).optional(),
  }),
);
const signersSchema = z.record(
  scope,
  z.preprocess(
    // The short form is the keys alone.
    value => (Array.isArray(value) ? { keys: value } : value),
    z.strictObject({ keys: z.array(signerSchema).max(1000), policy: z.enum(SIGNER_POLICIES).optional() }),
  ),
);

const common = {
  $schema: z.string().optional(),
  registry: z.string().max(2048).optional(),
  registries: z.record(alias, registrySchema).optional(),
  scopes: z.record(scope, alias).optional(),
  packages: z.record(packageName, alias).optional(),
  scope: scope.optional(),
  provider: providerName.optional(),
  network: limitsSchema.optional(),
  resolution: z.enum(STRATEGIES).optional(),
  conflicts: z.enum(CONFLICTS).optional(),
  before: moment.optional(),
  minimumReleaseAge: minimumReleaseAgeSchema.optional(),
  signatures: signaturesSchema.optional(),
  signers: signersSchema.optional(),
  auditLevel: z.enum(AUDIT_LEVELS).optional(),
  transparency: z.enum(TRANSPARENCY).optional(),
  models: z.strictObject({ require: z.enum(MODEL_POLICIES).optional() }).optional(),
};

/** What a project may set in its `.prompdrc.json`: nothing that has to do with credentials, or whom to trust. */
export const projectConfigSchema = z.strictObject(common);

/** What a user may set in `$PROMPD_HOME/config.json`. */
export const userConfigSchema = z.strictObject({
  ...common,
  registries: z
    .record(
      alias,
      registrySchema
        .extend({ certFile: file.optional(), keyFile: file.optional() })
        .refine(({ certFile, keyFile }) => certFile !== undefined || keyFile === undefined, {
          path: ['certFile'],
          error: 'it is missing beside "keyFile"',
        }),
    )
    .optional(),
  network: networkSchema.optional(),
  providers: z.record(providerName, providerSchema).optional(),
  credentialStore: z.enum(['file', 'keychain']).optional(),
});

export type ConfigFile = z.infer<typeof userConfigSchema>;
