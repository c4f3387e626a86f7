import type { IdentitySettings } from '../../domain/identity-settings.js';
import type { AccessTokens } from './access-tokens.js';
import type { AccountService } from './accounts.js';
import type { AttemptLimits } from './attempt-limits.js';
import type { Authenticator } from './authenticator.js';
import type { DeviceLogins } from './device-logins.js';
import type { ExternalSignIn } from './external-sign-in.js';
import type { SessionService } from './sessions.js';
import type { TrustedPublishing } from './trusted-publishing.js';

/** Who people and machines are. */
export interface Identity {
  readonly accounts: AccountService;
  readonly sessions: SessionService;
  readonly access: AccessTokens;
  readonly authenticator: Authenticator;
  readonly limits: AttemptLimits;
  readonly devices: DeviceLogins;
  readonly external: ExternalSignIn;
  readonly trust: TrustedPublishing;
  readonly settings: IdentitySettings;
}
