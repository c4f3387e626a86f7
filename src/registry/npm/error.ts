import { z } from 'zod';
import type { ErrorCode } from '../../core/error-table.js';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer } from '../http.js';
import { isObject } from '../json-answer.js';
import { redirectHint, unfollowedHint } from '../redirect-rules.js';

const text = z.string().transform(value => value.slice(0, 1000));
const bodySchema = z.object({
  error: z.union([text, z.object({ message: text }).transform(({ message }) => message)]).optional(),
  message: text.optional(),
  reason: text.optional(),
});

/** How npm registries say that a version is there already; the status alone is 403 at some and 409 at others. */
const TAKEN =
  /previously published|already (?:present|exists?|published)|cannot be (?:modified|overwritten|republished)/i;

/** What a registry says of a failure, in whichever of the three members; undefined when the body is not npm's. */
export function reasonOf(answer: HttpAnswer): string | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = isObject(raw) ? bodySchema.safeParse(raw) : undefined;
  return parsed?.success ? (parsed.data.error ?? parsed.data.message ?? parsed.data.reason) : undefined;
}

/** Whether a publication was refused because the version is there already. */
export function saysTaken(answer: HttpAnswer): boolean {
  if (answer.status === 409) return true;
  return (answer.status === 400 || answer.status === 403) && TAKEN.test(reasonOf(answer) ?? '');
}

/** Whether a registry has no such thing at all. A 404 without npm's words may be that of any web server. */
export function hasNoRoute(answer: HttpAnswer): boolean {
  const { status } = answer;
  return (
    status === 405 || status === 501 || ((status === 404 || status === 410) && reasonOf(answer) !== undefined)
  );
}

/** Whether a registry wants a one-time password beside the token, or another one than it got. */
export function asksForOneTimePassword(answer: HttpAnswer): boolean {
  if (answer.status !== 401) return false;
  const challenge = String(answer.headers['www-authenticate'] ?? '');
  return /one-?time pass|\botp\b/i.test(`${reasonOf(answer) ?? ''} ${challenge}`);
}

/**
 * The error that an answer other than a success stands for.
 * @param subject what was asked for, as in "@team/reviews"
 */
export function npmError(answer: HttpAnswer, subject: string, registryUrl: string): PrompdError {
  const reason = reasonOf(answer);
  const make = (code: ErrorCode, message: string, hint?: string) =>
    new PrompdError(code, message, {
      facts: { registry: registryUrl, status: answer.status, ...(reason === undefined ? {} : { reason }) },
      hint,
    });
  const { status } = answer;
  if (status === 401) {
    return asksForOneTimePassword(answer)
      ? make(
          'EAUTH',
          'The registry asks for a one-time password.',
          'Give a fresh one with "--otp" or in PROMPD_OTP; where nobody can, use a token that needs none, such as npm\'s granular access tokens with "bypass 2FA".',
        )
      : make(
          'EAUTH',
          'The registry asks for credentials, or does not accept those it got.',
          redirectHint(answer) ??
            `Run "prompd login --registry ${registryUrl}", and correct PROMPD_TOKEN where it is set.`,
        );
  }
  if (status === 403) {
    return make(
      'EFORBIDDEN',
      `The registry does not allow this: ${(reason ?? 'it gives no reason').replace(/\.$/, '')}.`,
      'Ask for a token with the rights that are needed.',
    );
  }
  if (status === 404 || status === 410) {
    // A proxy's or a web server's 404 says nothing of the package: only npm's own words do.
    if (reason === undefined) return unexpected(answer, registryUrl);
    return make(
      'ENOTFOUND',
      `There is no ${subject}.`,
      redirectHint(answer) ??
        `Check the name. If the package is private, log in: "prompd login --registry ${registryUrl}".`,
    );
  }
  if (status < 400) return unexpected(answer, registryUrl);
  return make(
    'EREGISTRY',
    `The registry answered with status ${status}${reason === undefined ? '' : `: ${reason}`}.`,
    status >= 500 || status === 429 ? 'Try again later.' : undefined,
  );
}

/** The error for an answer that no npm registry would give. */
export function unexpected(answer: HttpAnswer, registryUrl: string): PrompdError {
  return new PrompdError('EBADRESPONSE', `${answer.url} did not answer as an npm registry.`, {
    facts: {
      registry: registryUrl,
      status: answer.status,
      contentType: (answer.headers['content-type'] ?? 'none').slice(0, 100),
    },
    hint:
      unfollowedHint(answer) ??
      'Check the address of the registry; a proxy or a sign-in page may have answered in its place.',
  });
}
