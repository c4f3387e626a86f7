import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { type Clock, PrompdError } from 'prompd/core';
import type { Actor } from '../../domain/actor.js';
import type { IdentitySettings } from '../../domain/identity-settings.js';
import { LIFETIMES } from '../../domain/session.js';
import { stampOf } from '../../domain/stamp.js';
import { hashToken, makeToken } from '../../domain/token.js';
import { type CiClaims, ciUser, claimsIn, isTrusted, type TrustRule } from '../../domain/trust-rule.js';
import type { IssuerKeys } from '../../ports/issuer-keys.js';
import type { TokenRepository } from '../../ports/token-repository.js';
import type { NewTrustRule, TrustPlace, TrustRepository } from '../../ports/trust-repository.js';

export interface TrustPorts {
  readonly rules: TrustRepository;
  readonly tokens: TokenRepository;
  readonly keys: IssuerKeys;
  readonly settings: Pick<IdentitySettings, 'ciIssuers'>;
  readonly now: Clock;
}

export interface Exchange {
  /** As the issuer signed it. */
  readonly token: string;
  readonly packageName: string;
  /** Any of these the token must be for: names of this registry that no request can choose. */
  readonly audiences: readonly string[];
}

export interface ExchangedToken {
  readonly token: string;
  readonly expiresAt: Date;
  /** The name by which it publishes. */
  readonly user: string;
}

/** Issuers sign with private keys alone: no shared secret, and never nothing. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
/** Of clocks, in seconds. */
const TOLERANCE = 30;
const MAX_AGE = 15 * 60;

/**
 * Lets continuous integration publish without a secret of its own: it shows the token by which its platform says what it
 * is, and gets a token for one package and some minutes.
 * @see https://docs.pypi.org/trusted-publishers/internals/, https://docs.npmjs.com/trusted-publishers
 */
export class TrustedPublishing {
  readonly #ports: TrustPorts;

  constructor(ports: TrustPorts) {
    this.#ports = ports;
  }

  /** @throws PrompdError EUSAGE for an issuer that the operator did not name, and for one rule too many */
  async add(actor: Actor, rule: NewTrustRule): Promise<TrustRule> {
    const { rules, settings, now } = this.#ports;
    if (!settings.ciIssuers.includes(rule.issuer)) {
      throw new PrompdError(
        'EUSAGE',
        `${rule.issuer.slice(0, 200)} is no issuer that this registry trusts.`,
        {
          facts: { found: rule.issuer.slice(0, 200), issuers: [...settings.ciIssuers] },
          hint: 'The operator names the issuers.',
        },
      );
    }
    const added = await rules.add(rule, stampOf(actor, now()));
    if (added) return added;
    throw new PrompdError('EUSAGE', 'There are too many rules already.', { hint: 'Remove one first.' });
  }

  list(place: TrustPlace): Promise<readonly TrustRule[]> {
    return this.#ports.rules.list(place);
  }

  /** Takes a rule away, and what was got by it. @throws PrompdError ENOTFOUND */
  async remove(actor: Actor, place: TrustPlace, id: number): Promise<void> {
    const { rules, now } = this.#ports;
    if (await rules.remove(place, id, stampOf(actor, now()))) return;
    throw new PrompdError('ENOTFOUND', `There is no rule ${id} here.`, { facts: { id } });
  }

  /**
   * A token for a package, in exchange for one of continuous integration, which is taken once.
   * @throws PrompdError EAUTH for a token that is not valid; EFORBIDDEN for one that no rule is about, with the same words
   *   whether or not there is such a package
   */
  async exchange({ token, packageName, audiences }: Exchange): Promise<ExchangedToken> {
    const { rules, tokens, now } = this.#ports;
    const { issuer, payload } = await this.#verify(token, audiences);
    const claims = claimsIn(payload);
    const known = claims === undefined ? [] : await rules.rulesFor(packageName);
    const rule = known.find(one => one.issuer === issuer && claims && isTrusted(one, claims));
    if (!claims || !rule) throw notTrusted(packageName, claims);
    const { ownerId } = claims;
    const expiresAt = new Date(((payload.exp ?? 0) + TOLERANCE) * 1000);
    if (!(await rules.use(rule, { hash: hashToken(signedPartOf(token)), expiresAt, ownerId }, now()))) {
      throw new PrompdError('EAUTH', 'The token was exchanged before.', {
        hint: 'Ask the platform for a new one.',
      });
    }
    const user = ciUser(issuer, claims.subject);
    const made = makeToken();
    const createdAt = now();
    const record = {
      name: `${claims.repository} ${rule.workflow}`.slice(0, 100),
      user,
      hash: hashToken(made),
      scopes: ['publish' as const],
      createdAt,
      expiresAt: new Date(createdAt.getTime() + LIFETIMES.ci),
      packages: [packageName],
      trustRule: rule.id,
    };
    await tokens.add(record, { actor: user, token: `trust ${rule.id}`, requestId: '', now: createdAt });
    return { token: made, expiresAt: record.expiresAt, user };
  }

  async #verify(
    token: string,
    audiences: readonly string[],
  ): Promise<{ issuer: string; payload: JWTPayload }> {
    const { keys, settings, now } = this.#ports;
    // Which keys to ask for: nothing of it is believed before the signature holds.
    const issuer = issuerIn(token);
    if (issuer === undefined || !settings.ciIssuers.includes(issuer))
      throw badToken('its issuer is not trusted here');
    const key = await keys.ofIssuer(issuer);
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ALGORITHMS,
        issuer,
        audience: [...audiences],
        requiredClaims: ['exp', 'iat', 'sub'],
        clockTolerance: TOLERANCE,
        maxTokenAge: MAX_AGE,
        currentDate: now(),
      });
      return { issuer, payload };
    } catch (cause) {
      throw badToken(reasonOf(cause), cause);
    }
  }
}

function issuerIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Header and claims, as they were signed: the signature behind them can be written in several ways that all hold. */
function signedPartOf(token: string): string {
  return token.slice(0, token.lastIndexOf('.'));
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ERR_JWT_EXPIRED') return 'it has expired';
  if (code === 'ERR_JWT_CLAIM_VALIDATION_FAILED' && cause instanceof Error && 'claim' in cause) {
    return `its claim "${String(cause.claim).slice(0, 40)}" is not what it must be`;
  }
  return 'its signature does not hold';
}

function badToken(reason: string, cause?: unknown): PrompdError {
  return new PrompdError('EAUTH', `The token of continuous integration is not valid: ${reason}.`, {
    facts: { reason },
    hint: 'Ask the platform for a token whose audience is "prompd:" and the host of this registry.',
    cause,
  });
}

function notTrusted(packageName: string, claims: CiClaims | undefined): PrompdError {
  return new PrompdError('EFORBIDDEN', `No rule lets this work publish ${packageName}.`, {
    facts: {
      name: packageName,
      repository: claims?.repository ?? 'not told',
      workflow: claims?.workflow ?? 'not told',
      environment: claims?.environment ?? 'none',
      ref: claims?.ref ?? 'not told',
    },
    hint: `An owner adds one: "prompd access trust add ${packageName} --repository <owner/name> --workflow <file>".`,
  });
}
