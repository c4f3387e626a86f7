import cors from 'cors';
import type { RequestHandler } from 'express';

/** Seconds for which a browser remembers what it may ask. */
const REMEMBERED = 600;

/**
 * Lets web pages of other origins ask, with tokens that they send themselves: never with cookies, which would be the
 * user's.
 * @param origins as in `https://app.example.com`; `*` is everybody
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return cors({
    origin: origins.includes('*') ? '*' : [...origins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      'authorization',
      'content-type',
      'if-match',
      'if-none-match',
      'integrity',
      'last-event-id',
      'x-request-id',
    ],
    exposedHeaders: ['etag', 'location', 'prompd-mirror', 'retry-after', 'x-request-id'],
    maxAge: REMEMBERED,
  });
}
