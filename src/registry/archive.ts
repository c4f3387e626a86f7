import { PrompdError } from '../core/errors.js';
import { baseNameOf } from '../core/name.js';
import type { VersionMetadata } from '../core/packument.js';
import type { HttpAnswer, HttpClient } from './http.js';

export interface ArchiveRequest {
  readonly metadata: VersionMetadata;
  /** Largest archive that is accepted, in bytes. */
  readonly maxBytes: number;
  readonly registryUrl: string;
  /** Path below the registry's address that packages have, as `packages/`; empty at npm registries. */
  readonly packagesPath: string;
  /** Gives the request up. */
  readonly signal?: AbortSignal | undefined;
  /** The error for an answer other than 200. */
  readonly refusal: (answer: HttpAnswer, subject: string) => PrompdError;
}

/**
 * Downloads an archive as it is. It may lie on another host, but never behind a weaker connection than the registry
 * itself. A lockfile names no address: then the archive is where every registry of the kind has it.
 * @throws PrompdError EARCHIVELIMIT above `maxBytes`; EBADRESPONSE when the address cannot be used
 */
export async function getArchive(http: HttpClient, request: ArchiveRequest): Promise<Uint8Array> {
  const { metadata, maxBytes, signal } = request;
  const subject = `${metadata.name}@${metadata.version}`;
  const answer = await http.send({
    method: 'GET',
    url: archiveUrl(request),
    headers: { accept: 'application/gzip, application/octet-stream, */*;q=0.5' },
    maxBytes,
    tooLarge: () =>
      new PrompdError('EARCHIVELIMIT', `The archive of ${subject} is larger than the limit.`, {
        facts: { name: metadata.name, version: metadata.version, limit: maxBytes },
        hint: 'Raise "network.maxArchiveBytes" in config.json in your prompd folder if you trust the package.',
      }),
    decompress: false,
    signal,
  });
  if (answer.status !== 200) throw request.refusal(answer, subject);
  return answer.body;
}

function archiveUrl(request: ArchiveRequest): URL {
  const { registryUrl, metadata } = request;
  const { name, version, dist } = metadata;
  const found = dist.tarball ?? conventionalAddress(request);
  const url = URL.canParse(found, registryUrl) ? new URL(found, registryUrl) : undefined;
  const plain = url?.protocol === 'http:' && !registryUrl.startsWith('https:');
  // A user name would be sent as credentials, in the place of the user's own.
  const isPlainHost = url !== undefined && url.username === '' && url.password === '';
  if (isPlainHost && found !== '' && (plain || url.protocol === 'https:')) return url;
  throw new PrompdError(
    'EBADRESPONSE',
    `The registry names no usable address for the archive of ${name}@${version}.`,
    {
      facts: { name, version, registry: registryUrl, found: found.slice(0, 300) },
      hint: 'Tell the people who run the registry.',
    },
  );
}

function conventionalAddress({ metadata: { name, version }, packagesPath }: ArchiveRequest): string {
  return `${packagesPath}${name}/-/${encodeURIComponent(`${baseNameOf(name)}-${version}.tgz`)}`;
}
