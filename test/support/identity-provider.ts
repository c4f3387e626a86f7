import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Configuration } from 'oidc-provider';
import type { Teardown } from './temp.js';

/** A real OpenID provider on loopback, whose only person is whoever a test says. */
export interface IdentityProvider {
  readonly issuer: string;
  /** Claims of who signs in next, `sub` among them. */
  person: Readonly<Record<string, unknown>>;
  /** Lets one client in. */
  serve(client: { id: string; secret: string; redirectUris: string[] }): Promise<void>;
  /** Signs with another key from now on. */
  rotate(): Promise<void>;
}

/** Starts a provider; stopped when the test ends. */
export async function startIdentityProvider(t: Teardown): Promise<IdentityProvider> {
  let listener: RequestListener = (_request, response) => response.writeHead(503).end();
  const issuer = await listenOn(t, (request, response) => listener(request, response));
  const { default: Provider } = await import('oidc-provider');
  let client = { id: '', secret: '', redirectUris: [''] };
  let keyCount = 0;
  const restart = async () => {
    keyCount += 1;
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), kid: `key-${keyCount}`, use: 'sig', alg: 'RS256' };
    const configuration: Configuration = {
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          redirect_uris: client.redirectUris,
          token_endpoint_auth_method: 'client_secret_post',
          response_types: ['code'],
          grant_types: ['authorization_code'],
        },
      ],
      jwks: { keys: [key] },
      cookies: { keys: ['only for tests'] },
      pkce: { required: () => true },
      claims: {
        openid: ['sub'],
        profile: ['preferred_username', 'name'],
        email: ['email', 'email_verified'],
      },
      // All that is known is told with the token.
      conformIdTokenClaims: false,
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, sub) => ({
        accountId: sub,
        claims: () => ({ ...provider.person, sub }),
      }),
    };
    const server = new Provider(issuer, configuration);
    const answer = server.callback();
    listener = (request, response) => {
      if (!request.url?.startsWith('/interaction/')) {
        answer(request, response);
        return;
      }
      void (async () => {
        // What a person would click through: signed in, and everything granted.
        const { prompt, params, session } = await server.interactionDetails(request, response);
        const accountId = String(provider.person['sub']);
        if (prompt.name === 'login') {
          await server.interactionFinished(request, response, { login: { accountId, remember: false } });
          return;
        }
        const grant = new server.Grant({
          accountId: session?.accountId ?? accountId,
          clientId: String(params['client_id']),
        });
        grant.addOIDCScope('openid profile email');
        const grantId = await grant.save();
        await server.interactionFinished(request, response, { consent: { grantId } });
      })().catch((error: unknown) => response.writeHead(500).end(String(error)));
    };
  };
  const provider: IdentityProvider = {
    issuer,
    person: { sub: 'nobody' },
    async serve(wanted) {
      client = wanted;
      await restart();
    },
    rotate: restart,
  };
  return provider;
}

/** The addresses of GitHub that signing in uses, as GitHub describes them. */
export interface GitHubServer {
  readonly url: string;
  /** Who signs in next. */
  user: { id: number; login: string; name: string | null };
  emails: { email: string; primary: boolean; verified: boolean }[];
}

/** Starts a server that speaks GitHub's OAuth 2.0 and the two addresses of its API; stopped when the test ends. */
export async function startGitHub(t: Teardown): Promise<GitHubServer> {
  const codes = new Map<string, { challenge: string; redirectUri: string }>();
  const tokens = new Set<string>();
  const github: GitHubServer = {
    url: await listenOn(t, (request, response) => {
      const url = new URL(request.url ?? '/', 'http://github');
      const json = (status: number, value: unknown) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
      if (url.pathname === '/login/oauth/authorize') {
        const code = crypto.randomUUID();
        const redirectUri = url.searchParams.get('redirect_uri') ?? '';
        codes.set(code, { challenge: url.searchParams.get('code_challenge') ?? '', redirectUri });
        const back = new URL(redirectUri);
        back.searchParams.set('code', code);
        back.searchParams.set('state', url.searchParams.get('state') ?? '');
        response.writeHead(302, { location: back.href }).end();
        return;
      }
      if (url.pathname === '/login/oauth/access_token') {
        void readText(request).then(async body => {
          const form = new URLSearchParams(body);
          const known = codes.get(form.get('code') ?? '');
          codes.delete(form.get('code') ?? '');
          const digest = await crypto.subtle.digest(
            'SHA-256',
            new TextEncoder().encode(form.get('code_verifier') ?? ''),
          );
          const isRight =
            known?.challenge === Buffer.from(digest).toString('base64url') &&
            known.redirectUri === form.get('redirect_uri') &&
            form.get('client_secret') === 'github secret';
          // GitHub answers 200 for errors, too.
          if (!isRight) return json(200, { error: 'bad_verification_code', error_description: 'wrong' });
          const token = `gho_${crypto.randomUUID()}`;
          tokens.add(token);
          return json(200, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
        });
        return;
      }
      if (!tokens.has(request.headers.authorization?.replace(/^Bearer /i, '') ?? '')) json(401, {});
      else if (url.pathname === '/api/user') json(200, github.user);
      else if (url.pathname === '/api/user/emails') json(200, github.emails);
      else json(404, {});
    }),
    user: { id: 1, login: 'nobody', name: null },
    emails: [],
  };
  return github;
}

async function listenOn(t: Teardown, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(async () => {
    server.closeAllConnections();
    await new Promise<void>(resolve => server.close(() => resolve()));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readText(request: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
