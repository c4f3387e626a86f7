import { PrompdError } from '../core/errors.js';

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
