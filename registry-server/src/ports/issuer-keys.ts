import type { JWTVerifyGetKey } from 'jose';

/** The keys that issuers of tokens sign with, fetched from them and kept for a while. */
export interface IssuerKeys {
  /** By the issuer's own description of itself. @throws PrompdError EAUTH when it cannot be had */
  ofIssuer(issuer: string): Promise<JWTVerifyGetKey>;
  /** At an address that is known. */
  at(address: string): JWTVerifyGetKey;
}
