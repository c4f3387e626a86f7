import type { Clock } from 'prompd/core';
import { SqlAccessKeyRepository } from './adapters/access-key-repository.js';
import { Argon2Hasher } from './adapters/argon2-hasher.js';
import { SqlAttemptCounter } from './adapters/attempt-counter.js';
import type { Database } from './adapters/database.js';
import { SqlDeviceLoginRepository } from './adapters/device-login-repository.js';
import { publicHalf } from './adapters/key-folder.js';
import { OpenIdGateway } from './adapters/openid-gateway.js';
import { SqlPendingSignInRepository } from './adapters/pending-sign-in-repository.js';
import { RemoteIssuerKeys } from './adapters/remote-issuer-keys.js';
import { SqlSessionRepository } from './adapters/session-repository.js';
import { SqlTokenRepository } from './adapters/token-repository.js';
import { SqlTrustRepository } from './adapters/trust-repository.js';
import { SqlUserRepository } from './adapters/user-repository.js';
import type { IdentitySettings } from './domain/identity-settings.js';
import type { PrivateKeys } from './ports/private-keys.js';
import { AccessTokens } from './services/identity/access-tokens.js';
import { AccountService } from './services/identity/accounts.js';
import { AttemptLimits } from './services/identity/attempt-limits.js';
import { Authenticator } from './services/identity/authenticator.js';
import { DeviceLogins } from './services/identity/device-logins.js';
import { ExternalSignIn } from './services/identity/external-sign-in.js';
import type { Identity } from './services/identity/identity.js';
import { SessionService } from './services/identity/sessions.js';
import { TrustedPublishing } from './services/identity/trusted-publishing.js';
import type { TokenService } from './services/tokens.js';

export interface IdentityParts {
  readonly database: Database;
  readonly tokens: TokenService;
  /** Of access tokens. */
  readonly accessKeys: PrivateKeys;
  readonly settings: IdentitySettings;
  readonly now: Clock;
}

/** Puts the services of identity on their adapters. */
export function composeIdentity({ database, tokens, accessKeys, settings, now }: IdentityParts): Identity {
  const users = new SqlUserRepository(database);
  const limits = new AttemptLimits(new SqlAttemptCounter(database, now));
  const keys = new RemoteIssuerKeys();
  const sessions = new SessionService({ sessions: new SqlSessionRepository(database), now });
  const access = new AccessTokens({
    keys: new SqlAccessKeyRepository(database),
    privateKeys: accessKeys,
    publicHalf,
    now,
  });
  return {
    accounts: new AccountService({ users, hasher: new Argon2Hasher(), limits, now }),
    sessions,
    access,
    authenticator: new Authenticator({ tokens, sessions, access }),
    limits,
    devices: new DeviceLogins({
      devices: new SqlDeviceLoginRepository(database),
      users,
      tokens,
      sessions,
      access,
      now,
    }),
    external: new ExternalSignIn({
      users,
      pending: new SqlPendingSignInRepository(database),
      gateway: new OpenIdGateway({ keys, now }),
      settings,
      now,
    }),
    trust: new TrustedPublishing({
      rules: new SqlTrustRepository(database),
      tokens: new SqlTokenRepository(database),
      keys,
      settings,
      now,
    }),
    settings,
  };
}
