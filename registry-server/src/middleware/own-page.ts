import type { Request } from 'express';
import { PrompdError } from 'prompd/core';

/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A page of another site must not change anything in the name of who reads it. Browsers say where a request comes from, by
 * `Origin` or `Sec-Fetch-Site`; terminals say nothing.
 * @param proof whether somebody who says nothing is refused: a browser's cookie came along
 * @throws PrompdError EFORBIDDEN
 * @see OWASP Cross-Site Request Forgery Prevention Cheat Sheet, "Fetch Metadata headers"
 */
export function assertOwnPage(request: Request, baseUrl: string, proof: 'needed' | 'optional'): void {
  if (SAFE.has(request.method)) return;
  const { origin: own } = new URL(baseUrl);
  const { origin, 'sec-fetch-site': site } = request.headers;
  const isSilent = origin === undefined && site === undefined;
  const isOwn = (origin ?? own) === own && (site ?? 'same-origin') === 'same-origin';
  if (isOwn && (proof === 'optional' || !isSilent)) return;
  throw new PrompdError('EFORBIDDEN', 'The request was sent by another page than one of this registry.', {
    facts: { origin: (origin ?? 'none').slice(0, 200) },
    hint: 'Open the registry by its own address, or send a token instead of a cookie.',
  });
}
