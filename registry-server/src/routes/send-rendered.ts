import type { Request, Response } from 'express';
import type { RenderedDocument } from '../services/rendered-packuments.js';

/** What is shorter than this, in bytes, goes out as it is. */
const MIN_GZIP = 1024;

/** Sends a document that is ready, compressed for a client that takes it so. @returns the bytes as they went out */
export function sendRendered(
  request: Request,
  response: Response,
  { document, type = 'application/json' }: { document: RenderedDocument; type?: string },
): Buffer {
  const { json } = document;
  response.vary('accept-encoding').setHeader('content-type', `${type}; charset=utf-8`);
  const compressed = json.length >= MIN_GZIP && request.acceptsEncodings('gzip', 'identity') === 'gzip';
  const body = compressed ? document.gzip : json;
  if (compressed) response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-length', body.length);
  response.end(request.method === 'HEAD' ? undefined : body);
  return body;
}
