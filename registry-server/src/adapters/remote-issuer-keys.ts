import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { PrompdError } from 'prompd/core';
import { z } from 'zod';
import type { IssuerKeys } from '../ports/issuer-keys.js';
import { fetchShort } from './short-answers.js';

/** For an answer, in milliseconds. */
const PATIENCE = 5_000;
/** After which keys are asked for again, and at the earliest when a token names one that is not known. */
const KEPT_FOR = 10 * 60_000;
const COOLDOWN = 1_000;

const descriptionSchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/** Asks issuers that the operator named. An unknown key is looked for anew, so that issuers may change theirs. */
export class RemoteIssuerKeys implements IssuerKeys {
  readonly #byAddress = new Map<string, JWTVerifyGetKey>();
  readonly #addresses = new Map<string, Promise<string>>();

  async ofIssuer(issuer: string): Promise<JWTVerifyGetKey> {
    let address = this.#addresses.get(issuer);
    if (!address) {
      address = describe(issuer);
      this.#addresses.set(issuer, address);
      // What failed may work the next time.
      address.catch(() => this.#addresses.delete(issuer));
    }
    return this.at(await address);
  }

  at(address: string): JWTVerifyGetKey {
    let keys = this.#byAddress.get(address);
    if (!keys) {
      const options = {
        timeoutDuration: PATIENCE,
        cooldownDuration: COOLDOWN,
        cacheMaxAge: KEPT_FOR,
        [customFetch]: fetchShort,
      };
      keys = createRemoteJWKSet(new URL(address), options);
      this.#byAddress.set(address, keys);
    }
    return keys;
  }
}

/** @returns the address of its keys. @see OpenID Connect Discovery 1.0, section 4 */
async function describe(issuer: string): Promise<string> {
  try {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const answer = await fetchShort(url, { redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const description = descriptionSchema.parse(await answer.json());
    if (description.issuer !== issuer) throw new Error('it calls itself something else');
    if (issuer.startsWith('https:') && !description.jwks_uri.startsWith('https:')) {
      throw new Error('its keys come over an open connection');
    }
    return description.jwks_uri;
  } catch (cause) {
    throw new PrompdError('EAUTH', `The keys of ${issuer} cannot be had at present.`, {
      facts: { issuer },
      hint: 'Try again; the operator of the registry finds out whether the issuer can be reached from it.',
      cause,
    });
  }
}
