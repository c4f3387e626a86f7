import { PrompdError } from '../core/errors.js';
import type { HttpAnswer } from './http-exchange.js';

/** The headers that prove who asks. */
export const CREDENTIALS = ['authorization', 'npm-otp'] as const;

export const MAX_REDIRECTS = 5;
/** What is read of the body of a redirect, which nobody needs. */
export const MAX_REDIRECT_BODY = 64 * 1024;

/**
 * Whether an answer may lead to another address.
 * @param from the address that was asked; @param mayRedirect by default any address will do that is as safe as the one before
 * @throws PrompdError EREDIRECT
 */
export function checkRedirect(
  from: string,
  target: URL,
  mayRedirect: ((target: URL) => boolean) | undefined,
): void {
  if (target.protocol !== 'https:' && from.startsWith('https:')) {
    throw new PrompdError('EREDIRECT', `${from} redirects from https to an unprotected address.`, {
      facts: { url: from, target: target.href },
      hint: 'Ask the people who run the registry to redirect to https addresses only.',
    });
  }
  if (mayRedirect?.(target) === false) {
    throw new PrompdError('EREDIRECT', `${from} redirects to another host, ${target.host}.`, {
      facts: { url: from, target: target.href },
    });
  }
}

/**
 * What helps who is taken for nobody, by a 401 or a 404, with a token that did not come along: it went to the address that
 * was named, and not to the one that this redirects to. Only the origin of that is told, as the rest may be a signed
 * address.
 * @returns undefined for an answer of the address that was asked
 */
export function redirectHint({ redirected, status, url }: HttpAnswer): string | undefined {
  if (!redirected || (status !== 401 && status !== 404)) return undefined;
  const asked = status === 404 ? 'Check the name. ' : '';
  return `${asked}The answer came along a redirect, from ${new URL(url).origin}, and tokens are sent along none: if the registry is there, name that address as the registry's.`;
}

/**
 * Refuses what somebody is told of themselves along a redirect: the token did not come along, and whoever answers has not
 * seen it.
 * @throws PrompdError EREDIRECT
 */
export function refuseStranger({ redirected, url }: HttpAnswer, asked: URL): void {
  if (!redirected) return;
  const { origin } = new URL(url);
  throw new PrompdError(
    'EREDIRECT',
    `${asked.href} redirects to ${origin}, and tokens are sent along none.`,
    {
      facts: { url: asked.href, target: origin },
      hint: "If the registry is there, name that address as the registry's.",
    },
  );
}

/**
 * What helps where a request got a redirect that it does not follow, as what publishes and changes follows none.
 * @returns undefined for any other answer, and a redirect to nowhere
 */
export function unfollowedHint({ status, headers: { location = '' }, url }: HttpAnswer): string | undefined {
  if (status < 300 || status > 399 || location === '' || !URL.canParse(location, url)) return undefined;
  return `It redirects to ${new URL(location, url).origin}, and only what reads follows that: if the registry is there, name that address as the registry's.`;
}
