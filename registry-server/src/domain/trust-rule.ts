import type { JWTPayload } from 'jose';
import { GITHUB_ACTIONS } from './identity-settings.js';

/** Which continuous integration may publish what. */
export interface TrustRule {
  readonly id: number;
  /** One of both: all packages of a project, or one package. */
  readonly scope: string | null;
  readonly package: string | null;
  readonly issuer: string;
  /** `acme/prompts` */
  readonly repository: string;
  /** At GitHub the file's name in `.github/workflows`; elsewhere its path. */
  readonly workflow: string;
  readonly environment: string | null;
  /** A full ref, `refs/heads/main`. */
  readonly ref: string | null;
  /** The repository's owner by number, as it was when the rule was first used: names are given away again. */
  readonly ownerId: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

/** What a token of continuous integration says of the work that it stands for. */
export interface CiClaims {
  readonly subject: string;
  readonly repository: string;
  readonly ownerId: string | undefined;
  /** With the repository and the ref, as the issuer writes it. */
  readonly workflow: string;
  readonly environment: string | undefined;
  readonly ref: string | undefined;
  /** What set it off. */
  readonly event: string | undefined;
}

/**
 * Work that outsiders set off, with the rights of the repository: their pull requests would publish.
 * @see https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/
 */
const UNTRUSTED_EVENTS = new Set(['pull_request_target', 'workflow_run']);

/**
 * Reads the claims of GitHub Actions, or of GitLab.
 * @returns undefined where they say too little
 * @see https://docs.github.com/actions/reference/security/oidc, https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function claimsIn(payload: JWTPayload): CiClaims | undefined {
  const read = (...names: string[]): string | undefined => {
    for (const name of names) {
      const value = payload[name];
      if (typeof value === 'string' && value !== '' && value.length <= 500) return value;
    }
    return undefined;
  };
  const [subject, repository] = [read('sub'), read('repository', 'project_path')];
  const workflow = read('workflow_ref', 'ci_config_ref_uri');
  if (subject === undefined || repository === undefined || workflow === undefined) return undefined;
  return {
    subject,
    repository,
    workflow,
    ownerId: read('repository_owner_id', 'namespace_id'),
    environment: read('environment'),
    ref: read('ref_path', 'ref'),
    event: read('event_name'),
  };
}

/** Whether a rule is about the work that a token stands for. */
export function isTrusted(rule: TrustRule, claims: CiClaims): boolean {
  if (claims.event !== undefined && UNTRUSTED_EVENTS.has(claims.event)) return false;
  const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const [file = '', ref, ...rest] = claims.workflow.split('@');
  return (
    rest.length === 0 &&
    ref !== undefined &&
    same(claims.repository, rule.repository) &&
    isFile(rule, file) &&
    (rule.environment === null || claims.environment === rule.environment) &&
    (rule.ref === null || claims.ref === rule.ref) &&
    (rule.ownerId === null || claims.ownerId === rule.ownerId)
  );
}

/** The workflow is one of the repository itself: a reusable one elsewhere has a claim of its own. */
function isFile({ issuer, repository, workflow }: TrustRule, file: string): boolean {
  const [prefix, path] =
    issuer === GITHUB_ACTIONS || !file.includes('//')
      ? [`${repository}/.github/workflows/`, workflow]
      : [`${new URL(issuer).host}/${repository}//`, workflow];
  return (
    file.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase() && file.slice(prefix.length) === path
  );
}

/** The user by whose name continuous integration acts: no person's name has a colon. */
export function ciUser(issuer: string, subject: string): string {
  return `ci:${new URL(issuer).host}:${subject}`;
}
