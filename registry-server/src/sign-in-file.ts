import { readFileSync } from 'node:fs';
import { PrompdError, parseJson, systemCode } from 'prompd/core';
import { z } from 'zod';
import { DEFAULT_IDENTITY, type IdentitySettings, type SignInProvider } from './domain/identity-settings.js';

const GOOGLE = 'https://accounts.google.com';
/** Largest file that is read, in characters. */
const MAX_LENGTH = 256 * 1024;

/** Only the machine itself is spoken to in the open. */
const server = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .transform(url => url.replace(/\/+$/, ''))
  .refine(
    url =>
      url.startsWith('https:') || /^http:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?::\d+)?(?:\/|$)/.test(url),
    'is not https',
  );

const common = {
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'has at most 40 lowercase letters, digits and "-"'),
  title: z.string().min(1).max(60).optional(),
  clientId: z.string().min(1).max(500),
  newUsers: z.boolean().default(false),
  domains: z.array(z.string().toLowerCase().max(253)).max(100).default([]),
};
const provider = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('oidc'), issuer: server }),
  z.strictObject({ ...common, kind: z.literal('google') }),
  z.strictObject({
    ...common,
    kind: z.literal('github'),
    url: server.default('https://github.com'),
    apiUrl: server.default('https://api.github.com'),
  }),
]);

const fileSchema = z.strictObject({
  $schema: z.string().optional(),
  signUp: z.boolean().default(DEFAULT_IDENTITY.signUp),
  providers: z.array(provider).max(20).default([]),
  ciIssuers: z
    .array(server)
    .max(20)
    .default([...DEFAULT_IDENTITY.ciIssuers]),
});

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the operator's file of how people and machines sign in. Secrets come from the environment alone:
 * `PROMPD_SIGN_IN_<NAME>_SECRET`, with the provider's name in capitals and `_` for `-`.
 * @param file its path
 * @throws PrompdError ECONFIG that names the place in the file
 */
export function readSignIn(file: string, env: Environment): IdentitySettings {
  const parsed = fileSchema.safeParse(readJson(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw new PrompdError('ECONFIG', `${file}: ${key === '' ? '' : `"${key}": `}${issue?.message ?? ''}.`, {
      facts: { file, key },
      hint: 'docs/identity.md describes the file.',
    });
  }
  const { signUp, providers, ciIssuers } = parsed.data;
  const names = providers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new PrompdError('ECONFIG', `${file} has two providers named "${twice}".`, {
      facts: { file, name: twice },
    });
  }
  return { signUp, ciIssuers, providers: providers.map(one => settled(one, env)) };
}

function settled(written: z.infer<typeof provider>, env: Environment): SignInProvider {
  const { name, title = name, ...rest } = written;
  const clientSecret =
    env[`PROMPD_SIGN_IN_${name.replaceAll('-', '_').toUpperCase()}_SECRET`]?.trim() || undefined;
  if (rest.kind !== 'google') return { ...rest, name, title, clientSecret };
  return { ...rest, kind: 'oidc', issuer: GOOGLE, name, title, clientSecret };
}

function readJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PrompdError('ECONFIG', `The file of how one signs in cannot be read: ${file}.`, {
      facts: { file, reason: systemCode(cause) ?? String(cause) },
      hint: 'PROMPD_SIGN_IN names it; docs/identity.md describes it.',
      cause,
    });
  }
  if (text.length <= MAX_LENGTH) return parseJson(text, file);
  throw new PrompdError('ECONFIG', `${file} is larger than ${MAX_LENGTH} characters.`, { facts: { file } });
}
