import { z } from 'zod';
import type { ErrorCode } from '../core/error-table.js';
import { type Facts, PrompdError } from '../core/errors.js';
import type { HttpAnswer } from './http.js';
import { isObject } from './json-answer.js';
import { redirectHint, unfollowedHint } from './redirect-rules.js';

const text = z.string().transform(value => value.slice(0, 1000));

const problemSchema = z.object({
  code: z.string().max(64),
  detail: text.optional().catch(undefined),
  title: text.optional().catch(undefined),
  hint: text.optional().catch(undefined),
  facts: z
    .record(z.string().max(64), z.union([text, z.number(), z.boolean(), z.array(text).max(100)]))
    .optional()
    .catch(undefined),
  problems: z
    .array(
      z.object({
        code: z.string().max(64),
        message: text,
        file: text,
        line: z.number().optional().catch(undefined),
        column: z.number().optional().catch(undefined),
      }),
    )
    .max(1000)
    .optional()
    .catch(undefined),
  identical: z.boolean().optional().catch(undefined),
});

/** What a registry says of a failure. */
export type ProblemDocument = z.infer<typeof problemSchema>;

/** Codes that a registry may pass on: those about what it was sent. All others would be about our side. */
const PASSED_ON: readonly ErrorCode[] = [
  'EBADNAME',
  'EBADVERSION',
  'EBADSPEC',
  'EBADJSON',
  'EMANIFEST',
  'EMANIFESTFIELD',
  'EARCHIVE',
  'EARCHIVEENTRY',
  'EARCHIVELIMIT',
  'EINTEGRITY',
  'EBADINTEGRITY',
  'EPACK',
  'ESCAN',
  'ECHECKLIMIT',
  'EUSAGE',
  'ECHANGED',
];

/** Codes about approvals and channels, which say more than their status. */
const GOVERNED: readonly ErrorCode[] = [
  'EFEAT',
  'EAPPROVAL',
  'EFOUREYES',
  'EPROTECTED',
  'EREVIEW',
  'EREVOKED',
];

/**
 * Reads the problem document of an answer.
 * @returns undefined when the body is anything else
 * @see RFC 9457, Problem Details for HTTP APIs
 */
export function readProblem(answer: HttpAnswer): ProblemDocument | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = isObject(raw) ? problemSchema.safeParse(raw) : undefined;
  return parsed?.success ? parsed.data : undefined;
}

/**
 * The error that an answer other than a success stands for.
 * @param subject what was asked for, as in "@team/reviews"
 */
export function answerError(answer: HttpAnswer, subject: string, registryUrl: string): PrompdError {
  const problem = readProblem(answer);
  const make = (code: ErrorCode, fallback: string, hint?: string) =>
    new PrompdError(code, problem?.detail ?? problem?.title ?? fallback, {
      facts: { ...problemFacts(problem), registry: registryUrl, status: answer.status },
      hint: redirectHint(answer) ?? problem?.hint ?? hint,
    });
  const wrong = problem?.code === 'EBADREQUEST' ? problem.facts?.['problems'] : undefined;
  if (Array.isArray(wrong) && wrong.length > 0 && answer.status === 400) {
    const named = wrong.slice(0, 3).map(line => line.replace(/^(?:body|path|query)\./, ''));
    return new PrompdError('EUSAGE', `The registry does not accept this: ${named.join('; ')}.`, {
      facts: { ...problemFacts(problem), registry: registryUrl, status: answer.status },
      hint: 'Check what you gave, and whether this prompd is as new as the registry.',
    });
  }
  const governed = GOVERNED.find(code => code === problem?.code);
  if (governed !== undefined && answer.status >= 400 && answer.status < 500) {
    return make(governed, 'The registry does not allow this.');
  }
  switch (answer.status) {
    case 401:
      return make(
        'EAUTH',
        'The registry asks for credentials, or does not accept those it got.',
        `Run "prompd login --registry ${registryUrl}", and correct PROMPD_TOKEN where it is set.`,
      );
    case 403:
      return make(
        'EFORBIDDEN',
        'The registry does not allow this.',
        'Ask for a token with the scope that is needed.',
      );
    case 404:
    case 410:
      return notFound(answer, problem, { subject, registryUrl, make });
    case 409:
      if (problem?.code === 'ETAKEN') return make('ETAKEN', `${subject} is there already.`);
      return make(
        'ECONFLICT',
        `${subject} exists already.`,
        'Versions are never replaced: raise "version" in prompd.json and publish again.',
      );
  }
  const passedOn = PASSED_ON.find(code => code === problem?.code);
  if (passedOn !== undefined && answer.status < 500)
    return make(passedOn, 'The registry refused what it was sent.');
  if (problem === undefined && answer.status < 400) return unexpected(answer, registryUrl);
  return make(
    'EREGISTRY',
    `The registry answered with status ${answer.status}.`,
    answer.status >= 500 || answer.status === 429
      ? 'Try again later.'
      : 'Check what you gave, and whether this prompd is as new as the registry.',
  );
}

/** Only the registry itself may say that there is no such thing: a proxy's 404 says nothing of the package. */
function notFound(
  answer: HttpAnswer,
  problem: ProblemDocument | undefined,
  about: {
    subject: string;
    registryUrl: string;
    make: (code: ErrorCode, fallback: string, hint?: string) => PrompdError;
  },
): PrompdError {
  const { subject, registryUrl, make } = about;
  if (problem?.code === 'ENOVERSION' || problem?.code === 'ENOUSER') {
    return make(problem.code, `There is no ${subject}.`);
  }
  if (problem?.code === 'ENOTFOUND') {
    return make(
      'ENOTFOUND',
      `There is no ${subject}.`,
      `Check the name. If the package is private, log in: "prompd login --registry ${registryUrl}".`,
    );
  }
  return unexpected(answer, registryUrl);
}

/** The error for an answer that no registry of this kind would give. */
export function unexpected(answer: HttpAnswer, registryUrl: string): PrompdError {
  const location = answer.headers.location;
  return new PrompdError('EBADRESPONSE', `${answer.url} did not answer as a prompd registry.`, {
    facts: {
      registry: registryUrl,
      status: answer.status,
      contentType: (answer.headers['content-type'] ?? 'none').slice(0, 100),
      ...(location === undefined ? {} : { location: location.slice(0, 300) }),
    },
    hint:
      unfollowedHint(answer) ??
      'Check the address of the registry; a proxy or a sign-in page may have answered in its place.',
  });
}

function problemFacts(problem: ProblemDocument | undefined): Facts {
  const problems = problem?.problems?.map(({ file, line, column, code, message }) =>
    line === undefined ? `${file}: ${code} ${message}` : `${file}:${line}:${column ?? 1} ${code} ${message}`,
  );
  return { ...problem?.facts, ...(problems === undefined ? {} : { problems }) };
}
