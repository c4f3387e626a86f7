import { z } from 'zod';
import type { ErrorCode } from '../../core/error-table.js';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import type { HttpAnswer } from '../http.js';
import { isObject } from '../json-answer.js';
import { redirectHint, unfollowedHint } from '../redirect-rules.js';

const text = z.string().transform(value => value.slice(0, 1000));
const within = z.object({ message: text }).transform(({ message }) => message);
const bodySchema = z.object({
  error: z.union([text, within]).optional().catch(undefined),
  message: text.optional().catch(undefined),
  reason: text.optional().catch(undefined),
  // As Artifactory says it.
  errors: z.tuple([within], z.unknown()).optional().catch(undefined),
});

/** How npm registries, Nexus, Azure and Artifactory say that a version is there already; the status is 400, 403 or 409. */
const TAKEN =
  /previously published|already (?:present|exists?|published|contains)|cannot be (?:modified|overwritten|republished)|does not allow updating|delete\/overwrite/i;

/** What a registry says of a failure, in whichever of the members; undefined when the body is not npm's. */
export function reasonOf(answer: HttpAnswer): string | undefined {
  let raw: unknown;
  try {
    raw = parseJson(answer.body.toString('utf8'), 'The answer');
  } catch {
    return undefined;
  }
  const parsed = isObject(raw) ? bodySchema.safeParse(raw) : undefined;
  if (!parsed?.success) return undefined;
  const { error, message, reason, errors } = parsed.data;
  return error ?? message ?? reason ?? errors?.[0];
}

/** Whether a publication was refused because the version is there already. */
export function saysTaken(answer: HttpAnswer): boolean {
  return [400, 403, 409].includes(answer.status) && TAKEN.test(reasonOf(answer) ?? '');
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
    status >= 500 || status === 429 || status === 409 ? 'Try again later.' : undefined,
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
