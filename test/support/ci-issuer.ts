import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import type { Teardown } from './temp.js';

/** An issuer of tokens for continuous integration, with a real key, that signs what GitHub Actions would. */
export interface CiIssuer {
  readonly url: string;
  /** A token of a release of acme/prompts, with other claims where they are given. */
  token(audience: string, claims?: Record<string, unknown>, sign?: Signing): Promise<string>;
  readonly publicJwk: JWK;
}

export interface Signing {
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly kid?: string;
  /** Seconds until it expires. */
  readonly lasts?: number;
}

const RELEASE = {
  sub: 'repo:acme/prompts:environment:release',
  repository: 'acme/prompts',
  repository_owner_id: '4242',
  workflow_ref: 'acme/prompts/.github/workflows/release.yml@refs/heads/main',
  environment: 'release',
  ref: 'refs/heads/main',
  event_name: 'push',
};

/** Starts an issuer on loopback; stopped when the test ends. */
export async function startCiIssuer(t: Teardown): Promise<CiIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'ci-1', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    const answers: Record<string, unknown> = {
      '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/jwks` },
      '/jwks': { keys: [publicJwk] },
    };
    const answer = answers[request.url ?? ''];
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>(resolve => server.close(() => resolve())));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let count = 0;
  return {
    url,
    publicJwk,
    token: (audience, claims = {}, { key = privateKey, alg = 'RS256', kid = 'ci-1', lasts = 300 } = {}) => {
      const now = Math.floor(Date.now() / 1000) + Math.min(0, lasts);
      count += 1;
      return new SignJWT({ ...RELEASE, jti: `job-${count}`, ...claims })
        .setProtectedHeader({ alg, kid, typ: 'JWT' })
        .setIssuer(url)
        .setAudience(audience)
        .setIssuedAt(now - 1)
        .setExpirationTime(now + Math.abs(lasts) * Math.sign(lasts))
        .sign(key);
    },
  };
}

/** What GitHub Actions gives to work that may show what it is: variables, and an address that answers by them. */
export async function startActions(t: Teardown, ci: CiIssuer): Promise<Record<string, string>> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://actions');
    if (request.headers.authorization !== 'Bearer of this job') {
      response.writeHead(401).end();
      return;
    }
    void ci.token(url.searchParams.get('audience') ?? '').then(value => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ value }));
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>(resolve => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/job/idtoken?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'of this job',
  };
}
