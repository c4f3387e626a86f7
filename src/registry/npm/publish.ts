import { createHash } from 'node:crypto';
import { PrompdError } from '../../core/errors.js';
import { integrityOf } from '../../core/integrity.js';
import { baseNameOf } from '../../core/name.js';
import type { VersionMetadata } from '../../core/packument.js';
import { jsonLimits } from '../json-limits.js';
import type { PublishReceipt, PublishRequest } from '../registry.js';
import { npmError, saysTaken } from './error.js';
import { getPackument } from './packument.js';
import { documentUrl, type Place } from './place.js';

/**
 * Publishes by the document that `npm publish` sends: the version's package.json with where its archive will be, and
 * the archive as an attachment.
 * @throws PrompdError EINTEGRITY before anything is sent, as npm registries believe what they are told; ECONFLICT when
 *   the version is there; EUNSUPPORTED for one that its author signed, as npm's documents have no place for that
 */
export async function publish(place: Place, request: PublishRequest): Promise<PublishReceipt> {
  const { name, version, archive, integrity, tag, authorSignature } = request;
  if (authorSignature !== undefined) {
    throw new PrompdError(
      'EUNSUPPORTED',
      `${place.url} is an npm registry, which keeps no signatures of authors.`,
      {
        facts: { registry: place.url, name, version },
        hint: 'Publish without "--sign", or at a registry of prompd\'s own.',
      },
    );
  }
  const actual = integrityOf(archive);
  if (actual !== integrity) {
    throw new PrompdError('EINTEGRITY', `The archive of ${name}@${version} is not what it is said to be.`, {
      facts: { expected: integrity, found: actual },
    });
  }
  const address = documentUrl(place.url, name);
  const answer = await place.http.send({
    method: 'PUT',
    url: address,
    headers: { 'content-type': 'application/json', accept: 'application/json', 'npm-command': 'publish' },
    body: Buffer.from(JSON.stringify(publishDocument(place.url, request))),
    ...jsonLimits(address),
  });
  const receipt: PublishReceipt = { name, version, integrity, tag, status: 'published' };
  if (answer.status === 202) return { ...receipt, status: 'pending' };
  if (answer.status >= 200 && answer.status < 300) return receipt;
  const isTaken = saysTaken(answer);
  // The first answer may have got lost, and the one-time password been used: then what is there is what was sent.
  const mayBeThere = answer.status === 409 || (answer.repeated && (isTaken || answer.status === 401));
  const found = mayBeThere ? await published(place, request) : undefined;
  if (answer.repeated && found !== undefined && found.dist.integrity === integrity)
    return { ...receipt, alreadyThere: true };
  // Of two publications at once registries say 409 as well, and have neither version then.
  if (!isTaken && !(answer.status === 409 && found !== undefined))
    throw npmError(answer, `${name}@${version}`, place.url);
  throw new PrompdError('ECONFLICT', `${name}@${version} exists already.`, {
    facts: { name, version, registry: place.url },
    hint: 'Versions are never replaced: raise "version" in prompd.json and publish again.',
  });
}

async function published(
  place: Place,
  { name, version }: PublishRequest,
): Promise<VersionMetadata | undefined> {
  try {
    const answer = await getPackument(place, { name, etag: undefined, needsTimes: false });
    return answer.kind === 'fresh' ? answer.packument.versions.get(version) : undefined;
  } catch (error) {
    // What the registry said of the publication is what counts then.
    if (error instanceof PrompdError) return undefined;
    throw error;
  }
}

function publishDocument(url: string, request: PublishRequest): object {
  const { name, version, archive, integrity, tag, access, packageJson, readme } = request;
  const file = `${baseNameOf(name)}-${version}.tgz`;
  return {
    _id: name,
    name,
    description: packageJson['description'],
    'dist-tags': { [tag]: version },
    versions: {
      [version]: {
        ...packageJson,
        _id: `${name}@${version}`,
        readme,
        dist: {
          integrity,
          // What clients from before integrity look for; nothing here verifies by it.
          shasum: createHash('sha1').update(archive).digest('hex'),
          tarball: new URL(`${name}/-/${file}`, url).href,
        },
      },
    },
    readme,
    access: access === undefined ? null : access === 'private' ? 'restricted' : 'public',
    _attachments: {
      [`${name}-${version}.tgz`]: {
        content_type: 'application/octet-stream',
        data: Buffer.from(archive).toString('base64'),
        length: archive.length,
      },
    },
  };
}
