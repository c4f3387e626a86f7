import type { ServerResponse } from 'node:http';
import type { ErrorCode } from '../../core/error-table.js';
import { PrompdError } from '../../core/errors.js';

const STATUS: Partial<Record<ErrorCode, number>> = {
  EREVOKED: 410,
  ENOTFOUND: 404,
  ENOVERSION: 404,
  ENOPROMPT: 404,
  EAUTH: 401,
  EFORBIDDEN: 403,
  EBADSPEC: 400,
  EUSAGE: 400,
  EPARAMETER: 422,
  ETEMPLATE: 422,
  EUNDEFINED: 422,
  ERENDER: 422,
  ERENDERLIMIT: 422,
  ENETWORK: 503,
  ETIMEOUT: 503,
  EREGISTRY: 503,
  EUNCONFIRMED: 503,
  EINTEGRITY: 502,
  EBADRESPONSE: 502,
};

/** What went wrong, as the delivery protocol says it. @see RFC 9457, Problem Details for HTTP APIs */
export interface DeliveryProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly hint?: string;
}

/** @param error anything that was thrown; what is no error for users tells nothing of itself */
export function deliveryProblem(error: unknown): DeliveryProblem {
  if (!(error instanceof PrompdError)) {
    const detail = 'Something went wrong in prompd.';
    return { type: 'about:blank', title: 'EBUG', status: 500, code: 'EBUG', detail };
  }
  const { code, message, hint } = error;
  return { type: 'about:blank', title: code, status: STATUS[code] ?? 500, code, detail: message, hint };
}

export function sendProblem(response: ServerResponse, problem: DeliveryProblem): void {
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problem));
}
