import type { SignInProvider } from '../domain/identity-settings.js';

/** Who somebody is elsewhere, as far as the server there vouches for it. */
export interface ExternalPerson {
  readonly issuer: string;
  readonly subject: string;
  /** What they are called there, best first. */
  readonly names: readonly string[];
  readonly displayName: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
}

/** What ties the way there to the way back. */
export interface SignInWay {
  /** Where the browser comes back to. */
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly verifier: string;
}

/** Speaks with the servers that users sign in at. */
export interface SignInGateway {
  /** Where to send the browser. @throws PrompdError EAUTH when the server there cannot be asked */
  begin(provider: SignInProvider, way: SignInWay): Promise<string>;
  /**
   * Who came back.
   * @param query of the address that the browser came back to
   * @throws PrompdError EAUTH for anything that does not fit together
   */
  finish(provider: SignInProvider, way: SignInWay, query: URLSearchParams): Promise<ExternalPerson>;
}
