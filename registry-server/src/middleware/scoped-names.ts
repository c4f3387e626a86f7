import type { RequestHandler } from 'express';

/** A name with a scope whose slash stands as it is, where names stand in an address. */
const SCOPED = /^(\/(?:packages|delivery|npm(?:\/-\/package)?)\/)(?:@|%40)([^/?%]+)\/([^/?]+)/i;

/** `/packages/@org/name/…` is `/packages/@org%2Fname/…`, also below `/npm/` and `/delivery/`: one form for all routes. */
export const scopedNames: RequestHandler = (request, _response, next) => {
  request.url = request.url.replace(SCOPED, '$1@$2%2F$3');
  next();
};
