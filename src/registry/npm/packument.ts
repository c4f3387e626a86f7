import type { PackageName } from '../../core/name.js';
import { parsePackument } from '../../core/packument.js';
import { jsonOf } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { PackumentAnswer } from '../registry.js';
import { npmError } from './error.js';
import { documentUrl, type Place } from './place.js';

const SHORT = 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8';
const FULL = 'application/json';

export interface PackumentRequest {
  readonly name: PackageName;
  readonly etag: string | undefined;
  readonly needsTimes: boolean;
}

/**
 * What the registry says of a package, in the short form made for installing where that is enough.
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export async function getPackument(
  { http, url }: Place,
  { name, etag, needsTimes }: PackumentRequest,
): Promise<PackumentAnswer> {
  const address = documentUrl(url, name);
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: {
      accept: needsTimes ? FULL : SHORT,
      ...(etag === undefined ? {} : { 'if-none-match': etag }),
    },
    ...jsonLimits(address),
  });
  if (answer.status === 304 && etag !== undefined) return { kind: 'unchanged' };
  if (answer.status !== 200) throw npmError(answer, name, url);
  return {
    kind: 'fresh',
    packument: parsePackument(jsonOf(answer), name),
    body: answer.body.toString('utf8'),
    etag: answer.headers.etag,
  };
}
