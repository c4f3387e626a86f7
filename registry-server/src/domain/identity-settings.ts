/** A place that users of the registry sign in at. */
export type SignInProvider = {
  /** In addresses, `/auth/<name>/start`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Whether somebody who is not known here gets an account; else an account must be linked first. */
  readonly newUsers: boolean;
  /** Domains of verified e-mail addresses that new users must be of; empty for any. */
  readonly domains: readonly string[];
} & (
  | { readonly kind: 'oidc'; readonly issuer: string }
  /** GitHub is no OIDC issuer for people: it has OAuth 2.0 and an API that tells who they are. */
  | { readonly kind: 'github'; readonly url: string; readonly apiUrl: string }
);

/** How people and machines may sign in. */
export interface IdentitySettings {
  /** Whether anybody may make an account with a password. */
  readonly signUp: boolean;
  readonly providers: readonly SignInProvider[];
  /** Issuers of tokens for continuous integration that rules may name. */
  readonly ciIssuers: readonly string[];
}

export const GITHUB_ACTIONS = 'https://token.actions.githubusercontent.com';
export const GITLAB = 'https://gitlab.com';

export const DEFAULT_IDENTITY: IdentitySettings = {
  signUp: false,
  providers: [],
  ciIssuers: [GITHUB_ACTIONS, GITLAB],
};
