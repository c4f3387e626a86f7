import type { RequestHandler } from 'express';

/** `/packages/@org/name/…` is `/packages/@org%2Fname/…`: one form for all routes. */
export const scopedNames: RequestHandler = (request, _response, next) => {
  request.url = request.url.replace(/^(\/packages\/)(?:@|%40)([^/?%]+)\/([^/?]+)/i, '$1@$2%2F$3');
  next();
};
