import type { Request, Response } from 'express';
import type { Expectation } from '../domain/draft.js';

/**
 * Answers 304 when the client has what the ETag names. Unlike Express's own test it also does so when the client asks
 * for revalidation by `cache-control: no-cache`, which this is.
 * @see RFC 9110, section 13.1.2
 */
export function answeredUnchanged(request: Request, response: Response, etag: string): boolean {
  response.set('etag', etag);
  const known = request.get('if-none-match');
  if (known === undefined) return false;
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  if (known.trim() !== '*' && !known.split(',').some(tag => opaque(tag) === opaque(etag))) return false;
  response.status(304).end();
  return true;
}

/**
 * The revisions that a change may start from, as `If-Match` names them by their ETags, `"3"`. One that is weak or means
 * nothing here matches none.
 * @returns undefined when any will do
 * @see RFC 9110, section 13.1.1
 */
export function expectedRevisions(request: Request): readonly number[] | undefined {
  const wanted = request.get('if-match');
  if (wanted === undefined || wanted.trim() === '*') return undefined;
  return wanted.split(',').flatMap(tag => {
    const revision = /^"(\d{1,9})"$/.exec(tag.trim())?.[1];
    return revision === undefined ? [] : [Number(revision)];
  });
}

/**
 * Names the revision of what is answered, for `If-Match`. The rest of the answer, such as the roles of who asks or whether
 * there is a draft, changes without it: a browser that kept the answer would be told that it still holds.
 */
export function setRevision(response: Response, revision: number): Response {
  return response.set({ etag: `"${revision}"`, 'cache-control': 'no-store' });
}

/**
 * What a client says of the state that its change starts from: `If-Match: "7"`, `If-None-Match: *` for nothing at all.
 * An ETag that means nothing here is one that nothing has.
 * @see RFC 9110, section 13.1
 */
export function expectationOf(request: Request): Expectation {
  if (request.get('if-none-match')?.trim() === '*') return { kind: 'absent' };
  const wanted = request.get('if-match');
  if (wanted === undefined) return { kind: 'none' };
  const revision = /^"(-?\d{1,10})"$/.exec(wanted.trim())?.[1];
  return { kind: 'revision', revision: revision === undefined ? Number.NaN : Number(revision) };
}
