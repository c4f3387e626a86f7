import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { systemCode } from 'prompd/core';
import { answeredUnchanged } from './conditional.js';
import { keepAnswer } from './keep-answer.js';
import { definePackageRoute, type Route } from './route.js';
import { fileParams } from './schemas.js';

const YEAR = 31_536_000;
/** An archive of at most so many bytes is read at once and kept in memory. */
const SMALL = 256 * 1024;

/** The archive of a version, below the address that each protocol gives packages. */
export function tarballRoute(path: string, id: string): Route {
  return definePackageRoute({
    method: 'get',
    path,
    id,
    summary: 'The archive of a version',
    action: 'package.read',
    params: fileParams,
    answers: {
      200: { description: 'The bytes, as they were published', contentType: 'application/gzip' },
      304: { description: 'It is as the ETag says' },
    },
    async handle({ params: { file }, subject }, call) {
      const { services, request, response } = call;
      const { name, access } = subject;
      const { id, integrity } = await services.reader.versionOfFile(subject, file);
      const shared = access === 'public' ? 'public' : 'private';
      response.set('cache-control', `${shared}, max-age=${YEAR}, immutable`);
      if (answeredUnchanged(request, response, `"${integrity}"`)) return;
      const blob = await services.blobs.open(integrity);
      if (!blob) throw new Error(`The content ${integrity} of ${name} (${file}) is missing.`);
      response.set('content-type', 'application/gzip').set('content-length', String(blob.size));
      if (request.method === 'HEAD') {
        blob.stream.destroy();
        response.end();
        return;
      }
      const served = (userAgent: string | undefined) => services.downloads.count(id, userAgent);
      served(request.headers['user-agent']);
      if (blob.size <= SMALL) {
        const body = await buffer(blob.stream);
        response.end(body);
        keepAnswer(call, { name, body, served });
        return;
      }
      await pipeline(blob.stream, response).catch(ignoreAbort);
    },
  });
}

export const tarballRoutes = [tarballRoute('/packages/:name/-/:file', 'getArchive')];

/** A client that goes away in the middle is no failure of the server's. */
function ignoreAbort(error: unknown): void {
  if (systemCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') return;
  throw error;
}
