import { ERROR_TABLE, type ErrorCode, type Facts, type Problem, PrompdError, redact } from 'prompd/core';

/** Codes of answers that only exist between a client and a server; all others are in the common error table. */
export const SERVER_CODES = {
  EBADREQUEST: 'The request cannot be understood.',
  ETOOLARGE: 'The request is larger than the registry takes.',
  EMEDIATYPE: 'The body has a content type that the registry does not take here.',
  EPRECONDITIONREQUIRED: 'The request must say which state it changes.',
  ENOROUTE: 'The registry has no such address.',
  EMETHOD: 'The address does not take this method.',
  ETOOMANY: 'Too many requests came from one sender.',
  ESLOW: 'The request did not arrive in time.',
  EUNAVAILABLE: 'The registry cannot answer at present.',
  ECOMPOSE: 'The prompt cannot be put together from what is published.',
  EUPSTREAM: 'The registry that this one mirrors did not give what can be passed on.',
  EINTERNAL: 'The registry failed.',
} as const satisfies Record<string, string>;

export type ServerCode = keyof typeof SERVER_CODES;
export type ProblemCode = ErrorCode | ServerCode;

/** The body of every answer that is not a success. @see RFC 9457, Problem Details for HTTP APIs */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  /** The request's id, as in the header `x-request-id`. */
  readonly instance: string;
  readonly hint?: string;
  readonly facts: Facts;
  readonly problems?: readonly Problem[];
  /** With ECONFLICT on publishing: whether the version that is there has the same bytes. */
  readonly identical?: boolean;
}

/** An answer that ends the request, with a code that the common error table does not have or with more to say. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly code: ProblemCode;
  readonly facts: Facts;
  readonly hint: string | undefined;
  readonly problems: readonly Problem[] | undefined;
  readonly identical: boolean | undefined;

  constructor(
    code: ProblemCode,
    message: string,
    more: {
      facts?: Facts;
      hint?: string;
      problems?: readonly Problem[];
      identical?: boolean;
      cause?: unknown;
    } = {},
  ) {
    super(redact(message), more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.facts = more.facts ?? {};
    this.hint = more.hint;
    this.problems = more.problems;
    this.identical = more.identical;
  }
}

const STATUS: Partial<Record<ProblemCode, number>> = {
  EBADREQUEST: 400,
  EUSAGE: 400,
  EBADNAME: 400,
  EBADVERSION: 400,
  EBADSPEC: 400,
  EBADJSON: 400,
  EBADINTEGRITY: 400,
  EAUTH: 401,
  EFORBIDDEN: 403,
  EFOUREYES: 403,
  EPROTECTED: 403,
  ENOTFOUND: 404,
  ENOVERSION: 404,
  ENOPROMPT: 404,
  ENOUSER: 404,
  ENOROUTE: 404,
  EMETHOD: 405,
  ESLOW: 408,
  EAPPROVAL: 409,
  ECONFLICT: 409,
  EREVIEW: 409,
  ETAKEN: 409,
  EREVOKED: 410,
  ECHANGED: 412,
  EPRECONDITIONREQUIRED: 428,
  ECOMPOSE: 409,
  ETOOLARGE: 413,
  EMEDIATYPE: 415,
  EINTEGRITY: 422,
  ESIGNATURE: 422,
  EBUMP: 422,
  EPACK: 422,
  EFEAT: 422,
  EMANIFEST: 422,
  EARCHIVE: 422,
  EARCHIVEENTRY: 422,
  EARCHIVELIMIT: 422,
  ECHECKLIMIT: 422,
  ETOOMANY: 429,
  EINCOMPATIBLE: 409,
  ENOPROVIDER: 422,
  ENOMODEL: 422,
  ENOTEST: 422,
  EBADTEST: 422,
  EPARAMETER: 422,
  ETEMPLATE: 422,
  EUNDEFINED: 422,
  ERENDER: 422,
  ERENDERLIMIT: 422,
  EUNAVAILABLE: 503,
  EUPSTREAM: 502,
};

/** The HTTP status that goes with a code. */
export function statusOf(code: ProblemCode): number {
  return STATUS[code] ?? 500;
}

/** The problem document of anything that was thrown. What is not a known error says nothing of its cause. */
export function problemDocument(error: unknown, instance: string): ProblemDocument {
  const known = asKnown(error);
  const status = statusOf(known.code);
  if (status === 500)
    return { ...base('EINTERNAL', instance), detail: 'The registry failed. Its log has the cause.' };
  const hint = hintOf(known);
  return {
    ...base(known.code, instance),
    detail: known.message,
    facts: known.facts,
    ...(hint === undefined ? {} : { hint }),
    ...(known instanceof RequestError && known.problems ? { problems: known.problems } : {}),
    ...(known instanceof RequestError && known.identical !== undefined ? { identical: known.identical } : {}),
  };
}

function base(code: ProblemCode, instance: string): Omit<ProblemDocument, 'detail'> {
  return {
    type: `urn:prompd:error:${code}`,
    title: titleOf(code),
    status: statusOf(code),
    code,
    instance,
    facts: {},
  };
}

function titleOf(code: ProblemCode): string {
  // The common table speaks of command lines.
  if (code === 'EUSAGE') return 'The request asks for what cannot be done.';
  return isServerCode(code) ? SERVER_CODES[code] : ERROR_TABLE[code].meaning;
}

function hintOf({ code, hint }: PrompdError | RequestError): string | undefined {
  return code === 'EUSAGE' && hint === ERROR_TABLE.EUSAGE.hint ? undefined : hint;
}

function isServerCode(code: ProblemCode): code is ServerCode {
  return code in SERVER_CODES;
}

function asKnown(error: unknown): PrompdError | RequestError {
  if (error instanceof PrompdError || error instanceof RequestError) return error;
  return (
    fromHttpError(error) ??
    fromSystemError(error) ??
    new RequestError('EINTERNAL', 'The registry failed.', { cause: error })
  );
}

/**
 * Codes of a database that cannot be reached or is going down: the request may succeed later.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);
/** What the driver says without a code. */
const BROKEN = /^(?:Connection terminated|timeout exceeded when trying to connect)/;
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EROFS', '53100']);

/** Whether what failed may succeed later, as something that the registry needs cannot be reached. */
export function isUnavailable(error: unknown): boolean {
  return asKnown(error).code === 'EUNAVAILABLE';
}

function fromSystemError(error: unknown): RequestError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (NO_ROOM.has(code)) {
    return new RequestError('EUNAVAILABLE', 'The registry has no room left to write to.', { cause: error });
  }
  // A socket or host that is not there fails with the codes of files and names.
  const connecting = 'syscall' in error && (error.syscall === 'connect' || error.syscall === 'getaddrinfo');
  if (!UNAVAILABLE.has(code) && !connecting && !BROKEN.test(error.message)) return undefined;
  return new RequestError('EUNAVAILABLE', 'The database cannot be reached at present.', { cause: error });
}

/** Errors of Express and its body parser carry a status of their own. */
function fromHttpError(error: unknown): RequestError | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 400:
      return new RequestError('EBADREQUEST', 'The address or the body is malformed.');
    case 408:
      return new RequestError('ESLOW', 'The request did not arrive in time.');
    case 413:
      return new RequestError('ETOOLARGE', 'The body is larger than the registry takes here.');
    case 415:
      return new RequestError('EMEDIATYPE', 'The body has an encoding or character set that cannot be read.');
  }
  return undefined;
}
