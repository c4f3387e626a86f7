import { RequestError } from '../domain/problem-document.js';

/** @param limit in bytes */
export function archiveTooLarge(limit: number): RequestError {
  return new RequestError('ETOOLARGE', `The archive is larger than ${limit} bytes.`, { facts: { limit } });
}
