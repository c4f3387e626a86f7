import { jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { type Clock, PrompdError } from 'prompd/core';
import { z } from 'zod';
import type { SignInProvider } from '../domain/identity-settings.js';
import type { IssuerKeys } from '../ports/issuer-keys.js';
import type { ExternalPerson, SignInGateway, SignInWay } from '../ports/sign-in-gateway.js';
import { fetchShort } from './short-answers.js';

type GitHub = Extract<SignInProvider, { kind: 'github' }>;
type Oidc = Extract<SignInProvider, { kind: 'oidc' }>;

/** Asymmetric ones alone: a client's secret never vouches for who somebody is. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'RS384', 'RS512', 'PS384', 'PS512'];
/** For one answer, in seconds. */
const PATIENCE = 10;
/** What an issuer says of itself is asked for again after this, in milliseconds. */
const KEPT_FOR = 60 * 60_000;

const name = z.string().max(200).optional().catch(undefined);
const claimsSchema = z.object({
  sub: z.string().min(1).max(255),
  preferred_username: name,
  nickname: name,
  name,
  email: z.string().max(254).optional().catch(undefined),
  email_verified: z.boolean().optional().catch(undefined),
});
const gitHubUser = z.object({
  id: z.int().positive(),
  login: z.string().min(1).max(200),
  name: name.nullish(),
});
const gitHubEmails = z
  .array(z.object({ email: z.string().max(254), primary: z.boolean(), verified: z.boolean() }))
  .max(1000);

/** OpenID Connect 1.0, and GitHub's OAuth 2.0, both by the code flow with PKCE. */
export class OpenIdGateway implements SignInGateway {
  readonly #keys: IssuerKeys;
  readonly #now: Clock;
  readonly #known = new Map<string, { config: openid.Configuration; until: number }>();

  constructor({ keys, now }: { readonly keys: IssuerKeys; readonly now: Clock }) {
    this.#keys = keys;
    this.#now = now;
  }

  async begin(provider: SignInProvider, { redirectUri, state, nonce, verifier }: SignInWay): Promise<string> {
    const config = await this.#configurationOf(provider);
    const isOidc = provider.kind === 'oidc';
    return openid.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: isOidc ? 'openid profile email' : 'read:user user:email',
      state,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...(isOidc ? { nonce } : {}),
    }).href;
  }

  async finish(provider: SignInProvider, way: SignInWay, query: URLSearchParams): Promise<ExternalPerson> {
    const config = await this.#configurationOf(provider);
    const back = new URL(way.redirectUri);
    back.search = query.toString();
    try {
      return provider.kind === 'oidc'
        ? await this.#oidcPerson(provider, config, { way, back })
        : await gitHubPerson(provider, config, { way, back });
    } catch (cause) {
      if (cause instanceof PrompdError) throw cause;
      throw failed(provider, 'Signing in did not come to an end there, or not as it was begun here.', cause);
    }
  }

  async #oidcPerson(
    { clientId, issuer }: Oidc,
    config: openid.Configuration,
    { way, back }: { way: SignInWay; back: URL },
  ): Promise<ExternalPerson> {
    const tokens = await openid.authorizationCodeGrant(config, back, {
      expectedState: way.state,
      expectedNonce: way.nonce,
      pkceCodeVerifier: way.verifier,
      idTokenExpected: true,
    });
    const { jwks_uri } = config.serverMetadata();
    if (tokens.id_token === undefined || jwks_uri === undefined) throw new Error('no ID token, or no keys');
    // The library takes the connection for proof of it; the signature holds also where a proxy stands between.
    const { payload } = await jwtVerify(tokens.id_token, this.#keys.at(jwks_uri), {
      algorithms: ALGORITHMS,
      issuer,
      audience: clientId,
      currentDate: this.#now(),
      clockTolerance: 30,
    });
    const claims = claimsSchema.parse(payload);
    const names = [claims.preferred_username, claims.nickname, claims.email];
    return {
      issuer,
      subject: claims.sub,
      names: names.filter(one => one !== undefined),
      displayName: claims.name ?? '',
      email: claims.email ?? null,
      emailVerified: claims.email !== undefined && claims.email_verified === true,
    };
  }

  async #configurationOf(provider: SignInProvider): Promise<openid.Configuration> {
    const known = this.#known.get(provider.name);
    const now = this.#now().getTime();
    if (known && known.until > now) return known.config;
    const config = await configure(provider).catch((cause: unknown) => {
      throw failed(provider, 'The server there cannot be reached at present.', cause);
    });
    config.timeout = PATIENCE;
    this.#known.set(provider.name, { config, until: now + KEPT_FOR });
    return config;
  }
}

async function configure(provider: SignInProvider): Promise<openid.Configuration> {
  const { clientId, clientSecret } = provider;
  const auth = clientSecret === undefined ? openid.None() : openid.ClientSecretPost(clientSecret);
  const issuer = provider.kind === 'oidc' ? provider.issuer : provider.url;
  const execute = isLoopback(issuer) ? [openid.allowInsecureRequests] : [];
  if (provider.kind === 'oidc') {
    const options = { execute, timeout: PATIENCE, [openid.customFetch]: fetchShort };
    return openid.discovery(new URL(issuer), clientId, clientSecret, auth, options);
  }
  const config = new openid.Configuration(
    {
      issuer,
      authorization_endpoint: `${issuer}/login/oauth/authorize`,
      token_endpoint: `${issuer}/login/oauth/access_token`,
    },
    clientId,
    clientSecret,
    auth,
  );
  config[openid.customFetch] = fetchShort;
  for (const step of execute) step(config);
  return config;
}

/** @see https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps */
async function gitHubPerson(
  { url, apiUrl }: GitHub,
  config: openid.Configuration,
  { way, back }: { way: SignInWay; back: URL },
): Promise<ExternalPerson> {
  const { access_token } = await openid.authorizationCodeGrant(config, back, {
    expectedState: way.state,
    pkceCodeVerifier: way.verifier,
  });
  const ask = async (path: string): Promise<unknown> => {
    const address = new URL(`${apiUrl}${path}`);
    const headers = new Headers({ accept: 'application/vnd.github+json', 'user-agent': 'prompd-registry' });
    const answer = await openid.fetchProtectedResource(
      config,
      access_token,
      address,
      'GET',
      undefined,
      headers,
    );
    if (answer.status !== 200) throw new Error(`GitHub's API answered ${answer.status}`);
    return answer.json();
  };
  const user = gitHubUser.parse(await ask('/user'));
  const emails = gitHubEmails.parse(await ask('/user/emails'));
  const primary = emails.find(({ primary: isPrimary }) => isPrimary);
  return {
    issuer: url,
    // The number: names are given away again.
    subject: String(user.id),
    names: [user.login],
    displayName: user.name ?? '',
    email: primary?.email ?? null,
    emailVerified: primary?.verified ?? false,
  };
}

/** Whether plain HTTP stays on the machine. */
function isLoopback(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return (
    protocol === 'http:' && (hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname))
  );
}

function failed({ name: provider, title }: SignInProvider, message: string, cause: unknown): PrompdError {
  return new PrompdError('EAUTH', `${title}: ${message}`, {
    facts: { provider },
    hint: 'Begin again.',
    cause,
  });
}
